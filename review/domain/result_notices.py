"""Accepted results on the public page: composed, posted, held and released for each person, cleared (domain §8.8, A-07, A-08)."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from applications.domain import submitting
from applications.domain.objected import (
    OwnerOfApplications,
    application_of,
    hold_for_objection,
    lift_objection,
    locked_behind,
)
from applications.domain.settling import settled_first
from applications.enums import OBJECTED_RESULTS, ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.queries import policy_of
from portal.deadlines import setting
from portal.ledger.record import record
from portal.publicity.domain import posting
from portal.publicity.domain.posting import Shown
from portal.publicity.enums import ENDS, NoticeKind, NoticeState
from portal.publicity.models import Line, Notice, Objection
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review import rules
from review.domain import accepting, telling_acceptance
from review.domain.holding_session import held_with_applications
from review.enums.accepting import AFTER_DECISION, CaseState
from review.models import AcceptedCase, ResultAcceptance


@settled_first
def post(
    batch: ResultAcceptance, *, contact: str, text: str = "", by: Actor, at: dt.datetime, key: str | None = None
) -> Notice:
    """Post one notice with everybody of the batch who was accepted and stands on none; whoever is held follows later.

    Raises StepNotPermitted for whoever is not of the bureau, Refusal where nobody waits, StepRefused with what speaks
    against the notice. The page shows name, unit, specialty and level, and nothing else.
    """
    if by.organisation is None or not rules.posts_results.test(by):
        raise StepNotPermitted("post", [Reason(_("您当前的身份不能办理。"), "R-122", "step_not_permitted")])
    held_with_applications(batch.session, batch.cases.values_list("application", flat=True))
    row = locked(batch)
    chosen = list(to_be_shown(row))
    if not chosen:
        text = _("没有已验收、待公示的人员。")
        raise Refusal([Reason(text, "R-121", "nobody_to_show")])
    notice = _composed(row, chosen, by.organisation, contact=contact, text=text, by=by, at=at)
    corrected = corrected_in(chosen)
    for case in chosen:
        facts = {"notice": notice.code, "corrected": corrected[case.pk]}
        AcceptedCase.objects.filter(pk=case.pk).update(notice=notice)
        record(case, "put_on_notice", by=by, at=at, basis="R-122", facts=facts)
        carry_out(case.application, "publicise_result", by=SYSTEM, at=at)
    posted = posting.post(notice, by=by, at=at, key=key)
    ends = setting.waiting(ENDS, posted)
    for case in chosen:
        telling_acceptance.tell_on_notice(case, since=at, until=ends.due_at if ends else None)
    accepting.follow(row, at)
    return posted


def to_be_shown(batch: ResultAcceptance) -> Sequence[AcceptedCase]:
    """Return who would stand on a notice posted now, in the order of the agenda."""
    waiting = batch.cases.to_be_shown().filter(application__hold=Hold.NONE).with_all()
    return list(waiting.select_related("application__recommendation__organisation").order_by("item__order"))


def shown_of(case: AcceptedCase) -> dict[str, str]:
    """Return what the public page says of a person: name, unit, specialty, level (domain §8.8 #1)."""
    return {
        "name": case.application.applicant.full_name,
        "unit": case.unit_in_force,
        "specialty": case.specialty_in_force,
        "level": case.get_level_display(),
    }


def corrected_in(cases: Sequence[AcceptedCase]) -> dict[int, list[str]]:
    """Return by case which columns differ from the notice on which the person stood before; none for a first. One query."""
    rows = Line.objects.filter(notice__in={case.notice_id for case in cases if case.notice_id})
    before = {(one.notice_id, one.person_id): one.content for one in rows}
    found: dict[int, list[str]] = {}
    for case in cases:
        now, then = shown_of(case), before.get((case.notice_id or 0, case.application.applicant_id))
        found[case.pk] = [name for name in now if then is not None and then.get(name) != now[name]]
    return found


@settled_first
def correct_shown(
    case: AcceptedCase,
    *,
    unit: str,
    specialty: str,
    reason: str,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> AcceptedCase:
    """Put a clerical error of a notice right before the next one is posted (domain §8.8): unit and specialty as shown.

    The name is always that of the verified identity; title, series and level were voted on. The certificate takes the
    corrected specialty. Raises StepRefused while a notice runs, for a first notice, and where nothing differs.
    """
    return carry_out(case, "correct_shown", by=by, at=at, key=key, unit=unit, specialty=specialty, reason=reason)


def running(batch: ResultAcceptance) -> list[Notice]:
    """Return the notices on which people of the batch stand now."""
    return list(Notice.objects.filter(pk__in=batch.cases.values("notice"), state=NoticeState.POSTED).order_by("pk"))


def notices_of(batch: ResultAcceptance) -> list[Notice]:
    """Return every notice that shows or showed people of the batch, the latest first."""
    return list(Notice.objects.filter(pk__in=batch.cases.values("notice")).order_by("-posted_at", "-pk"))


def released(application: Application, at: dt.datetime) -> None:
    """Clear somebody whose notice ended while only an investigation stood in the way; the application is locked."""
    if application.state != ApplicationState.IN_RESULT_NOTICE:
        return
    case = _case_of(application)
    if case is not None and case.notice is not None and _stood_the_full_time(case):
        _clear(case, application, at)


@settled_first
def propose_exemption(
    case: AcceptedCase, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> AcceptedCase:
    """Propose that a result of the talent channel is not listed; nothing follows before somebody else agrees (A-12)."""
    row = locked(case)
    done = carry_out(row, "propose_exemption", by=by, at=at, key=key, reason=reason)
    if row.exemption_by is None:
        telling_acceptance.tell_exemption_proposed(done, at)
    return done


@settled_first
def approve_exemption(case: AcceptedCase, *, by: Actor, at: dt.datetime, key: str | None = None) -> AcceptedCase:
    """Agree as the second: no public list shows the person, the employer is told, and a certificate may be issued."""
    locked(case.application)
    row = locked(case)
    done = carry_out(row, "approve_exemption", by=by, at=at, key=key)
    if not row.is_restricted:
        carry_out(done.application, "exempt_from_notice", by=SYSTEM, at=at)
        telling_acceptance.tell_restricted(done, at)
        accepting.follow(done.acceptance, at)
    return done


@settled_first
def decline_exemption(case: AcceptedCase, *, by: Actor, at: dt.datetime, key: str | None = None) -> AcceptedCase:
    """Do not agree: the person is publicised with everybody else."""
    return carry_out(case, "decline_exemption", by=by, at=at, key=key)


class ResultOwner(OwnerOfApplications):
    """What a notice of the bureau means for the people on it."""

    def reasons_against_posting(self, notice: Notice, at: dt.datetime) -> list[Reason]:
        """Only what was accepted is publicised: every line belongs to a case that was put on this notice (R-121)."""
        accepted = AcceptedCase.objects.filter(
            notice=notice, state=CaseState.ACCEPTED, acceptance__state__in=sorted(AFTER_DECISION)
        )
        if notice.lines.count() == accepted.filter(application__state=ApplicationState.IN_RESULT_NOTICE).count():
            return []
        text = _("评审结果公示由「评审结果验收」中已验收的人员生成，请从那里发布。")
        return [Reason(text, basis="R-121", code="not_accepted")]

    def reasons_against_deciding(self, objection: Objection) -> list[Reason]:
        """The agency looks into it; the bureau decides (A-08)."""
        if objection.handler.kind == OrganisationKind.BUREAU:
            return []
        text = _("评审结果公示的异议由市人力资源社会保障局决定，请核查后移交。")
        return [Reason(text, basis="A-08", code="bureau_decides")]

    def handler(self, objection: Objection) -> Organisation:
        """The agency of the person's committee looks into it first."""
        application = application_of(objection.line)
        agency = application.entry.agency if application is not None else None
        return agency or objection.line.notice.publisher

    def next_instance(self, objection: Objection) -> Organisation | None:
        """The bureau that publishes, after the agency."""
        publisher = objection.line.notice.publisher
        return None if objection.handler_id == publisher.pk else publisher

    def following(self, notice: Notice) -> Iterable[Organisation]:
        """Return the employers of the people on it, who were told from when to when (N-10)."""
        people = notice.lines.pending().exclude(person=None).values("person")
        cases = AcceptedCase.objects.filter(notice=notice, application__applicant__in=people)
        return Organisation.objects.filter(recommendations__application__in=cases.values("application")).distinct()

    def cleared(self, line: Line, at: dt.datetime) -> None:
        """The person stood the full time clean. An objection's hold is lifted, which clears; an investigation is waited for."""
        found = _on(line)
        if found is None:
            return
        case, application = found
        if application.hold == Hold.NONE:
            _clear(case, application, at)
        else:
            lift_objection(application, at)

    def held(self, line: Line, objection: Objection, at: dt.datetime) -> None:
        """The person is on hold, and nobody else on the notice."""
        found = _on(line)
        if found is None:
            return
        case, application = found
        hold_for_objection(application, at)
        accepting.follow(case.acceptance, at)

    def go_on(self, application: Application, at: dt.datetime) -> None:
        """Whoever waited for a notice can be put on one."""
        case = _case_of(application)
        if case is not None:
            accepting.follow(case.acceptance, at)

    def put_right(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """The person leaves the notice and is shown anew once nothing else is open."""
        if application.state == ApplicationState.IN_RESULT_NOTICE:
            carry_out(application, "leave_result_notice", by=SYSTEM, at=at)
        self.go_on(application, at)

    def take_away(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """The result is not recognised, whether it is on show or waits for a corrected notice (R-191)."""
        case = _case_of(application)
        if case is not None and application.state in OBJECTED_RESULTS:
            ended = carry_out(application, "not_recognise", by=SYSTEM, at=at, reason=objection.answer)
            submitting.close(ended, at)
            telling_acceptance.tell_not_recognised(case, objection.answer, at)

    def withdrawn(self, notice: Notice, reason: str, at: dt.datetime) -> None:
        """The notice was taken back for a serious mistake: everybody on it waits for a corrected one.

        An open objection stays with its person and holds them on the corrected notice as well.
        """
        for case in AcceptedCase.objects.filter(notice=notice).order_by("application_id"):
            application = locked(case.application)
            if application.state == ApplicationState.IN_RESULT_NOTICE:
                carry_out(application, "leave_result_notice", by=SYSTEM, at=at)
                telling_acceptance.tell_notice_withdrawn(case, reason, at)
                accepting.follow(case.acceptance, at)


@in_office_language
def _composed(
    batch: ResultAcceptance,
    chosen: Sequence[AcceptedCase],
    publisher: Organisation,
    *,
    contact: str,
    text: str,
    by: Actor,
    at: dt.datetime,
) -> Notice:
    policy = policy_of(batch.policy_code)
    words = {"year": chosen[0].application.year, "committee": batch.session.committee.name}
    earlier = {case.notice for case in chosen}
    corrects = earlier.pop() if len(earlier) == 1 else None
    title = (
        _("%(year)s年度%(committee)s评审结果公示（更正）") if corrects else _("%(year)s年度%(committee)s评审结果公示")
    )
    return posting.compose(
        kind=NoticeKind.RESULT_CITY,
        title=title % words,
        text=text,
        publisher=publisher,
        lines=[Shown(shown_of(case), person=case.application.applicant, subject=case.application) for case in chosen],
        contact=contact,
        workdays=policy.number("publicity.min_workdays"),
        policy_code=policy.code,
        corrects=corrects,
        by=by,
        at=at,
    )


def _clear(case: AcceptedCase, application: Application, at: dt.datetime) -> None:
    carry_out(application, "clear_result", by=SYSTEM, at=at)
    accepting.follow(case.acceptance, at)


def _on(line: Line) -> tuple[AcceptedCase, Application] | None:
    """Return the case and the locked application behind a line, where that stands on this very notice."""
    application = locked_behind(line)
    if application is None:
        return None
    case = _case_of(application)
    is_shown = application.state == ApplicationState.IN_RESULT_NOTICE
    return (case, application) if is_shown and case is not None and case.notice_id == line.notice_id else None


def _case_of(application: Application) -> AcceptedCase | None:
    return AcceptedCase.objects.with_all().filter(application=application, state=CaseState.ACCEPTED).first()


def _stood_the_full_time(case: AcceptedCase) -> bool:
    line = Line.objects.filter(notice=case.notice, person=case.application.applicant_id)
    return line.exclude(cleared_at=None).exists()
