"""The words that a program finds in a PDF: by what the font says, code by code, over ranges and in forms."""

import io

import pikepdf
import pytest

from portal.documents.wording import words_of

TABLE = b"""1 beginbfchar
<0001> <0031>
endbfchar
2 beginbfrange
<0002> <0004> <0032>
<0005> <0006> [<738B> <0058>]
endbfrange"""


def drawn(content: bytes, *, in_form: bool = False, table: bytes = TABLE) -> bytes:
    """Return a PDF of one page that draws ``content`` in a font with ``table``, itself or by a form."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, ToUnicode=pdf.make_stream(table))
        fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page = pdf.pages[0].obj
        page.Resources = fonts
        if in_form:
            form = pdf.make_stream(content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Resources=fonts)
            page.Resources, content = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X1=form)), b"/X1 Do"
        page.Contents = pdf.make_stream(content)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.mark.parametrize("in_form", [False, True])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"BT /F1 9 Tf <000100020003> Tj ET", "123"),
        (b"BT /F1 9 Tf [<0001> -20 <00040005> 3 <0006>] TJ ET", "14王X"),
        (b"BT /F1 9 Tf <0001> Tj <0005> ' ET", "1\n王"),
        (b"BT /F1 9 Tf <00010009> Tj ET", "1"),
    ],
)
def test_what_a_font_says_is_read(content: bytes, words: str, *, in_form: bool) -> None:
    assert words_of(drawn(content, in_form=in_form)) == words


def test_a_form_that_draws_itself_ends() -> None:
    with pikepdf.open(io.BytesIO(drawn(b"BT /F1 9 Tf <0001> Tj ET /X1 Do", in_form=True))) as pdf:
        forms = pdf.pages[0].obj.Resources.XObject
        forms.X1.Resources.XObject = pikepdf.Dictionary(X1=forms.X1)
        out = io.BytesIO()
        pdf.save(out)
    assert set(words_of(out.getvalue()).split()) == {"1"}


def test_a_form_is_read_once_however_often_it_is_drawn() -> None:
    with pikepdf.open(io.BytesIO(drawn(b"BT /F1 9 Tf <0001> Tj ET", in_form=True))) as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/X1 Do " * 1_000)
        out = io.BytesIO()
        pdf.save(out)
    assert words_of(out.getvalue()) == "1"


@pytest.mark.parametrize("ranges", [b"<0000> <FFFFFF> <0032>", b"<0000> <FFFF> <0032>\n" * 4])
def test_a_font_that_names_letters_without_end_is_broken(ranges: bytes) -> None:
    with pytest.raises(ValueError, match="more letters"):
        words_of(drawn(b"BT /F1 9 Tf <0001> Tj ET", table=b"beginbfrange\n" + ranges + b"\nendbfrange"))


def test_a_range_whose_ends_are_not_equally_long_has_codes_of_the_longer() -> None:
    table = b"beginbfrange\n<00> <0002> <0041>\nendbfrange"
    assert words_of(drawn(b"BT /F1 9 Tf <00000002> Tj ET", table=table)) == "AC"
