"""What makes a paper fit to be kept for ever: both marks of conformance in its description, each file in it named once."""

import zlib

import pydyf

# PDF/A allows a property that it does not know only beside the description of its schema (ISO 19005-3, 6.6.2.3).
ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>\
</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>\
</pdfaExtension:schemas></rdf:Description>"""
END = b"</rdf:RDF>"


def call_accessible(pdf: pydyf.PDF) -> None:
    """Add to the description of a PDF/A that it is PDF/UA-1 as well; the writer can say only one of them."""
    description = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    (text,) = description.stream
    if text.count(END) != 1:
        raise ValueError("The description of the paper is not what it was when this was written.")
    description.stream = [text.replace(END, ACCESSIBLE + END)]


def name_files_once(pdf: pydyf.PDF) -> None:
    """Keep each attached file once in the list of associated files; the writer names those of the paper twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def compress_once(pdf: pydyf.PDF) -> None:
    """Compress every stream now: the writer would do it twice, for the file and for the fingerprint in its identifier."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.compress:
            content = b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in each.stream)
            each.stream, each.compress = [zlib.compress(content)], False
            each.extra["Filter"] = "/FlateDecode"
