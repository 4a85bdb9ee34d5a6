"""The stages of an application as the applicant meets them: who holds it, since when, until when, what comes next."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.timeline import Course
from applications.enums import CORRECTION, EMPLOYER_WINDOW, FEE, ON_NOTICE, RECHECK, WINDOW, Hold
from applications.enums import ApplicationState as A
from applications.enums import RecommendationState as R
from portal.catalogue.enums import JUNIOR, Channel
from portal.http.parts import Stage, StageState
from portal.publicity.enums import NoticeState

Words = str | Promise


class Step(IntEnum):
    """The stages in their order; those of a correction stand only in the life of a file that was returned."""

    FILL = auto()
    EMPLOYER = auto()
    NOTICE = auto()
    RECOMMEND = auto()
    REVIEW = auto()
    CORRECT = auto()
    RECHECK = auto()
    SECOND = auto()
    FEE = auto()
    DEFENCE = auto()
    VOTE = auto()
    RESULT = auto()
    CERTIFICATE = auto()


NAMES: dict[Step, Words] = {
    Step.FILL: gettext_lazy("填写申报"),
    Step.EMPLOYER: gettext_lazy("单位审核"),
    Step.NOTICE: gettext_lazy("单位公示"),
    Step.RECOMMEND: gettext_lazy("单位推荐"),
    Step.REVIEW: gettext_lazy("评审服务机构审核"),
    Step.CORRECT: gettext_lazy("补正材料"),
    Step.RECHECK: gettext_lazy("单位复核推荐"),
    Step.SECOND: gettext_lazy("评审服务机构复审"),
    Step.FEE: gettext_lazy("缴费"),
    Step.DEFENCE: gettext_lazy("答辩"),
    Step.VOTE: gettext_lazy("评审委员会评审"),
    Step.RESULT: gettext_lazy("验收和结果公示"),
    Step.CERTIFICATE: gettext_lazy("取得电子职称证书"),
}
BASES = {
    Step.FILL: "R-024",
    Step.EMPLOYER: "R-071",
    Step.NOTICE: "R-072",
    Step.RECOMMEND: "R-073",
    Step.REVIEW: "R-026",
    Step.CORRECT: "R-091",
    Step.RECHECK: "R-078",
    Step.SECOND: "R-078",
    Step.FEE: "R-101",
    Step.DEFENCE: "R-105",
    Step.VOTE: "R-112",
    Step.RESULT: "R-122",
    Step.CERTIFICATE: "R-123",
}
CORRECTION_STEPS = frozenset({Step.CORRECT, Step.RECHECK, Step.SECOND})
OWN, EMPLOYERS = (
    frozenset({Step.FILL, Step.CORRECT, Step.FEE}),
    frozenset({Step.EMPLOYER, Step.NOTICE, Step.RECOMMEND, Step.RECHECK}),
)
AGENCYS = frozenset({Step.REVIEW, Step.SECOND, Step.DEFENCE})
PLACES = {
    A.DRAFT: Step.FILL,
    A.SUBMITTED: Step.EMPLOYER,
    A.RECOMMENDED: Step.REVIEW,
    A.UNDER_REVIEW: Step.REVIEW,
    A.RETURNED: Step.CORRECT,
    A.RESUBMITTED: Step.RECHECK,
    A.UNDER_SECOND_REVIEW: Step.SECOND,
    A.REVIEW_PASSED: Step.FEE,
    A.PAID: Step.DEFENCE,
    A.AWAITING_DEFENCE: Step.DEFENCE,
    A.READY_FOR_COMMITTEE: Step.VOTE,
    A.ON_AGENDA: Step.VOTE,
    A.VOTED_PASS: Step.VOTE,
    A.VOTED_FAIL: Step.VOTE,
    A.ACCEPTED: Step.RESULT,
    A.IN_RESULT_NOTICE: Step.RESULT,
    A.CLEARED: Step.CERTIFICATE,
    A.CERTIFIED: Step.CERTIFICATE,
}
NOTES: dict[Step, Words] = {
    Step.FILL: gettext_lazy("请在截止前核对并提交。"),
    Step.EMPLOYER: gettext_lazy("参保单位核对申报内容，核对属实后在单位内公示。请主动联系单位办理。"),
    Step.NOTICE: gettext_lazy("单位内公示不少于5个工作日，发布当日不计入。"),
    Step.RECOMMEND: gettext_lazy("公示期满无异议，由单位负责人签署推荐意见。"),
    Step.REVIEW: gettext_lazy("评审服务机构核对材料。需要补正的，一次性告知全部内容，只能补正一次。"),
    Step.CORRECT: gettext_lazy("请按补正内容修改后提交，逾期视为放弃申报。"),
    Step.RECHECK: gettext_lazy("单位复核补正后的内容；公示过的内容有变化的，重新公示。"),
    Step.SECOND: gettext_lazy("评审服务机构审核补正后的材料，通过或者不通过，不再退回。"),
    Step.FEE: gettext_lazy("请在截止前在线缴费，逾期视为放弃申报。"),
    Step.DEFENCE: gettext_lazy("答辩的时间地点以短信通知；收到短信后，请登录平台下载答辩通知书。"),
    Step.VOTE: gettext_lazy("已列入待评审名单，等候评审委员会召开会议。评审结果在验收后告知。"),
    Step.RESULT: gettext_lazy("评审结果已通过验收，公示不少于5个工作日，期满无异议的核发证书。"),
    Step.CERTIFICATE: gettext_lazy("公示期满无异议，由市人力资源社会保障局分批核发电子职称证书。"),
}
LATER_NOTES: dict[Step, Words] = {
    Step.FEE: gettext_lazy("机构审核通过后收到缴费通知。"),
    Step.DEFENCE: gettext_lazy("以短信通知，登录平台下载答辩通知书。"),
    Step.RESULT: gettext_lazy("由市人力资源社会保障局验收并公示。"),
}


# The same of an association, which recommends whom no employer insures.
ASSOCIATIONS_NAMES: dict[Step, Words] = {
    Step.EMPLOYER: gettext_lazy("协会、学会审核"),
    Step.NOTICE: gettext_lazy("协会、学会公示"),
    Step.RECOMMEND: gettext_lazy("协会、学会推荐"),
    Step.RECHECK: gettext_lazy("协会、学会复核推荐"),
}
ASSOCIATIONS_NOTES: dict[Step, Words] = {
    Step.EMPLOYER: gettext_lazy("推荐协会、学会核对申报内容，核对属实后公示。请主动联系协会、学会办理。"),
    Step.NOTICE: gettext_lazy("协会、学会公示不少于5个工作日，发布当日不计入。"),
    Step.RECOMMEND: gettext_lazy("公示期满无异议，由协会、学会负责人签署推荐意见。"),
    Step.RECHECK: gettext_lazy("协会、学会复核补正后的内容；公示过的内容有变化的，重新公示。"),
}


@dataclass(frozen=True)
class _Span:
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def stages_of(course: Course) -> list[Stage]:
    """Return the stages of one application; one that ended stops where it ended, and nothing follows."""
    now, spans, ended = place_of(course), _spans(course), course.application.ended_at is not None
    stages = []
    for step in _steps(course):
        if step > now and ended:
            break
        state = StageState.DONE if step <= now else StageState.LATER
        if step == now and not course.application.is_certified:
            state = StageState.STOPPED if ended else StageState.NOW
        stages.append(_stage(step, state, spans.get(step, _Span()), course))
    return stages


def place_of(course: Course) -> Step:
    """Return the stage in which the application is, or in which it ended."""
    place = PLACES.get(A(course.position))
    if place is Step.DEFENCE and course.application.entry.level.key in JUNIOR:
        return Step.VOTE
    return place if place is not None else _place_at_employer(course)


def _place_at_employer(course: Course) -> Step:
    """Where the employer has got to; what ended is judged by the notice, for the employer's own state is closed then."""
    recommendation = course.recommendation
    if recommendation is None:
        return Step.EMPLOYER
    if recommendation.state in ON_NOTICE:
        return Step.NOTICE
    if recommendation.state == R.PUBLICISED:
        return Step.RECOMMEND
    notice = recommendation.notice
    if recommendation.state in {R.PENDING, R.CHECKING, R.SENT_BACK} or notice is None:
        return Step.EMPLOYER
    if notice.state == NoticeState.WITHDRAWN:
        return Step.EMPLOYER
    return Step.RECOMMEND if recommendation.publicised_at is not None else Step.NOTICE


