"""Where an application stands and how it came there, gathered once and told in the applicant's words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain import reading
from applications.domain.reading import Change
from applications.enums import ENDED, ApplicationState, Hold, Recommender
from applications.models import Application, Recommendation, Snapshot
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from portal.ledger.queries import history_of
from portal.publicity.domain.posting import end_of
from portal.shared.prepared import Asked, Prepared

OF_APPLICATION, OF_RECOMMENDATION = Application._meta.label, Recommendation._meta.label

# What the ledger calls a step, as the person is told it. A step of both sides stands once; reasons follow where there are any.
WORDS: Mapping[tuple[str, str], str | Promise] = {
    (OF_APPLICATION, "open"): gettext_lazy("开始填写申报"),
    (OF_APPLICATION, "choose_again"): gettext_lazy("更换申报专业或者评审委员会"),
    (OF_APPLICATION, "choose_association"): gettext_lazy("选择推荐协会、学会和推荐方式"),
    (OF_APPLICATION, "recommend_on_paper"): gettext_lazy("协会、学会纸质推荐，材料转评审服务机构"),
    (OF_APPLICATION, "confirm_on_paper"): gettext_lazy("协会、学会纸质复核推荐，材料转评审服务机构"),
    (OF_APPLICATION, "submit"): gettext_lazy("提交申报"),
    (OF_APPLICATION, "take_back"): gettext_lazy("取回修改"),
    (OF_APPLICATION, "lapse"): gettext_lazy("逾期失效"),
    (OF_APPLICATION, "take"): gettext_lazy("评审服务机构开始审核"),
    (OF_APPLICATION, "return_once"): gettext_lazy("退回补正"),
    (OF_APPLICATION, "resubmit"): gettext_lazy("提交补正"),
    (OF_APPLICATION, "expire_correction"): gettext_lazy("逾期未补正，视为放弃申报"),
    (OF_APPLICATION, "pass_review"): gettext_lazy("评审服务机构审核通过"),
    (OF_APPLICATION, "reject"): gettext_lazy("评审服务机构审核不通过"),
    (OF_APPLICATION, "pay"): gettext_lazy("评审费已缴"),
    (OF_APPLICATION, "expire_fee"): gettext_lazy("逾期未缴费，视为放弃申报"),
    (OF_APPLICATION, "revive"): gettext_lazy("按时缴费已到账，恢复申报"),
    (OF_APPLICATION, "plan_defence"): gettext_lazy("评审服务机构安排答辩"),
    (OF_APPLICATION, "skip_defence"): gettext_lazy("无需答辩，等评审委员会评审"),
    (OF_APPLICATION, "complete_defence"): gettext_lazy("完成答辩，等评审委员会评审"),
    (OF_APPLICATION, "miss_defence"): gettext_lazy("未参加答辩，视为放弃申报"),
    (OF_APPLICATION, "put_on_agenda"): gettext_lazy("列入评审会议"),
    (OF_APPLICATION, "leave_agenda"): gettext_lazy("移出评审会议，等候下次会议"),
    (OF_APPLICATION, "vote_again"): gettext_lazy("重新评审，等候下次会议"),
    (OF_APPLICATION, "accept_result"): gettext_lazy("评审通过，评审结果已验收"),
    (OF_APPLICATION, "not_pass"): gettext_lazy("评审未通过"),
    (OF_APPLICATION, "reopen_vote"): gettext_lazy("复查决定重新评审，等候下次会议"),
    (OF_APPLICATION, "reopen_draft"): gettext_lazy("复查决定恢复更正"),
    (OF_APPLICATION, "reopen_recommendation"): gettext_lazy("复查决定由单位重新审核推荐"),
    (OF_APPLICATION, "reopen_recheck"): gettext_lazy("复查决定由单位重新复核推荐"),
    (OF_APPLICATION, "reopen_correction"): gettext_lazy("复查决定重新补正，补正期限重新计算"),
    (OF_APPLICATION, "reopen_check"): gettext_lazy("复查决定由评审服务机构重新审核"),
    (OF_APPLICATION, "reopen_second_check"): gettext_lazy("复查决定由评审服务机构重新复审"),
    (OF_APPLICATION, "reopen_fee"): gettext_lazy("复查决定重新计算缴费期限"),
    (OF_APPLICATION, "reopen_defence"): gettext_lazy("复查决定另行安排答辩"),
    (OF_APPLICATION, "reopen_result"): gettext_lazy("复查决定恢复评审结果，等候公示"),
    (OF_APPLICATION, "publicise_result"): gettext_lazy("评审结果列入公示"),
    (OF_APPLICATION, "leave_result_notice"): gettext_lazy("公示内容更正后重新公示"),
    (OF_APPLICATION, "clear_result"): gettext_lazy("评审结果公示期满无异议"),
    (OF_APPLICATION, "exempt_from_notice"): gettext_lazy("评审结果经批准不公开公示"),
    (OF_APPLICATION, "certify"): gettext_lazy("核发电子职称证书"),
    (OF_APPLICATION, "not_recognise"): gettext_lazy("评审结果不予承认"),
    (OF_APPLICATION, "withdraw"): gettext_lazy("撤回申报"),
    (OF_APPLICATION, "disqualify"): gettext_lazy("取消申报资格"),
    (OF_RECOMMENDATION, "open"): gettext_lazy("单位开始审核"),
    (OF_RECOMMENDATION, "send_back"): gettext_lazy("单位退回修改"),
    (OF_RECOMMENDATION, "publicise"): gettext_lazy("单位发布公示"),
    (OF_RECOMMENDATION, "stop_publicising"): gettext_lazy("单位撤回公示，更正后重新公示"),
    (OF_RECOMMENDATION, "stop_publicising_again"): gettext_lazy("单位撤回公示，更正后重新公示"),
    (OF_RECOMMENDATION, "clear"): gettext_lazy("公示期满无异议"),
    (OF_RECOMMENDATION, "ask_to_correct"): gettext_lazy("异议成立，需要更正后重新公示"),
    (OF_RECOMMENDATION, "recommend"): gettext_lazy("单位推荐，材料转评审服务机构"),
    (OF_RECOMMENDATION, "confirm"): gettext_lazy("单位复核并再次推荐"),
    (OF_RECOMMENDATION, "refuse"): gettext_lazy("单位不予推荐"),
    (OF_RECOMMENDATION, "refuse_after_objection"): gettext_lazy("异议成立，单位不予推荐"),
}
# The same of an association.
OF_ASSOCIATIONS: Mapping[str, str | Promise] = {
    "open": gettext_lazy("协会、学会开始审核"),
    "send_back": gettext_lazy("协会、学会退回修改"),
    "publicise": gettext_lazy("协会、学会发布公示"),
    "stop_publicising": gettext_lazy("协会、学会撤回公示，更正后重新公示"),
    "stop_publicising_again": gettext_lazy("协会、学会撤回公示，更正后重新公示"),
    "recommend": gettext_lazy("协会、学会推荐，材料转评审服务机构"),
    "confirm": gettext_lazy("协会、学会复核并再次推荐"),
    "refuse": gettext_lazy("协会、学会不予推荐"),
    "refuse_after_objection": gettext_lazy("异议成立，协会、学会不予推荐"),
}
# What a draft takes on unfinished edits is nobody's step; everything else that is not named above has its twin there.
SHOWING_REASONS = frozenset(
    {
        "lapse",
        "reject",
        "miss_defence",
        "not_pass",
        "not_recognise",
        "withdraw",
        "disqualify",
        "send_back",
        "ask_to_correct",
        "refuse",
        "refuse_after_objection",
    }
)


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what in the person's words, who did it, and the reason given."""

    at: dt.datetime
    what: str | Promise
    who: str
    reason: str = ""


