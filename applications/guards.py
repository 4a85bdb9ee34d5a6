"""What must hold before an application or a recommendation moves; every refusal says what to do and on which rule."""

from typing import TYPE_CHECKING

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import (
    EMPLOYER_WINDOW,
    RECHECK,
    WORKED_OFF,
    ApplicationState,
    Hold,
    RecommendationState,
    Recommender,
    RefusalGround,
    System,
)
from portal.catalogue import queries as catalogue
from portal.catalogue.enums import Channel
from portal.catalogue.models import Recognition
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.deadlines.terms import end_of_count
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workdays.queries import calendar_in_force
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from applications.models import Application, Recommendation

FEWEST_SIGNS = 10


# --- The person's side ------------------------------------------------------------------------
@guard(gettext_lazy("个人申报时间已过。"), basis="R-024")
def inside_the_window(application: "Application", attempt: Attempt) -> bool | str:
    """Submission counts to 24:00 of the last day, to the very instant."""
    reopened = application.reopened_until
    if reopened is not None and attempt.at < reopened:
        return True
    schedule = application.schedule
    if schedule is None or not schedule.is_in_force:
        return _("申报时间尚未公布。")
    if schedule.takes_applications(attempt.at):
        return True
    window = catalogue.windows_of(schedule, attempt.at)[0]
    return _("个人申报时间为%(dates)s（24:00截止），%(status)s。") % {"dates": window.dates, "status": window.status}


@guard(gettext_lazy("所选评审委员会不能受理您的申报。"), basis="R-063")
def still_on_offer(application: "Application", attempt: Attempt) -> list[Reason]:
    """The chosen row is on the list, reviewed, in good standing, and of the insured employer's district (R-003, R-035)."""
    dossier = attempt.facts.get("dossier")
    district = dossier.district if dossier is not None else application.entry.district
    reasons = catalogue.reasons_against_choosing(application.entry, district=district, at=attempt.at)
    return [reason for reason in reasons if reason.code != "window_not_open"]


@guard(gettext_lazy("您目前被限制申报职称。"), basis="R-143")
def not_barred(application: "Application", attempt: Attempt) -> list[Reason]:
    """A decided bar counts from the day of the decision."""
    return [bar.reason for bar in integrity.bars_on(application.applicant, at=attempt.at, kinds={BarKind.APPLY})]


@guard(gettext_lazy("申报材料尚不完整，或者不符合申报条件，请按任务清单补充。"), basis="R-057", needs=("dossier",))
def dossier_is_complete(application: "Application", attempt: Attempt) -> bool | list[Reason]:
    """Everything needed stands there and the conditions are met; each finding is a reason on its own rule."""
    dossier = attempt.facts.get("dossier")
    return False if dossier is None else list(dossier.reasons)


@guard(gettext_lazy("请阅读并确认个人诚信承诺。"), basis="R-064", needs=("commitment",), field="commitment")
def commitment_made(application: "Application", attempt: Attempt) -> bool:
    """The person answers for the truth of the material."""
    return attempt.facts.get("commitment") is True


@guard(gettext_lazy("单位已发布公示，不能取回。如需停止申报，可以撤回申报。"), basis="R-072")
def not_yet_publicised(application: "Application", attempt: Attempt) -> bool:
    """What others were shown cannot change under their eyes."""
    state = application.recommendation.state
    return state in {RecommendationState.PENDING, RecommendationState.CHECKING, RecommendationState.SENT_BACK}


@guard(gettext_lazy("个人申报时间已过，不能退回申报人修改；请继续审核推荐或者不予推荐。"), basis="R-024")
def may_be_edited_again(application: "Application", attempt: Attempt) -> bool | str:
    """The person must be able to submit again: inside the window, or in the time given after an objection."""
    if attempt.facts.get("reopened_until") is not None:
        return True
    return inside_the_window.test(application, attempt) is True


@guard(gettext_lazy("系统查询的参保单位已不是本单位，请申报人核对后重新提交。"), basis="R-070")
def still_insured_there(application: "Application", attempt: Attempt) -> bool:
    """The register's last answer still names this employer; where it did not answer the agency looks (A-46)."""
    found = application.applicant.lookups.filter(system=System.INSURANCE).values_list("answer", flat=True).first()
    if not found or not found.get("employer") or application.employer is None:
        return True
    return bool(found["employer"]["credit_code"] == application.employer.credit_code)


@guard(gettext_lazy("请先在推荐页面选择理由并说明不予推荐的原因。"), basis="R-071")
def employer_refused(application: "Application", attempt: Attempt) -> bool:
    """The application follows its recommendation."""
    return bool(application.recommendation.state == RecommendationState.REFUSED)


@guard(gettext_lazy("请先完成公示并签署推荐意见。"), basis="R-073")
def employer_recommended(application: "Application", attempt: Attempt) -> bool:
    """The application follows its recommendation."""
    return bool(application.recommendation.state == RecommendationState.RECOMMENDED)


