"""The employer's internal publicity, and what notices and objections do to each person on them (R-072, R-073, A-08, A-34)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import clocks, receiving, submitting, telling
from applications.domain.content import publicised
from applications.domain.objected import (
    OwnerOfApplications,
    application_of,
    hold_for_objection,
    lift_objection,
    locked_behind,
)
from applications.enums import (
    CORRECTION,
    EMPLOYER_WINDOW,
    OBJECTED,
    ON_NOTICE,
    RECHECK,
    WINDOW,
    WORKED_OFF,
    ApplicationState,
    Hold,
    RecommendationState,
)
from applications.enums import Recommender as By
from applications.models import Application, Recommendation, Snapshot
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.queries import last_safe_posting, policy_of
from portal.deadlines import setting
from portal.deadlines.terms import end_of_count
from portal.ledger.record import record
from portal.publicity.domain import posting
from portal.publicity.domain.posting import Shown
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Line, Notice, Objection, Proof
from portal.shared.errors import Reason, Refusal
from portal.shared.office import in_office_language, office_language
from portal.workdays.queries import calendar_in_force
from portal.workflow import carry_out, settle_due
from portal.workflow.carry_out import locked

KINDS = {By.EMPLOYER: NoticeKind.EMPLOYER, By.ASSOCIATION: NoticeKind.ASSOCIATION}
MOST_ON_ONE_NOTICE = 500
LONGEST_REASON = 1000
ON_SHOW = "applications.on_show"


def publicise(
    recommendations: Sequence[Recommendation],
    *,
    contact: str,
    text: str = "",
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> Notice:
    """Post one notice for one or many people of the employer's own; each goes on by itself afterwards.

    All or nothing: raises Refusal naming the person whom a reason concerns. The notice shows of each person only what
    domain §8.8 #1 allows, taken from the frozen application.
    """
    chosen = sorted(recommendations, key=lambda one: one.application_id)
    if not chosen or len(chosen) > MOST_ON_ONE_NOTICE:
        limit = _("请选择1至%(most)s人一并公示。") % {"most": MOST_ON_ONE_NOTICE}
        raise Refusal([Reason(limit, basis="R-072", code="how_many")])
    for one in chosen:
        settle_due(one, at)
    with transaction.atomic():
        applications = receiving.hold_all(chosen)
        snapshots, safe = receiving.present_snapshots(chosen), last_safe_days(applications)
        lines = [(one, _shown_or_refused(one, snapshots)) for one in chosen]
        notice = _composed(lines, applications, contact=contact, text=text, by=by, at=at)
        ends = end_of_count(calendar_in_force(), at, notice.workdays, ()).due_at
        for (recommendation, shown), application in zip(lines, applications, strict=True):
            snapshot = snapshots[application.pk]
            facts = {"shown": shown, "safe": safe.get(application.entry.schedule_id), "snapshot": snapshot}
            _put_on(recommendation, application, notice, facts, by=by, at=at)
            telling.tell_publicised(application, since=at, until=ends)
        return posting.post(notice, by=by, at=at, key=key)


def shown_of(recommendation: Recommendation) -> dict[str, str]:
    """Return what a notice shows of the person, from the present snapshot and in the office's language; empty fields left out."""
    return shown_in(receiving.present_snapshot(recommendation))


def shown_in(snapshot: Snapshot) -> dict[str, str]:
    """Return what a notice shows of the person whose frozen content ``snapshot`` is."""
    with office_language():
        shown = publicised(snapshot.content)
    return {name: value for name, value in shown.items() if value}


def last_safe_days(applications: Iterable[Application]) -> dict[int | None, dt.date | None]:
    """Return the last day on which a notice can still be posted, by schedule; asked once for everybody on a notice."""
    schedules = {one.entry.schedule_id: one.schedule for one in applications if one.schedule is not None}
    return {key: last_safe_posting(schedule) for key, schedule in schedules.items()}