@dataclass(frozen=True)
class Version:
    """One submitted snapshot, with what differs from the one that had effect before it."""

    snapshot: Snapshot
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Course:
    """One application with all that its timeline rests on.

    ``position`` is its state, or the state in which it ended; ``deadlines`` are the waiting ones by kind, a paused one
    without ``due_at``. Entries are those of the application and of the employer's part, oldest first.
    """

    application: Application
    recommendation: Recommendation | None
    position: str
    deadlines: Mapping[str, Deadline]
    notice_end: Deadline | None
    entries: tuple[Entry, ...]

    @property
    def is_associations(self) -> bool:
        """Whether an association recommends, or recommended."""
        return self.recommendation is not None and self.recommendation.kind == Recommender.ASSOCIATION

    def due(self, kind: str) -> dt.datetime | None:
        """Return when the waiting deadline of ``kind`` ends; None without one, and while it stands still."""
        deadline = self.deadlines.get(kind)
        return deadline.due_at if deadline else None

    def last(self, step: str, *, until: dt.datetime | None = None) -> dt.datetime | None:
        """Return when ``step`` was last taken, at or before ``until`` where that is given."""
        times = [entry.at for entry in self.entries if entry.step == step and (until is None or entry.at <= until)]
        return times[-1] if times else None

    def first(self, step: str) -> dt.datetime | None:
        """Return when ``step`` was first taken."""
        return next((entry.at for entry in self.entries if entry.step == step), None)