@guard(gettext_lazy("该申报正在核查，核查办结前不能推荐。"), basis="A-08")
def not_on_hold(application: "Application", attempt: Attempt) -> bool:
    """A hold stops one person and nobody else."""
    return application.hold == Hold.NONE


@guard(gettext_lazy("期限尚未届满。"), basis="R-025")
def time_is_over(application: "Application", attempt: Attempt) -> bool:
    """Nothing lapses early, whatever a timer says: the schedule may have been amended to a later day."""
    schedule = application.schedule
    if application.state == ApplicationState.RESUBMITTED or schedule is None:
        return True
    if application.state == ApplicationState.DRAFT:
        closes = max(schedule.individual_closes_at, application.reopened_until or schedule.individual_closes_at)
        return attempt.at >= closes
    return attempt.at >= schedule.employer_closes_at


@guard(gettext_lazy("材料只能退回补正一次，本件已经退回过。"), basis="R-091")
def not_returned_before(application: "Application", attempt: Attempt) -> bool:
    """Once is the word; an agency's own error may be mended once more where the bureau authorised it."""
    return application.return_count < application.returns_allowed


@guard(gettext_lazy("请一次性列明全部补正内容。"), basis="R-091", needs=("defects",), field="defects")
def every_defect_is_told(application: "Application", attempt: Attempt) -> bool:
    """A return without reasons would be a silent one."""
    defects = attempt.facts.get("defects") or []
    return bool(defects) and all(defect["text"].strip() for defect in defects)


@guard(gettext_lazy("该申报正在核查，核查办结前不能办理。"), basis="A-08")
def nothing_holds_it(application: "Application", attempt: Attempt) -> bool:
    """What is being looked into waits for the outcome."""
    return application.hold == Hold.NONE


@guard(gettext_lazy("只有考核认定的人员，才能批准不公开公示。"), basis="A-12")
def talent_channel(application: "Application", attempt: Attempt) -> bool:
    """Results of every other channel are publicised without exception."""
    return application.channel == Channel.TALENT


@guard(gettext_lazy("请先由审核人作出结论。"), basis="R-096", needs=("decided",))
def agency_decided(application: "Application", attempt: Attempt) -> bool:
    """The application follows its review: somebody found, and another of the agency confirmed."""
    return attempt.facts.get("decided") is True


@guard(gettext_lazy("本年度已有另一份进行中的申报。"), basis="A-25")
def no_other_this_year(application: "Application", attempt: Attempt) -> bool:
    """A person has one live application a year; what ended revives none beside another, neither late money nor a review."""
    others = type(application).objects.counted().filter(applicant=application.applicant_id, year=application.year)
    return not others.exclude(pk=application.pk).exists()


