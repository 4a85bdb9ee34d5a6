"""What must be true of a result before a certificate follows from it, asked for many at once (domain §8.1 #31, §13.1)."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.enums import ApplicationState, Hold
from certificates.domain import drawing, faces
from certificates.enums import STANDING
from certificates.models import Certificate
from certificates.values import Face
from portal.documents import glyphs
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.integrity.models import IntegrityRecord
from portal.publicity.models import Line
from portal.shared.errors import Reason
from portal.shared.office import in_office_language
from review.enums.accepting import AFTER_DECISION, CaseState
from review.enums.paying import SETTLED
from review.enums.sitting import ItemState, SessionState
from review.models import AcceptedCase, Payment

# What a caller who asks about many fetches with each case.
NEEDED = ("acceptance", "item__session", "application__applicant")
SIGNED = frozenset({SessionState.SIGNED, SessionState.REPORTED})


@dataclass(frozen=True)
class Known:
    """What the rules look at besides the case itself, read once for all: keys of applications, people and cases."""

    paid: frozenset[int]
    shown: frozenset[int]
    under_record: frozenset[int]
    certified: frozenset[int]
    faces: dict[int, faces.Identity]
    at: dt.datetime


Rule = Callable[[AcceptedCase, Known], Iterator[Reason]]


@in_office_language
def reasons_against(cases: Sequence[AcceptedCase], at: dt.datetime) -> dict[int, list[Reason]]:
    """Return by the key of each case why no certificate may be issued for it now, an empty list where nothing is in the way.

    The number of queries does not depend on the number of cases, but for people with a record of misconduct.
    """
    known = _known(cases, at)
    return {case.pk: [reason for rule in RULES for reason in rule(case, known)] for case in cases}


def _known(cases: Sequence[AcceptedCase], at: dt.datetime) -> Known:
    people = {case.application.applicant_id for case in cases}
    applications = {case.application_id for case in cases}
    paid = Payment.objects.filter(application__in=applications, state__in=sorted(SETTLED))
    shown = Line.objects.filter(notice__in={case.notice_id for case in cases if case.notice_id}, person__in=people)
    records = IntegrityRecord.objects.standing().filter(person__in=people)
    held = Certificate.objects.filter(case__in=[case.pk for case in cases], state__in=sorted(STANDING))
    return Known(
        paid=frozenset(paid.values_list("application_id", flat=True)),
        shown=frozenset(pk for pk in shown.exclude(cleared_at=None).values_list("subject_id", flat=True) if pk),
        under_record=frozenset(pk for pk in records.values_list("person_id", flat=True) if pk),
        certified=frozenset(held.values_list("case_id", flat=True)),
        faces=faces.identities({case.application.applicant for case in cases}),
        at=at,
    )


def _passed(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    """The committee passed it in a session that was signed and stands."""
    is_signed = case.item.session.state in SIGNED and case.item.state == ItemState.DECIDED_PASS
    if not (case.is_pass and is_signed):
        yield Reason(_("评审会议未签署、已认定无效，或者表决未通过。"), "R-112", "not_passed")


def _accepted(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    if case.state != CaseState.ACCEPTED or case.acceptance.state not in AFTER_DECISION:
        yield Reason(_("评审结果没有通过验收。"), "R-121", "not_accepted")


def _cleared(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    """It stood on a public notice for the full time, or two people exempted it from that (R-213)."""
    if case.application.state != ApplicationState.CLEARED:
        text = _("申报当前状态为「%(state)s」，公示期满无异议后才能发证。") % {
            "state": case.application.get_state_display()
        }
        yield Reason(text, "R-123", "not_cleared")
    elif not case.is_restricted and case.application_id not in known.shown:
        yield Reason(_("没有完成评审结果公示。"), "R-122", "not_publicised")


def _unheld(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    if case.application.hold != Hold.NONE:
        text = _("申报正在「%(hold)s」，办结前不能发证。") % {"hold": case.application.get_hold_display()}
        yield Reason(text, "A-08", "on_hold")


def _unbarred(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    person = case.application.applicant
    if person.pk in known.under_record:
        bars = integrity.bars_on(person, at=known.at, kinds={BarKind.APPLY})
        yield from (bar.reason for bar in bars)


def _paid(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    if case.application_id not in known.paid:
        yield Reason(_("评审费没有缴清。"), "R-101", "not_paid")


def _first(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    if case.pk in known.certified:
        yield Reason(_("已经核发证书，或者证书正在制作。"), "R-123", "already_certified")


def _identified(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    """Everything that the face says of the person is on file."""
    identity = known.faces.get(case.application.applicant_id)
    missing = identity.missing if identity else faces.NOBODY.missing
    if missing:
        text = _("缺少证书必需的信息：%(fields)s。请核实后补充。") % {"fields": missing}
        yield Reason(text, "R-124", "identity_missing")


def _drawable(case: AcceptedCase, known: Known) -> Iterator[Reason]:
    """The paper can hold what the face says; who waits for missing facts is told of those first."""
    identity = known.faces.get(case.application.applicant_id)
    if identity and not identity.missing:
        yield from reasons_against_paper(faces.draft(case, identity))


def reasons_against_paper(face: Face) -> Iterator[Reason]:
    """Say why no paper can be made of ``face``: asked before a number is given, for what is numbered must be issued.

    Every sign has a glyph, so that nobody is handed an empty box or another character, and every value has room.
    """
    signs = drawing.undrawable(face)
    if signs:
        text = _("没有字体能够显示：%(signs)s。请联系管理员补充字库，不得以其他字代替。") % {
            "signs": glyphs.in_words(signs)
        }
        yield Reason(text, "R-124", "glyphs_missing")
    for value in drawing.too_long(face):
        text = _("证书上写不下以下内容：%(value)s。请核对登记信息，需要使用简称的，先更正登记。") % {"value": value}
        yield Reason(text, "R-124", "value_too_long")


RULES: tuple[Rule, ...] = (_passed, _accepted, _cleared, _unheld, _unbarred, _paid, _first, _identified, _drawable)