def _shown_or_refused(recommendation: Recommendation, snapshots: Mapping[int, Snapshot]) -> dict[str, str]:
    snapshot = snapshots.get(recommendation.application_id)
    if snapshot is None:
        known = {"name": recommendation.application.applicant.full_name}
        text = _("%(name)s：申报人正在修改，尚未重新提交。") % known
        raise Refusal([Reason(text, basis="R-072", code="nothing_submitted")])
    return shown_in(snapshot)


@in_office_language
def _composed(
    lines: list[tuple[Recommendation, dict[str, str]]],
    applications: list[Application],
    *,
    contact: str,
    text: str,
    by: Actor,
    at: dt.datetime,
) -> Notice:
    first, policy = lines[0][0], policy_of(applications[0].policy_code)
    title = _("%(year)s年度职称申报推荐公示") % {"year": applications[0].year}
    return posting.compose(
        kind=KINDS[By(first.kind)],
        title=title,
        text=text,
        publisher=first.organisation,
        lines=[
            Shown(shown, person=application.applicant, subject=application)
            for (_one, shown), application in zip(lines, applications, strict=True)
        ],
        contact=contact,
        workdays=policy.number("publicity.min_workdays"),
        policy_code=policy.code,
        by=by,
        at=at,
    )


def _put_on(
    recommendation: Recommendation,
    application: Application,
    notice: Notice,
    facts: dict[str, Any],
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    try:
        done = carry_out(recommendation, "publicise", by=by, at=at, notice=notice, **facts)
    except Refusal as refusal:
        name = application.applicant.full_name
        refusal.reasons = [
            Reason(_("%(name)s：%(text)s") % {"name": name, "text": one.text}, one.basis, one.code, one.field)
            for one in refusal.reasons
        ]
        raise
    if application.state == ApplicationState.RESUBMITTED:
        _stop_recheck(application, at)
    elif done.after_objection:
        _give_time_after(application, notice, at)
    if application.hold == Hold.OBJECTION:
        carry_out(done, "hold", by=SYSTEM, at=at)


def _stop_recheck(application: Application, at: dt.datetime) -> None:
    """Let the time to check again stand still while the content is on show.

    Where only what was asked in time held it, it has a working day left.
    """
    waiting = setting.waiting(RECHECK, application)
    if waiting is not None and waiting.basis == WORKED_OFF:
        setting.lift(RECHECK, application, at=at)
        clocks.set_workdays(RECHECK, application, workdays=1, at=at)
    with office_language():
        reason = _("补正内容重新公示期间，复核期限暂停计算")
    setting.pause(RECHECK, application, cause=ON_SHOW, at=at, reason=reason, basis="A-09")


def _give_time_after(application: Application, notice: Notice, at: dt.datetime) -> None:
    """Let the employer recommend after a notice that an objection made necessary: its days and the grace of A-34."""
    days = notice.workdays + policy_of(application.policy_code).number("employer.grace_after_objection")
    waiting, end = setting.waiting(EMPLOYER_WINDOW, application), end_of_count(calendar_in_force(), at, days, ()).due_at
    if waiting is not None and waiting.due_at is not None and end is not None and end < waiting.due_at:
        return  # the time that the employer has is longer
    setting.lift(EMPLOYER_WINDOW, application, at=at)
    clocks.set_workdays(EMPLOYER_WINDOW, application, workdays=days, at=at, basis="A-34")


class EmployerOwner(OwnerOfApplications):
    """What a notice of an employer or an association means for the people on it."""

    def reasons_against_posting(self, notice: Notice, at: dt.datetime) -> list[Reason]:
        """Only notices made from applications are posted: every line belongs to one that this notice was put on."""
        lines = notice.lines.count()
        ours = Recommendation.objects.filter(notice=notice, organisation=notice.publisher, state__in=ON_NOTICE).count()
        if lines == ours:
            return []
        text = _("单位公示由「审核推荐」中的申报生成，请从那里发布。")
        return [Reason(text, basis="R-072", code="not_from_applications")]

    def next_instance(self, objection: Objection) -> Organisation | None:
        """The agency of the person's committee after the employer, the bureau after the agency (A-08)."""
        handler = objection.handler
        if handler.kind == OrganisationKind.BUREAU:
            return None
        agency = _agency_of(objection)
        if agency is not None and handler.pk != agency.pk and handler.kind != OrganisationKind.AGENCY:
            return agency
        return Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True).order_by("pk").first()

    def copied(self, objection: Objection) -> Iterable[Organisation]:
        """The agency of the person's committee (A-08 (b))."""
        agency = _agency_of(objection)
        return [agency] if agency else []

    def cleared(self, line: Line, at: dt.datetime) -> None:
        """The person stood the full time clean: the employer may recommend."""
        found = _on(line, ON_NOTICE)
        if found is None:
            return
        application, recommendation = found
        if recommendation.state == RecommendationState.HELD:
            lift_objection(application, at)
            recommendation = carry_out(recommendation, "release", by=SYSTEM, at=at)
        done = carry_out(recommendation, "clear", by=SYSTEM, at=at, shown=line.content)
        Proof.objects.order(line.notice, line, at=at)
        if application.state == ApplicationState.RESUBMITTED:
            setting.resume(RECHECK, application, cause=ON_SHOW, at=at)
        _give_grace_where_late(application, at)
        telling.tell_clear(application, done, at)

    def held(self, line: Line, objection: Objection, at: dt.datetime) -> None:
        """The person is on hold, and nobody else on the notice."""
        found = _on(line, ON_NOTICE)
        if found is None:
            return
        application, recommendation = found
        hold_for_objection(application, at)
        if recommendation.state == RecommendationState.PUBLICISING:
            carry_out(recommendation, "hold", by=SYSTEM, at=at)

    def go_on(self, application: Application, at: dt.datetime) -> None:
        """Whoever is on a notice stands on it without an objection again."""
        recommendation = Recommendation.objects.get(application=application)
        if recommendation.state == RecommendationState.HELD:
            carry_out(recommendation, "release", by=SYSTEM, at=at)

    def put_right(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """The person corrects; whoever does so already is told what else is wrong, and has the days for it as well."""
        recommendation = Recommendation.objects.get(application=application)
        if recommendation.state in OBJECTED:
            _ask_to_correct(application, recommendation, objection, at)
        elif recommendation.state == RecommendationState.SENT_BACK:
            _ask_to_correct_more(application, recommendation, objection, at)

    def take_away(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """No recommendation, wherever the employer's part stands."""
        recommendation = Recommendation.objects.get(application=application)
        if recommendation.state in OBJECTED | {RecommendationState.SENT_BACK}:
            refused = carry_out(recommendation, "refuse_after_objection", by=SYSTEM, at=at, reason=objection.answer)
            receiving.end_unrecommended(application, refused, by=SYSTEM, at=at)

    def withdrawn(self, notice: Notice, reason: str, at: dt.datetime) -> None:
        """The notice was taken back for a serious mistake: everybody on it waits for a corrected one.

        An open objection stays with its person and holds them on the corrected notice as well.
        """
        for recommendation in Recommendation.objects.filter(notice=notice, state__in=ON_NOTICE).order_by(
            "application_id"
        ):
            application = locked(recommendation.application)
            is_again = application.state == ApplicationState.RESUBMITTED
            carry_out(recommendation, "stop_publicising_again" if is_again else "stop_publicising", by=SYSTEM, at=at)
            if is_again:
                setting.resume(RECHECK, application, cause=ON_SHOW, at=at)


def _agency_of(objection: Objection) -> Organisation | None:
    application = application_of(objection.line)
    return application.entry.agency if application else None


def _ask_to_correct(
    application: Application, recommendation: Recommendation, objection: Objection, at: dt.datetime
) -> None:
    """Give the person the days of A-34 to correct what an objection showed to be wrong; publicity follows anew.

    What stands still for another cause (a suspended agency, an investigation) goes on standing still.
    """
    asked = carry_out(recommendation, "ask_to_correct", by=SYSTEM, at=at, reason=objection.answer)
    days, grace = _days_to_correct(application, at)
    if application.state == ApplicationState.RESUBMITTED:
        setting.resume(RECHECK, application, cause=ON_SHOW, at=at)
        setting.lift(RECHECK, application, at=at)
        reason = objection.answer
        done = carry_out(application, "correct_again", by=SYSTEM, at=at, reopened_until=grace, reason=reason)
        clocks.set_workdays(CORRECTION, done, workdays=days, at=at, basis="A-08")
    else:
        closes = application.schedule.individual_closes_at if application.schedule else at
        done = carry_out(application, "send_back", by=SYSTEM, at=at, reopened_until=max(grace, closes))
        submitting.back_to_draft(done, at)
    submitting.discard_snapshot(done, at)
    telling.tell_sent_back(done, asked, at)


def _ask_to_correct_more(
    application: Application, recommendation: Recommendation, objection: Objection, at: dt.datetime
) -> None:
    """Tell whoever corrects already what one more objection showed, and let the days of A-34 begin with it."""
    before = f"{recommendation.remark}\n" if recommendation.after_objection else ""
    recommendation.remark = f"{before}{objection.answer}"[:LONGEST_REASON]
    recommendation.after_objection = True
    recommendation.save(update_fields=["remark", "after_objection", "updated_at"])
    record(recommendation, "ask_to_correct", by=SYSTEM, at=at, facts={"reason": objection.answer}, basis="A-08")
    days, grace = _days_to_correct(application, at)
    if application.state == ApplicationState.RETURNED:
        application.defects = [*application.defects, {"text": objection.answer, "place": "", "basis": "A-08"}]
        application.save(update_fields=["defects", "updated_at"])
        setting.lift(CORRECTION, application, at=at)
        clocks.set_workdays(CORRECTION, application, workdays=days, at=at, basis="A-08")
    else:
        application.reopened_until = max(grace, submitting.window_closes_at(application) or grace)
        application.save(update_fields=["reopened_until", "updated_at"])
        setting.lift(WINDOW, application, at=at)
        submitting.back_to_draft(application, at)
    telling.tell_sent_back(application, recommendation, at)


def _days_to_correct(application: Application, at: dt.datetime) -> tuple[int, dt.datetime]:
    """Return how many working days an objection gives to correct, and when those that begin at ``at`` are over."""
    days = policy_of(application.policy_code).number("employer.grace_after_objection")
    return days, end_of_count(calendar_in_force(), at, days, ()).due_at or at


def _give_grace_where_late(application: Application, at: dt.datetime) -> None:
    """The window ended while only an objection, or a lengthened notice, stood in the way: the grace of A-34 begins.

    Where a late sweep found the window over before it cleared the line, the window's own end is judged again.
    """
    if application.state != ApplicationState.WITH_EMPLOYER or setting.waiting(EMPLOYER_WINDOW, application):
        return
    schedule = application.schedule
    if schedule is not None and at < schedule.employer_closes_at:
        clocks.set_instant(EMPLOYER_WINDOW, application, due_at=schedule.employer_closes_at, at=at)
        return
    days = policy_of(application.policy_code).number("employer.grace_after_objection")
    clocks.set_workdays(EMPLOYER_WINDOW, application, workdays=days, at=at, basis="A-34")


def _on(line: Line, states: Iterable[str]) -> tuple[Application, Recommendation] | None:
    """Return the locked application and the recommendation behind a line, where that is still on this very notice."""
    row = locked_behind(line)
    if row is None:
        return None
    recommendation = Recommendation.objects.filter(
        application=row, notice=line.notice_id, state__in=list(states)
    ).first()
    return (row, recommendation) if recommendation is not None else None