# --- The employer's side ----------------------------------------------------------------------
@guard(gettext_lazy("请写明原因，至少10个字，申报人将看到。"), basis="R-071", needs=("reason",), field="reason")
def reason_given(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """Nobody is turned away without a reason."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("请选择不予推荐的理由。"), basis="R-071", needs=("ground",), field="ground")
def ground_given(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """One of the four grounds."""
    return attempt.facts.get("ground") in RefusalGround.values


@guard(gettext_lazy("请逐项核对全部内容后再继续。"), basis="R-071")
def everything_checked(recommendation: "Recommendation", attempt: Attempt) -> bool | str:
    """Every part of the present snapshot was found right by somebody of the employer."""
    present = recommendation.application.snapshots.filter(discarded_at=None).order_by("-number")
    snapshot = attempt.facts.get("snapshot") or present.first()
    if snapshot is None:
        return False
    parts = set(snapshot.content["parts"])
    found = dict(recommendation.checks.filter(snapshot=snapshot).values_list("part", "is_right"))
    unchecked, wrong = len(parts - found.keys()), sum(not found.get(part, True) for part in parts)
    if wrong:
        return _("有%(count)s项核对为不属实，请退回申报人修改或者不予推荐。") % {"count": wrong}
    return not unchecked or _("还有%(count)s项未核对。") % {"count": unchecked}


@guard(gettext_lazy("公示内容没有变化，无需重新公示，请直接复核确认。"), basis="A-09")
def content_changed_if_recommended_before(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """New publicity only where publicised content changed."""
    if recommendation.state != RecommendationState.RECHECKING:
        return True
    return bool(attempt.facts.get("shown", {}) != recommendation.publicised)


@guard(gettext_lazy("公示内容有变化，需要重新公示满期且无异议后才能推荐。"), basis="A-09", needs=("shown",))
def publicised_content_unchanged(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """What nobody could object to must not be recommended."""
    return bool(attempt.facts.get("shown") == recommendation.publicised)


@guard(gettext_lazy("现在发布公示已不能在单位推荐截止前期满。"), basis="A-34")
def can_finish_in_time(recommendation: "Recommendation", attempt: Attempt) -> bool | str:
    """Five full working days and a day to recommend must be left; a re-check and an objection's correction have time of their own."""
    application = recommendation.application
    if recommendation.state == RecommendationState.RECHECKING or recommendation.after_objection:
        return True
    schedule, deadline = application.schedule, setting.waiting(EMPLOYER_WINDOW, application)
    if schedule is None or deadline is None or deadline.due_at is None or attempt.at < schedule.employer_opens_at:
        return _("不在单位审核推荐时间内。")
    days = catalogue.policy_of(application.policy_code).number("publicity.min_workdays")
    ends = end_of_count(calendar_in_force(), attempt.at, days, ()).due_at
    if ends is not None and ends < deadline.due_at:
        return True
    safe = catalogue.last_safe_posting(schedule)
    known = {"days": days, "safe": dateformat.format(safe, _("Y年n月j日")) if safe else _("无")}
    return (
        _("公示须满%(days)s个工作日并在单位推荐截止前完成推荐，最迟应于%(safe)s发布；现在发布已不能按期完成。") % known
    )


@guard(gettext_lazy("该申报正在诚信核查，核查办结前不能办理。"), basis="R-140")
def not_under_investigation(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """An integrity case stops the person until it is closed."""
    return recommendation.application.hold != Hold.INVESTIGATION


@guard(gettext_lazy("请填写推荐意见，至少10个字。"), basis="R-073", needs=("opinion",), field="opinion")
def opinion_given(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """The opinion is an important reference for the committee's vote (R-074)."""
    return len(str(attempt.facts.get("opinion", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("请填写单位考核结果。"), basis="R-076", needs=("assessment",), field="assessment")
def assessment_given(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """The employer's assessment is part of the quantified evaluation; an association employs nobody."""
    return recommendation.kind == Recommender.ASSOCIATION or bool(str(attempt.facts.get("assessment", "")).strip())


@guard(gettext_lazy("请确认单位真实性声明。"), basis="R-075", needs=("truth",), field="truth")
def truth_stated(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """The employer answers for the truth of what it recommends."""
    return attempt.facts.get("truth") is True


STATED_BY_THE_HEAD = (opinion_given, assessment_given, truth_stated)


@guard(gettext_lazy("单位推荐时间已过。"), basis="R-025")
def employer_time_runs(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """Inside the window, the grace after an objection (A-34), or the time of the re-check (A-09)."""
    deadline = _employers_deadline(recommendation)
    if deadline is None or _serves_only_what_was_asked(deadline, attempt):
        return False
    return deadline.due_at is None or attempt.at < deadline.due_at


@guard(gettext_lazy("单位推荐时间已过。"), basis="R-025")
def not_after_the_real_end(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """Time that is prolonged to work off what was asked in time (A-33) is nobody's to ask for anything else."""
    deadline = _employers_deadline(recommendation)
    return deadline is None or not _serves_only_what_was_asked(deadline, attempt)


def _serves_only_what_was_asked(deadline: Deadline, attempt: Attempt) -> bool:
    return deadline.basis == WORKED_OFF and attempt.at > deadline.started_at


def _employers_deadline(recommendation: "Recommendation") -> Deadline | None:
    application = recommendation.application
    kind = RECHECK if application.state == ApplicationState.RESUBMITTED else EMPLOYER_WINDOW
    return setting.waiting(kind, application)


# --- Associations -----------------------------------------------------------------------------
@guard(gettext_lazy("该协会、学会在公示起始日不在认可名单内，不能推荐自由职业者。"), basis="R-082")
def association_is_recognised(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """Recognised on the day on which its notice begins: now, or as the sealed papers say; employers need nobody's recognition."""
    if recommendation.kind != Recommender.ASSOCIATION:
        return True
    day = attempt.facts.get("notice_since") or clock.day_of(attempt.at)
    return Recognition.objects.holding_on(day).filter(association=recommendation.organisation_id).exists()


@guard(gettext_lazy("该申报没有选择纸质推荐。"), basis="A-16")
def is_on_paper(recommendation: "Recommendation", attempt: Attempt) -> bool:
    """Nothing is taken for sealed that the person did not hand in as sealed."""
    return recommendation.kind == Recommender.ASSOCIATION and recommendation.application.on_paper


@guard(gettext_lazy("盖章材料不齐全，或者公示不符合规定。"), basis="R-084", needs=("dossier",))
def sealed_papers_hold(recommendation: "Recommendation", attempt: Attempt) -> bool | list[Reason]:
    """Every paper is there, and notice and seal stand in their order; each finding is a reason on its own rule."""
    dossier = attempt.facts.get("dossier")
    return False if dossier is None else [*dossier.reasons_of("sealed"), *dossier.reasons_of("association")]
