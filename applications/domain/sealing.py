"""The sealed papers of an association: whether each is there, and notice and seal stand in their order (R-084, A-16)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from applications.domain.content import publicised
from applications.domain.gathering import Gathered
from applications.enums import ApplicationState, SealedPaper
from applications.models import Application, Snapshot
from applications.models.snapshot import digest_of
from applications.sections import SEALED
from portal.catalogue.models import PolicyVersion
from portal.deadlines.terms import end_of_count
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workdays.queries import calendar_in_force

if TYPE_CHECKING:
    from applications.domain.compiling import Dossier

PLACE = SEALED.key


def reasons_against(
    gathered: Gathered, shown: Mapping[str, str], *, policy: PolicyVersion, at: dt.datetime
) -> Iterator[Reason]:
    """Yield what is wrong with the sealed papers; ``shown`` is what a notice shows of the content as it stands now.

    What is not filled in yet is asked for elsewhere, field by field.
    """
    if not gathered.application.on_paper:
        return
    is_changed = _is_changed(gathered, shown)
    yield from _scans(gathered, is_changed=is_changed)
    since, until, sealed_on = (_day(gathered, name) for name in ("notice_since", "notice_until", "sealed_on"))
    if since is not None and until is not None:
        yield from _notice(gathered, since, until, policy, at)
    if sealed_on is not None:
        yield from _seal(sealed_on, until, at)
        yield from _after_return(gathered, since, sealed_on, is_changed=is_changed)


def facts_of(application: Application, dossier: "Dossier", snapshot: Snapshot) -> dict[str, Any]:
    """Return what the recommendation records of the sealed papers; the dossier had no reason against them."""
    sealed = snapshot.content["sheets"][PLACE]
    shown = {name: value for name, value in publicised(snapshot.content).items() if value}
    signed = {
        "application": application.code,
        "snapshot": snapshot.sha256,
        "opinion": sealed["opinion"],
        "signed_for": application.employer.code if application.employer else "",
        "sealed_on": sealed["sealed_on"],
        "scans": {one["paper"]: one["sha256"] for one in snapshot.content["scans"]},
    }
    return {
        "dossier": dossier,
        "snapshot": snapshot,
        "opinion": sealed["opinion"],
        "assessment": "",
        "signature": digest_of(signed),
        "shown": shown,
        "notice_since": dt.date.fromisoformat(sealed["notice_since"]),
        "publicised_at": clock.end_of(dt.date.fromisoformat(sealed["notice_until"])),
    }


def _scans(gathered: Gathered, *, is_changed: bool) -> Iterator[Reason]:
    added = {one.paper: one.added_at for one in gathered.scans}
    returned = _returned_at(gathered)
    for paper in SealedPaper:
        if paper not in added:
            text = _("请上传盖章的「%(paper)s」扫描件。") % {"paper": paper.label}
            yield Reason(text, basis="R-084", code="scan_missing", field=f"association.{paper.value}")
        elif returned and added[paper] < returned and (is_changed or paper != SealedPaper.PUBLICITY):
            text = _("请上传补正后重新盖章的「%(paper)s」扫描件。") % {"paper": paper.label}
            yield Reason(text, basis="R-078", code="scan_outdated", field=f"association.{paper.value}")


def _notice(
    gathered: Gathered, since: dt.date, until: dt.date, policy: PolicyVersion, at: dt.datetime
) -> Iterator[Reason]:
    days = policy.number("publicity.min_workdays")
    ends = end_of_count(calendar_in_force(), clock.start_of(since), days, ()).due_at
    if ends is None or clock.end_of(until) < ends:
        text = _("公示不少于%(days)s个工作日，发布当日不计入，周末和节假日不计入；填写的公示期间不足。")
        yield Reason(text % {"days": days}, basis="R-084, A-05", code="notice_too_short", field=f"{PLACE}.notice_until")
    if clock.end_of(until) > at:
        text = _("公示期尚未届满，期满无异议并盖章后才能提交。")
        yield Reason(text, basis="R-073", code="notice_not_over", field=f"{PLACE}.notice_until")
    schedule = gathered.application.schedule
    if schedule is not None and clock.end_of(since) <= schedule.individual_opens_at:
        text = _("公示起始日期早于本年度个人申报时间，不是本次申报的公示。")
        yield Reason(text, basis="R-024", code="notice_too_early", field=f"{PLACE}.notice_since")


def _seal(sealed_on: dt.date, until: dt.date | None, at: dt.datetime) -> Iterator[Reason]:
    if until is not None and sealed_on <= until:
        text = _("应在公示期满无异议后盖章，盖章日期须晚于公示截止日期。")
        yield Reason(text, basis="R-073", code="sealed_too_early", field=f"{PLACE}.sealed_on")
    if sealed_on > clock.day_of(at):
        yield Reason(_("盖章日期不得晚于今日。"), basis="R-084", code="sealed_in_future", field=f"{PLACE}.sealed_on")


def _after_return(
    gathered: Gathered, since: dt.date | None, sealed_on: dt.date, *, is_changed: bool
) -> Iterator[Reason]:
    """After a return the association checks and seals again; it publicises again only where publicised content changed (A-09)."""
    returned = _returned_at(gathered)
    if returned is None:
        return
    if sealed_on < clock.day_of(returned):
        text = _("补正后须由协会、学会重新审核盖章，请填写重新盖章的日期。")
        yield Reason(text, basis="R-078", code="sealed_before_return", field=f"{PLACE}.sealed_on")
    if is_changed and since is not None and since < clock.day_of(returned):
        text = _("公示内容有变化，须由协会、学会重新公示，请填写重新公示的日期。")
        yield Reason(text, basis="A-09", code="notice_before_return", field=f"{PLACE}.notice_since")


def _is_changed(gathered: Gathered, shown: Mapping[str, str]) -> bool:
    application = gathered.application
    if application.state != ApplicationState.RETURNED:
        return False
    return bool(application.recommendation.publicised != shown)


def _returned_at(gathered: Gathered) -> dt.datetime | None:
    application = gathered.application
    return application.state_since if application.state == ApplicationState.RETURNED else None


def _day(gathered: Gathered, name: str) -> dt.date | None:
    text = gathered.sheets.get(PLACE, {}).get(name)
    return dt.date.fromisoformat(str(text)) if text else None