def _steps(course: Course) -> Iterator[Step]:
    application = course.application
    for step in Step:
        if step in CORRECTION_STEPS and not application.return_count:
            continue
        if step in EMPLOYERS and application.on_paper:
            continue
        if step is Step.DEFENCE and application.entry.level.key in JUNIOR:
            continue
        yield step


def _spans(course: Course) -> dict[Step, _Span]:
    """Return since when and until when of each stage, from what the ledger says and from the deadlines that wait."""
    application, schedule = course.application, course.application.schedule
    returned = course.last("return_once")
    submitted = course.last("submit")
    recommended = course.first("recommend") or course.first("recommend_on_paper")
    posted = course.last("publicise", until=recommended)
    cleared = course.last("clear", until=recommended)
    begun = max((at for at in (submitted, course.last("reopen_recommendation")) if at), default=None)
    if begun and posted and posted < begun:
        posted = cleared = None
    employers = course.due(EMPLOYER_WINDOW)
    ends = course.notice_end.due_at if course.notice_end else None
    agencys = schedule.agency_closes_at if schedule else None
    resubmitted, confirmed = course.last("resubmit"), course.last("confirm") or course.last("confirm_on_paper")
    passed, paid = course.last("pass_review"), course.last("revive") or course.last("pay")
    heard = course.last("complete_defence") or course.last("skip_defence")
    accepted, settled = course.last("accept_result"), course.last("clear_result") or course.last("exempt_from_notice")
    return {
        Step.FILL: _Span(course.first("open"), submitted or course.due(WINDOW)),
        Step.EMPLOYER: _Span(submitted, posted or employers),
        Step.NOTICE: _Span(posted, cleared or ends),
        Step.RECOMMEND: _Span(cleared, recommended or employers),
        Step.REVIEW: _Span(recommended, returned or passed or agencys),
        Step.CORRECT: _Span(returned, resubmitted or course.due(CORRECTION)),
        Step.RECHECK: _Span(resubmitted, confirmed or course.due(RECHECK)),
        Step.SECOND: _Span(confirmed, passed or (agencys if confirmed and agencys and confirmed < agencys else None)),
        Step.FEE: _Span(passed, paid or course.due(FEE)),
        Step.DEFENCE: _Span(paid, heard),
        Step.VOTE: _Span(
            heard, accepted or (schedule.committee_closes_at if schedule and application.is_live else None)
        ),
        Step.RESULT: _Span(accepted, settled),
        Step.CERTIFICATE: _Span(settled, course.last("certify")),
    }


