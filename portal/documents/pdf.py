"""Documents that the portal writes: a template becomes a tagged PDF. The only import of WeasyPrint in the house."""

import datetime as dt
import functools
import hashlib
import io
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.documents import archive, glyphs, layer
from portal.shared.errors import Reason, Refusal

OURS = "static:"
STATIC = Path(settings.BASE_DIR).resolve() / "static"
VARIANT = "pdf/ua-1"
FOR_EVER = "pdf/a-3a"  # and PDF/UA-1: see portal.documents.archive
COLOURS = "--srgb"
_fonts_taken = threading.Lock()
TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
}


class AddressRefused(Exception):  # noqa: N818 - the paper refuses the address
    """A document reached for something that is not the portal's own."""


class OwnFiles(URLFetcher):
    """Gives documents the portal's own static files (``static:css/documents.css``) and data inside them, nothing else.

    Remembers what it refused: such a document is a mistake or an attack, and a paper without its seal must not come about.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        own = _own_file(url) if url.startswith(OURS) else None
        if own is None:
            self.refused.append(url[:80])
            raise ValueError(url)
        return own


def render(template: str, context: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """Return the PDF (PDF/UA-1, tagged) of ``template`` filled with ``context``, in Chinese whatever the reader's language.

    ``template`` extends ``documents/base.html``; ``at`` is the date inside the file. The same template, context and
    ``at`` give the same bytes. Raises Refusal naming the characters that no font draws, ValueError without a title,
    AddressRefused for an address outside.
    """
    page = _filled(template, context, at)
    return _laid_out(page, _refuse_unfinished, pdf_identifier=_identifier(page))


@dataclass(frozen=True)
class Enclosure:
    """A file inside a paper. ``relationship`` says what it is to the paper: Data, Supplement, Source (ISO 32000-2, 7.11.3)."""

    name: str
    content: bytes
    description: str
    relationship: str


class Colours(ColorProfile):
    """The colours of all papers, read once: the writer itself would open the file for every paper and not close it."""

    def __init__(self) -> None:
        self.written = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        super().__init__(io.BytesIO(self.written), "sRGB2014.icc", "relative-colorimetric", "rgb")

    @property
    def content(self) -> bytes:
        """The profile as it lies in its file; asked for it, the library spells it otherwise once it has been used."""
        return self.written


class Press:
    """Prints many papers of one look, fit to be kept for ever: PDF/A-3a and PDF/UA-1 at once, with files inside.

    What all of them share is done once, when the press is set up: the style sheet is parsed, its fonts are loaded, the
    artwork is drawn. A press prints one paper at a time; what others ask meanwhile waits. It keeps nothing of a paper.
    """

    def __init__(self, stylesheet: str, *, artwork: str = "", stamp: str = "") -> None:
        """Set up a press for a static ``stylesheet``.

        ``artwork`` is a page of opaque lines and areas that lies under each paper, ``stamp`` a page of the same kind that
        takes the place of ``layer.PLACEHOLDER`` in it.
        """
        fetcher = OwnFiles()
        self._taken = threading.Lock()
        self._fonts = FontConfiguration()
        self._styles = CSS(url=OURS + stylesheet, url_fetcher=fetcher, font_config=self._fonts)
        if fetcher.refused:
            raise AddressRefused(f"The style sheet reaches outside: {fetcher.refused}")
        self._colours = Colours()
        self._artwork = _drawn(artwork) if artwork else None
        self._stamp = _drawn(stamp) if stamp else None

    def render(
        self, template: str, context: Mapping[str, Any], *, at: dt.datetime, enclosures: Iterable[Enclosure] = ()
    ) -> bytes:
        """Return the paper: ``template`` filled with ``context``, in Chinese, dated ``at``, with ``enclosures`` inside.

        The same input gives the same bytes. Raises what the room's ``render`` raises, and ValueError for more than one page.
        """
        page, inside = _filled(template, context, at), list(enclosures)
        identifier = _identifier(page, *(part for each in inside for part in (each.name, each.content)))
        with self._taken:
            return _written(
                page,
                self._finish,
                stylesheets=[self._styles],
                font_config=self._fonts,
                color_profiles={COLOURS: self._colours},
                output_intent=COLOURS,
                attachments=[_attached(each, at) for each in inside],
                pdf_variant=FOR_EVER,
                pdf_identifier=identifier,
            )

    def _finish(self, document: Document, pdf: Any) -> None:
        _refuse_unfinished(document, pdf)
        if len(document.pages) != 1:
            raise ValueError("A paper for ever is one page.")
        if self._artwork:
            self._artwork.lie_under(pdf)
        if self._stamp:
            self._stamp.stamp(pdf)
        archive.call_accessible(pdf)
        archive.name_files_once(pdf)
        archive.compress_once(pdf)


def undrawable(text: str) -> list[str]:
    """Return the characters of ``text`` that a document could not show, each once: misleading ones and those without a glyph.

    Lays the text out with the very fonts that will draw it (some tens of milliseconds); ask it before a name is
    promised a certificate.
    """
    found = glyphs.misleading(text)
    drawn = "".join(sign for sign in text if sign not in found)
    missing: list[str] = []

    def note(document: Document, pdf: Any) -> None:
        missing.extend(_missing(document))

    page = f'<html lang="zh-CN"><title>-</title><link rel="stylesheet" href="{OURS}css/documents.css"><p>{escape(drawn)}</p>'
    _laid_out(page, note)
    return found + [sign for sign in dict.fromkeys(drawn) if sign in missing]


def _filled(template: str, context: Mapping[str, Any], at: dt.datetime) -> str:
    with translation.override("zh-hans"):
        return render_to_string(template, {**context, "made_at": at})


def _identifier(*parts: str | bytes) -> bytes:
    """Return the same sixteen bytes for the same content: a paper made twice is one paper."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.encode() if isinstance(part, str) else part)
    return seen.digest()[:16]