def course_of(application: Application) -> Course:
    """Return everything that the timeline of ``application`` rests on; a constant number of queries."""
    recommendation = _recommendation().first(application=application.pk)
    entries = tuple(history_of(application, *([recommendation] if recommendation else ())))
    own = [entry for entry in entries if entry.subject_type == OF_APPLICATION]
    if recommendation is not None:
        recommendation.application = application  # also the other way round: guards that ask for it find it there
    waiting = Deadline.objects.waiting().of(application)
    return Course(
        application=application,
        recommendation=recommendation,
        position=_position(application, own),
        deadlines={deadline.kind: deadline for deadline in waiting},
        notice_end=end_of(recommendation.notice) if recommendation and recommendation.notice else None,
        entries=entries,
    )


@cache
def _recommendation() -> Prepared[Recommendation]:
    rows = Recommendation.objects.filter(application=Asked("application"))
    return Prepared(rows.select_related("organisation", "notice"))


@cache
def _snapshots() -> Prepared[Snapshot]:
    return Prepared(Snapshot.objects.filter(application=Asked("application")).order_by("number"))


def history(course: Course) -> list[Event]:
    """Return what happened, newest first, with reasons where a step has one; never who objected."""
    events = [event for event in (_event(entry, course) for entry in course.entries) if event is not None]
    return events[::-1]


def versions(application: Application) -> list[Version]:
    """Return what was submitted, newest first; one that was taken back changes nothing for the next."""
    found: list[Version] = []
    before: Snapshot | None = None
    for snapshot in _snapshots().all(application=application.pk):
        changes = reading.changes(before.content, snapshot.content) if before is not None else []
        found.append(Version(snapshot, tuple(changes)))
        if snapshot.discarded_at is None:
            before = snapshot
    return found[::-1]


def _position(application: Application, entries: list[Entry]) -> str:
    if application.state not in ENDED:
        return str(application.state)
    endings = [entry.before for entry in entries if entry.after == application.state]
    return endings[-1] if endings else ApplicationState.DRAFT.value


def _event(entry: Entry, course: Course) -> Event | None:
    words = _hold_words(entry) if entry.step == "hold" else WORDS.get((entry.subject_type, entry.step))
    if course.is_associations and entry.subject_type == OF_RECOMMENDATION:
        words = OF_ASSOCIATIONS.get(entry.step, words)
    if words is None:
        return None
    return Event(entry.at, words, _who(entry, course.application), _reason(entry))


def _hold_words(entry: Entry) -> str | None:
    """A hold is told once, by the application; of whom or what it came is not for the person to learn here."""
    if entry.subject_type != OF_APPLICATION:
        return None
    return _("核查办结，恢复办理") if entry.after == Hold.NONE else _("暂停办理，进行核查")


def _who(entry: Entry, application: Application) -> str:
    if entry.organisation is not None:
        return str(entry.organisation.name)
    return _("本人") if entry.person_id == application.applicant_id else _("系统")


def _reason(entry: Entry) -> str:
    facts: dict[str, Any] = entry.facts
    if entry.step == "return_once":
        return _("共%(count)s项，见补正内容") % {"count": len(facts.get("defects", []))}
    return str(facts.get("reason") or "") if entry.step in SHOWING_REASONS else ""
