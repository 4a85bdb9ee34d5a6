"""Documents that the portal writes: a template becomes a tagged PDF. The only import of WeasyPrint in the house."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from weasyprint import HTML, Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.documents import glyphs
from portal.shared.errors import Reason, Refusal

OURS = "static:"
STATIC = Path(settings.BASE_DIR).resolve() / "static"
VARIANT = "pdf/ua-1"
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
    with translation.override("zh-hans"):
        page = render_to_string(template, {**context, "made_at": at})
    identifier = hashlib.sha256(page.encode()).digest()[:16]
    return _written(page, _refuse_unfinished, pdf_identifier=identifier)


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
    _written(page, note)
    return found + [sign for sign in dict.fromkeys(drawn) if sign in missing]


def _written(page: str, finish: Callable[[Document, Any], None], **options: Any) -> bytes:
    fetcher = OwnFiles()
    html = HTML(string=page, url_fetcher=fetcher, base_url=None)
    result: bytes = html.write_pdf(finisher=finish, pdf_variant=VARIANT, pdf_tags=True, **options)
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