def _drawn(artwork: str) -> layer.Layer:
    taken: list[layer.Layer] = []
    _written(artwork, lambda document, pdf: taken.append(layer.taken_from(pdf)), pdf_tags=False)
    return taken[0]


def _attached(enclosure: Enclosure, at: dt.datetime) -> Attachment:
    moment = at.astimezone(dt.UTC)
    return Attachment(
        file_obj=io.BytesIO(enclosure.content),
        name=enclosure.name,
        description=enclosure.description,
        relationship=enclosure.relationship,
        created=moment,
        modified=moment,
        url_fetcher=OwnFiles(),
    )


@functools.cache
def _fonts() -> FontConfiguration:
    """Return the fonts of all papers but those of a press: read anew for each paper they take 70 MiB until somebody tidies up."""
    return FontConfiguration()


def _laid_out(page: str, finish: Callable[[Document, Any], None], **options: Any) -> bytes:
    """Write a paper with the fonts that all share; they serve one paper at a time."""
    with _fonts_taken:
        return _written(page, finish, font_config=_fonts(), pdf_variant=VARIANT, **options)


def _written(page: str, finish: Callable[[Document, Any], None], **options: Any) -> bytes:
    fetcher = OwnFiles()
    html = HTML(string=page, url_fetcher=fetcher, base_url=None)
    result: bytes = html.write_pdf(finisher=finish, **{"pdf_tags": True, **options})
    if fetcher.refused:
        raise AddressRefused(f"Documents reach nothing but the portal's own static files: {fetcher.refused}")
    return result


def _refuse_unfinished(document: Document, pdf: Any) -> None:
    if not document.metadata.title or not document.metadata.lang:
        raise ValueError("A document needs a title and a language.")
    missing = _missing(document)
    if missing:
        text = _("以下字符没有可用的字形，不能生成文件：%(signs)s。请联系管理员补充字库后重试，不得以其他字代替。")
        raise Refusal([Reason(text % {"signs": glyphs.in_words(missing)}, code="glyphs_missing")])


def _missing(document: Document) -> list[str]:
    codes = {code for font in document.fonts.values() for code in font.missing}
    return [chr(code) for code in sorted(codes)]


def _own_file(url: str) -> URLFetcherResponse | None:
    name = url.removeprefix(OURS)
    kind = TYPES.get(Path(name).suffix.lower())
    place = _place_of(name)
    if place is None or kind is None:
        return None
    return URLFetcherResponse(url, place.read_bytes(), {"Content-Type": kind})


def _place_of(name: str) -> Path | None:
    """Return where the static file of that name is written, or None where there is none."""
    place = (STATIC / name).resolve()
    return place if place.is_relative_to(STATIC) and place.is_file() else None
