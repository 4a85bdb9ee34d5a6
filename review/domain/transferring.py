"""The bureau gives the files of an agency that may not evaluate to another one (R-152, R-153, domain §8.3 #9)."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications.domain import clocks
from applications.domain.settling import settled_first
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_holding
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.catalogue.queries import may_evaluate
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow.carry_out import locked
from review.domain import succeeding, suspending, telling_checks
from review.enums.checking import FEWEST_SIGNS, LONGEST_REASON, OPEN, ReviewState
from review.models import AgencyReview, Finding
from review.rules import authorises, oversees

STEP = "transfer"
BASIS = "R-152"


def is_possible(review: AgencyReview) -> bool:
    """Return whether the file waits for an agency that may not evaluate, and another one can take it.

    Domain §8.3 #9 lets the bureau choose for every file of such an agency: its clocks stand still, or another agency
    takes it. A file whose check was passed waits as long as the agency is only suspended: fee, defence and session are
    arranged by it, and it may come back. Once its authority is withdrawn (R-153) another agency goes on with those as
    well, without asking for the fee twice (docs/decisions/when-an-agency-falls.md). What was rejected has ended, and
    only an upheld review brings it back (A-24).
    """
    return review.suspended_since is not None and (review.is_open or succeeding.is_waiting(review))


def waiting(actor: Actor) -> QuerySet[AgencyReview]:
    """Return the files that wait so, for the bureau that oversees the agencies; what waits longest first."""
    if not oversees.test(actor):
        return AgencyReview.objects.none()
    rows = AgencyReview.objects.filter(Q(state__in=sorted(OPEN)) | succeeding.waiting(), suspended_since__isnull=False)
    return rows.with_all().order_by("suspended_since", "pk")


def targets_of(review: AgencyReview) -> list[CatalogueEntry]:
    """Return the rows of the same year, specialty and level whose committees' agencies may evaluate the file, by name.

    A committee of one district is offered only for a file of that district (R-035).
    """
    own = review.application.entry
    rows = CatalogueEntry.objects.public().filter(
        edition=own.edition_id,
        specialty=own.specialty_id,
        level=own.level_id,
        method=own.method,
        committee__district__in=["", own.district],
        schedule__isnull=False,
    )
    others = rows.exclude(committee__agency=review.agency_id).with_all().order_by("committee__name", "pk")
    return [row for row in others if row.agency is not None and may_evaluate(row.agency, row.edition)]


@settled_first
def transfer(review: AgencyReview, to: CatalogueEntry, *, reason: str, by: Actor, at: dt.datetime) -> AgencyReview:
    """Give the file to the committee of another row of the catalogue; the clocks that the suspension stopped run on.

    What was found in a first check that is not finished is found anew; what the person was already told to correct
    stands, and so does a check that was passed with all that followed. A file that somebody must answer for goes to
    the other agency's lead. Raises a refusal for anybody but the bureau's lead, for a file that is not suspended or
    that nobody else can go on with, another row than ``targets_of``, and without a reason.
    """
    application, row = locked(review.application), locked(review)
    words = reason.strip()[:LONGEST_REASON]
    lead = _expect_possible(row, to, words, by, at)
    agency, before = _agency(to), row.agency
    basis = BASIS if row.is_open else succeeding.BASIS
    if not row.is_open:
        succeeding.leave_the_old_agency(application, at)
        application = locked(application)
    application.entry = to
    application.save(update_fields=["entry", "updated_at"])
    row.application = application
    _hand_over(row, to, agency, lead)
    _let_time_run_on(row, application, at)
    facts = {"from": before.code, "to": agency.code, "committee": to.committee.code if to.committee else ""}
    record(application, STEP, by=by, at=at, note=words, facts=facts, basis=basis)
    record(row, STEP, by=by, at=at, note=words, facts=facts, basis=basis)
    telling_checks.tell_transferred(row, before, words, at)
    return row


def _expect_possible(review: AgencyReview, to: CatalogueEntry, words: str, by: Actor, at: dt.datetime) -> Person | None:
    """Return the lead who takes the file over; raises a refusal where it cannot be given to ``to``."""
    if not authorises.test(by):
        text = _("只有市人力资源社会保障局负责人可以移交申报材料。")
        raise StepNotPermitted(STEP, [Reason(text, BASIS, "step_not_permitted")])
    _expect_unfinished(review)
    if review.suspended_since is None:
        text = _("只有评审服务机构被暂停或者收回评审权的，才能移交其申报材料。")
        raise StepNotOpen(STEP, [Reason(text, BASIS, "agency_not_suspended")])
    reasons = [] if review.is_open else succeeding.reasons_against(review.application)
    lead = None
    if to not in targets_of(review):
        text = _("只能移交给本年度同专业、同级别且可以开展评审的其他评审委员会。")
        reasons.append(Reason(text, BASIS, "no_such_target", "to"))
    else:
        lead = people_holding(frozenset({Role.AGENCY_LEAD}), _agency(to), on=clock.day_of(at)).first()
        if lead is None:
            reasons.append(Reason(_("该机构没有在任的负责人，不能接收。"), BASIS, "nobody_there", "to"))
    if len(words) < FEWEST_SIGNS:
        reasons.append(Reason(_("请写明移交的原因，至少10个字。"), BASIS, "reason_given", "reason"))
    if reasons:
        raise StepRefused(STEP, reasons)
    return lead


def _expect_unfinished(review: AgencyReview) -> None:
    if review.is_open or succeeding.is_waiting(review):
        return
    if review.state == ReviewState.PASSED:
        text = _(
            "审核已通过、尚未表决的申报，收回原机构评审权后才能移交；暂停期间期限停止计算，恢复后由原机构继续办理。"
        )
        raise StepNotOpen(STEP, [Reason(text, "R-153", "check_passed")])
    raise StepNotOpen(STEP, [Reason(_("审核已终结的申报不能移交。"), "R-090", "step_not_open")])


def _agency(row: CatalogueEntry) -> Organisation:
    assert row.agency is not None  # noqa: S101 - a row that was offered has one
    return row.agency


def _hand_over(review: AgencyReview, to: CatalogueEntry, agency: Organisation, lead: Person | None) -> None:
    assert to.committee is not None  # noqa: S101 - a row that was offered has one
    if review.state == ReviewState.CHECKING:
        Finding.objects.filter(review=review).delete()
    review.agency, review.committee = agency, to.committee
    review.assignee = None if review.state == ReviewState.QUEUED else lead
    if review.is_open:
        review.proposal, review.proposed_by, review.proposed_at = "", None, None
        review.reason, review.basis, review.remark = "", "", ""
    review.version += 1


def _let_time_run_on(review: AgencyReview, application: Application, at: dt.datetime) -> None:
    clocks.start(application, cause=suspending.SUSPENDED, at=at)
    review.suspended_since = None
    suspending.follow_the_clock(review)
    review.save()
