"""Certificate and result notice as files to be signed: PDF/A-3a and PDF/UA-1, one page, the record inside (R-124, A-32)."""

import datetime as dt
import functools
from dataclasses import dataclass

from django.utils import dateformat, translation
from django.utils.translation import gettext as _

from certificates.domain import artwork, fonts
from certificates.values import Face
from portal.documents import glyphs, layer, qr
from portal.documents.pdf import Enclosure, Press
from portal.sealing import records
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

# How a value is set, from the usual size down, and how wide it may be in each column then, in characters of that size.
# Where it may take more than one line, some is left for words that do not fill theirs.
STEPS = ("", "smaller", "small", "small double", "tiny double", "tiny")
PERSONAL = (14.0, 16.5, 20.2, 38.0, 46.0, 65.0)
ENTITLING = (23.3, 27.6, 33.8, 65.0, 77.0, 110.0)
PAIR = 2  # a label of two characters is drawn as wide as one of four


@dataclass(frozen=True)
class Line:
    """One line of a paper: what it is called, what it says, and the classes that set both; none where it does not fit."""

    label: str
    value: str
    label_style: str
    style: str | None


def draw(face: Face, *, address: str, sealed_record: bytes) -> bytes:
    """Return the unsigned certificate of ``face``; its code leads to ``address``, ``sealed_record`` lies in it beside the record.

    The same input gives the same bytes. Raises Refusal naming characters without a glyph or a value that is too long.
    """
    press = set_up_press()
    return _printed(press, "documents/certificates/certificate.html", face, address, sealed_record)


def draw_notice(face: Face, *, address: str, sealed_record: bytes) -> bytes:
    """Return the result notice that goes with the certificate of ``face``, for the personnel file (A-32); as ``draw``."""
    return _printed(_notices(), "documents/certificates/notice.html", face, address, sealed_record)


def undrawable(face: Face) -> list[str]:
    """Return the characters of ``face`` that its certificate could not show, each once: to be asked before a number is given.

    Those that stand for something else (``portal.documents.glyphs``), then those without a glyph in the very fonts that
    will draw them. When the paper is laid out, its missing glyphs are looked for once more.
    """
    text = "".join(face.record().values())
    found = glyphs.misleading(text)
    return found + [sign for sign in fonts.undrawn(text) if sign not in found]


def too_long(face: Face) -> list[str]:
    """Return what of ``face`` the paper has no room for: to be asked, as ``undrawable``, before a number is given."""
    with translation.override("zh-hans"):
        return [
            line.value for line in _set(_person(face), PERSONAL) + _set(_titles(face), ENTITLING) if line.style is None
        ]


def _set(values: list[tuple[str, str]], room: tuple[float, ...]) -> list[Line]:
    return [_line(label, value, room) for label, value in values]


def _printed(press: Press, template: str, face: Face, address: str, sealed_record: bytes) -> bytes:
    with translation.override("zh-hans"):
        person, titles = _set(_person(face), PERSONAL), _set(_titles(face), ENTITLING)
        issued_on = _in_figures(face.issued_on)
        inside = [
            Enclosure(records.RECORD_FILE, records.canonical(face.record()), _("证书机读数据"), "Data"),
            Enclosure(records.SIGNATURE_FILE, sealed_record, _("证书机读数据的国密签名（SM2、SM3）"), "Supplement"),
        ]
    _refuse_too_long(person + titles)
    context = {
        "face": face,
        "issued_on": issued_on,
        "person": person,
        "titles": titles,
        "is_roomy": all(line.style in {"", " rare"} for line in person + titles),
        "rare": " rare" if fonts.is_rare(face.holder_name) else "",
        "code": qr.small_picture_of(address),
        "seal": layer.PLACEHOLDER,
        "seal_of": artwork.SEAL_OF,
        "seal_for": artwork.SEAL_FOR,
    }
    at = dt.datetime.combine(face.issued_on, dt.time.min, clock.BEIJING)
    return press.render(template, context, at=at, enclosures=inside)


def _person(face: Face) -> list[tuple[str, str]]:
    return [
        (_("姓名"), face.holder_name),
        (_("性别"), face.sex or "—"),
        (_("出生日期"), _in_figures(face.birth_date)),
        (_("证件类型"), face.document_type),
        (_("证件号码"), face.masked_document),
    ]


def _titles(face: Face) -> list[tuple[str, str]]:
    """Return what the certificate says of the title; where it holds stands last, and only where it is limited (R-128)."""
    lines = [
        (_("职称系列"), face.series),
        (_("专业"), face.specialty),
        (_("职称名称"), face.title),
        (_("级别"), face.level),
        (_("评价方式"), face.mode),
        (_("评审机构"), face.committee),
        (_("通过日期"), _in_figures(face.passed_on)),
    ]
    if face.district_limited:
        lines.append((_("有效范围"), _("限%(district)s有效") % {"district": face.district_limited}))
    return lines


def _line(label: str, value: str, room: tuple[float, ...]) -> Line:
    width = fonts.width_of(value)
    step = next((step for step, widest in zip(STEPS, room, strict=True) if width <= widest), None)
    rare = "" if step is None or not fonts.is_rare(value) else " rare"
    return Line(label, value, "short" if len(label) == PAIR else "", None if step is None else step + rare)


def _refuse_too_long(lines: list[Line]) -> None:
    text = _("证书上写不下以下内容：%(value)s。请核对登记信息。")
    reasons = [Reason(text % {"value": line.value}, code="value_too_long") for line in lines if line.style is None]
    if reasons:
        raise Refusal(reasons)


def _in_figures(day: dt.date) -> str:
    return dateformat.format(day, _("Y年n月j日"))


@functools.cache
def set_up_press() -> Press:
    """Return the press for certificates; raises OSError or ValueError for a seal of the office's that cannot be printed."""
    return Press("css/certificate.css", artwork=artwork.background(), stamp=artwork.seal())


@functools.cache
def _notices() -> Press:
    return Press("css/certificate-notice.css", stamp=artwork.seal())