def _stage(step: Step, state: StageState, span: _Span, course: Course) -> Stage:
    application = course.application
    is_past = state in {StageState.DONE, StageState.NOW, StageState.STOPPED}
    until = application.ended_at if state is StageState.STOPPED else span.until
    return Stage(
        name=(ASSOCIATIONS_NAMES if _is_associations(course) else NAMES).get(step, NAMES[step]),
        state=state,
        holder=_holder(step, course),
        since=span.since if is_past else None,
        until=until if is_past or step is Step.VOTE else None,
        basis=BASES[step],
        note=_note(step, state, course),
    )


def _holder(step: Step, course: Course) -> Words:
    entry = course.application.entry
    if step in OWN:
        return _("本人")
    if step in EMPLOYERS:
        employer = course.recommendation.organisation if course.recommendation else course.application.employer
        return employer.name if employer else _("参保单位")
    if step in AGENCYS:
        return str(entry.agency or "")
    return str(entry.committee or "") if step is Step.VOTE else _("市人力资源社会保障局")


def _note(step: Step, state: StageState, course: Course) -> Words:
    if state is StageState.STOPPED:
        return course.application.end_reason or course.application.get_state_display()
    if state is StageState.LATER:
        return LATER_NOTES.get(step, "")
    if state is StageState.NOW and course.application.hold != Hold.NONE:
        return hold_words(course)
    notes = ASSOCIATIONS_NOTES if _is_associations(course) else NOTES
    return notes.get(step, NOTES.get(step, "")) if state is StageState.NOW else ""


def _is_associations(course: Course) -> bool:
    return course.application.channel == Channel.FREELANCER


def hold_words(course: Course) -> str:
    """Say what a hold means for the person: never who objected, nor what is looked into before the person is told."""
    if course.application.hold == Hold.OBJECTION:
        return _("公示期间收到异议，单位正在核查。公示照常进行，核查办结后才能推荐；需要您说明情况的，单位会与您联系。")
    return _("这份申报正在核查，核查办结前暂停办理，办理期限暂停计算；需要您配合的，会另行通知。")
