"""What must hold before a batch of results, or one person of it, moves through acceptance (domain §8.7)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import ApplicationState, Hold
from portal.catalogue.enums import Channel
from portal.shared.errors import Reason
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard
from review.enums.accepting import AFTER_DECISION, NEEDED_PAPERS, CaseState, PaperKind

if TYPE_CHECKING:
    from review.models import AcceptedCase, ResultAcceptance

FEWEST_SIGNS = 10


@guard(gettext_lazy("材料不齐。"), basis="R-120")
def papers_attached(batch: "ResultAcceptance", attempt: Attempt) -> bool | str:
    """Report, minutes and count sheet lie with the batch."""
    missing = NEEDED_PAPERS - set(batch.papers.values_list("kind", flat=True))
    if not missing:
        return True
    words = joined(str(kind.label) for kind in PaperKind if kind in missing)
    return _("报送材料缺少：%(papers)s。") % {"papers": words}


@guard(gettext_lazy("请补充退回时列明的材料，或者说明情况。"), basis="A-23", needs=("answer",), field="answer")
def answered(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """What was asked for is answered: by a paper that came since, or in words."""
    since = batch.papers.filter(attached_at__gte=batch.state_since, kind=PaperKind.OTHER).exists()
    return since or len(str(attempt.facts.get("answer", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("请写明理由，至少10个字。"), basis="A-23", needs=("reason",), field="reason")
def reason_given(subject: "ResultAcceptance | AcceptedCase", attempt: Attempt) -> bool:
    """Whoever is affected learns why."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("经办人和负责人应为不同的人，请由另一位负责人决定。"), basis="A-23")
