"""An answer in words, the same on pages, in sheets and for machines."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.domain.checking import Answer
from certificates.enums import TONES, CertificateState
from certificates.values import Face

Rows = list[tuple[str, str]]


def verdict_of(answer: Answer) -> str:
    """Say in one sentence whether the certificate holds."""
    match answer.state:
        case CertificateState.ISSUED if answer.district_limited:
            return _("证书有效，仅在%(district)s有效") % {"district": answer.district_limited}
        case CertificateState.ISSUED:
            return _("证书有效")
        case CertificateState.SUSPENDED:
            return _("证书正在核查中，暂停使用")
        case CertificateState.REVOKED if answer.ended_on:
            return _("证书已于%(day)s撤销") % {"day": date_format(answer.ended_on)}
        case _other:
            return _("证书已由新证书替代，不再使用")


def tone_of(answer: Answer) -> str:
    """Return the meaning of the state for its mark."""
    return TONES[answer.state]


def proven_parts() -> Rows:
    """Return what the code on a certificate may prove, by name and label in the order of the page."""
    return [
        ("number", _("证书编号")),
        ("holder_name", _("姓名")),
        ("series", _("系列")),
        ("specialty", _("专业")),
        ("title", _("职称")),
        ("level", _("级别")),
        ("passed_on", _("评审通过日期")),
        ("issued_on", _("发证日期")),
        ("district_limited", _("限定使用的区")),
        ("check_code", _("查验码")),
    ]


def rows_of(answer: Answer) -> Rows:
    """Return the facts of the answer, label and text; with the right code every line of the certificate."""
    if answer.face is not None:
        return list(_face(answer.face, answer))
    rows = [
        (_("证书编号"), answer.number),
        (_("姓名"), answer.name),
        (_("职称"), answer.title),
        (_("级别"), answer.level),
    ]
    return [*rows, *_limits(answer)]


def _face(face: Face, answer: Answer) -> Iterator[tuple[str, str]]:
    yield _("证书编号"), face.number
    yield _("姓名"), face.holder_name
    yield _("性别"), face.sex
    yield _("出生日期"), date_format(face.birth_date)
    yield face.document_type, face.masked_document
    yield _("系列"), face.series
    yield _("专业"), face.specialty
    yield _("职称"), face.title
    yield _("级别"), face.level
    yield _("评价方式"), face.mode
    yield _("评审委员会"), face.committee
    yield _("评审通过日期"), date_format(face.passed_on)
    yield _("发证日期"), date_format(face.issued_on)
    if face.corrects:
        yield _("更正换发自"), face.corrects
    yield from _limits(answer)


def _limits(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.district_limited:
        yield _("有效范围"), _("仅在%(district)s有效") % {"district": answer.district_limited}
    if answer.replaced_by:
        yield _("新证书编号"), answer.replaced_by