def another_checked(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """Four eyes: whoever took the batch and looked it over does not decide on it."""
    return attempt.by.person is None or batch.taken_by_id != attempt.by.person.pk


@guard(gettext_lazy("您是本批次的申报人，不能办理。"), basis="A-23")
def not_in_the_batch(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """Nobody takes part in the acceptance of their own result."""
    person = attempt.by.person
    return person is None or not batch.cases.filter(application__applicant=person).exists()


@guard(gettext_lazy("报送内容与会议记录不一致。"), basis="R-120", needs=("digest",))
def record_is_unchanged(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """What is accepted is exactly what was reported: session, papers, persons and counts."""
    return attempt.facts.get("digest") == batch.digest


@guard(gettext_lazy("自动核查没有通过。"), basis="R-148", needs=("failures",))
def checks_hold(batch: "ResultAcceptance", attempt: Attempt) -> bool | list[Reason]:
    """Nothing speaks against what is accepted; each failure is a reason on its own rule."""
    failures = attempt.facts.get("failures")
    return False if failures is None else list(failures)


@guard(gettext_lazy("请选择暂缓验收的人员，并且至少验收一人。"), basis="A-23", needs=("held",), field="held")
def some_held_some_not(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """Nobody held is a full acceptance; everybody held is none."""
    held = set(attempt.facts.get("held") or ())
    known = set(batch.cases.filter(state=CaseState.REPORTED).values_list("pk", flat=True))
    return bool(held) and held < known


@guard(gettext_lazy("还有人员没有办结公示。"), basis="R-123")
def everybody_went_on(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """Nobody of the batch waits for a notice, stands on one, or is held any more."""
    return not batch.unfinished().exists()


@guard(gettext_lazy("还有人员等候核发证书。"), basis="R-123")
def everybody_is_certified(batch: "ResultAcceptance", attempt: Attempt) -> bool:
    """Nobody of the batch is cleared and without a certificate."""
    return not batch.uncertified().exists()


@guard(gettext_lazy("批次尚未验收，或者该人员的申报已不在验收环节。"), basis="R-121")
def waits_for_acceptance(case: "AcceptedCase", attempt: Attempt) -> bool:
    """The batch was decided, and the application still stands where its vote left it."""
    voted = {ApplicationState.VOTED_PASS, ApplicationState.VOTED_FAIL}
    return case.acceptance.state in AFTER_DECISION and case.application.state in voted


@guard(gettext_lazy("该人员正在核查，核查办结前不能验收。"), basis="A-08")
def nothing_holds_it(case: "AcceptedCase", attempt: Attempt) -> bool:
    """An open investigation is waited for."""
    return case.application.hold == Hold.NONE


@guard(gettext_lazy("自动核查没有通过。"), basis="R-148", needs=("failures",))
def case_holds(case: "AcceptedCase", attempt: Attempt) -> bool | list[Reason]:
    """Nothing speaks against this person's result, asked anew."""
    failures = attempt.facts.get("failures")
    return False if failures is None else list(failures)


@guard(gettext_lazy("经办人和负责人应为不同的人，请由另一位负责人决定。"), basis="A-23")
def another_checked_it(case: "AcceptedCase", attempt: Attempt) -> bool:
    """Four eyes for one person as for the batch."""
    return attempt.by.person is None or case.acceptance.taken_by_id != attempt.by.person.pk


@guard(gettext_lazy("只有已告知评审未通过的人员，才能按复查决定重新评审。"), basis="A-24")
def was_told_of_failing(case: "AcceptedCase", attempt: Attempt) -> bool:
    """Who passed has nothing to review, and before the outcome is told the bureau itself orders the new vote."""
    return not case.is_pass and case.application.state == ApplicationState.NOT_PASSED


@guard(
    gettext_lazy("请填写复查或者申诉决定的文号，并上传决定书。"),
    basis="A-24",
    needs=("decision_number", "decision"),
    field="decision_number",
)
def decision_shown(case: "AcceptedCase", attempt: Attempt) -> bool:
    """A told outcome falls by a decision alone, which is named and kept: a document, or a review answered on the portal."""
    number = str(attempt.facts.get("decision_number", "")).strip()
    is_here = number == attempt.facts.get("review_request")
    return bool(number) and (is_here or attempt.facts.get("decision") is not None)


@guard(gettext_lazy("只有已验收、尚未公示的考核认定人员，才能批准不公开公示。"), basis="A-12")
def may_be_exempted(case: "AcceptedCase", attempt: Attempt) -> bool:
    """Only the talent channel knows results that are not fit for disclosure, and only before they were shown."""
    application = case.application
    return application.channel == Channel.TALENT and application.state == ApplicationState.ACCEPTED


@guard(gettext_lazy("还没有负责人提出不公开公示。"), basis="A-12")
def exemption_proposed(case: "AcceptedCase", attempt: Attempt) -> bool:
    """A lead gave the reason first."""
    return case.exemption_by_id is not None


@guard(gettext_lazy("提出人不能同时批准，请由另一位负责人批准。"), basis="A-12")
def second_approver(case: "AcceptedCase", attempt: Attempt) -> bool:
    """An exemption by one person alone is none."""
    return attempt.by.person is None or case.exemption_by_id != attempt.by.person.pk


@guard(gettext_lazy("只有公示中更正或者撤回、等待重新公示的人员，才能更正公示内容。"), basis="A-08")
def waits_for_a_new_notice(case: "AcceptedCase", attempt: Attempt) -> bool:
    """What runs is not changed under the public's eyes, and what was never shown is composed from the record."""
    return case.waits_for_a_new_notice


@guard(gettext_lazy("您是申报人本人，不能办理。"), basis="A-08")
def not_ones_own(case: "AcceptedCase", attempt: Attempt) -> bool:
    """Nobody corrects what is shown of themselves."""
    return attempt.by.person is None or case.application.applicant_id != attempt.by.person.pk


@guard(
    gettext_lazy("请填写更正后的工作单位和专业，至少一项与原公示不同。"),
    basis="A-08",
    needs=("unit", "specialty"),
    field="unit",
)
def something_is_corrected(case: "AcceptedCase", attempt: Attempt) -> bool:
    """A notice with the same content needs no correction."""
    given = [str(attempt.facts.get(name, "")).strip() for name in ("unit", "specialty")]
    return all(given) and given != [case.unit_in_force, case.specialty_in_force]
