"""What must hold before a request is handled, answered or taken to the second instance (domain §8.17)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from portal.accounts.queries import people_holding
from portal.accounts.roles import OrganisationKind
from portal.deadlines import setting
from portal.ledger.queries import history_of
from portal.redress.enums import ANSWER, NotAdmittedGround
from portal.redress.registry import matter_of
from portal.redress.rules import LEADS, STAFF
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.redress.models import ReviewRequest

FEWEST_SIGNS, EYES = 10, 2


@guard(gettext_lazy("您参与过所复查的审核、评审或者决定，或者是申请人本人，不能办理本申请。"), basis="R-130")
def not_involved(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Nobody looks again at what they did themselves, nor at their own answer of the first instance."""
    person = attempt.by.person
    return person is None or person.pk not in _involved(request)


@guard(gettext_lazy("受理人和决定人应为不同的人，请由另一位负责人决定。"), basis="A-24")
def another_handled(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Four eyes: whoever took the request up does not decide on it."""
    return attempt.by.person is None or request.handled_by_id != attempt.by.person.pk


@guard(gettext_lazy("请先由经办人受理复核，再由另一位负责人决定。"), basis="A-24")
def taken_up(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Somebody looked into it at the second instance, too."""
    return request.handled_by_id is not None


@guard(gettext_lazy("请写明答复的理由，至少10个字，将送达申请人。"), basis="R-130", needs=("answer",), field="answer")
def answer_given(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Every answer has written reasons."""
    return len(str(attempt.facts.get("answer", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("请选择不予受理的理由。"), basis="A-24", needs=("ground",), field="ground")
def ground_given(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Only what the rules name keeps a request out."""
    return attempt.facts.get("ground") in NotAdmittedGround.values


@guard(gettext_lazy("请写明延期的原因，将告知申请人。"), basis="A-24", needs=("reason",), field="reason")
def reason_of_extension(request: "ReviewRequest", attempt: Attempt) -> bool:
    """Whoever waits learns why it takes longer."""
    return bool(str(attempt.facts.get("reason", "")).strip())


@guard(gettext_lazy("答复期限已过，不能延长。"), basis="A-24")
def time_to_answer_runs(request: "ReviewRequest", attempt: Attempt) -> bool:
    """What is over cannot be lengthened."""
    return setting.waiting(ANSWER, request) is not None


@guard(gettext_lazy("现在不能恢复该申报。"), basis="A-24")
def can_be_taken_back(request: "ReviewRequest", attempt: Attempt) -> bool | list[Reason]:
    """The room of the subject may know what stands against it."""
    return matter_of(request.subject).reasons_against_upholding(request, attempt.at) or True


@guard(
    gettext_lazy("本申请已由市人力资源社会保障局答复，不能再申请复核；可以依法申请行政复议或者提起诉讼。"), basis="A-24"
)
def somebody_stands_above(request: "ReviewRequest", attempt: Attempt) -> bool:
    """The bureau is the last instance."""
    return request.handler.kind != OrganisationKind.BUREAU


@guard(gettext_lazy("申请复核的期限已过。"), basis="A-24")
def in_time_to_go_higher(request: "ReviewRequest", attempt: Attempt) -> bool:
    """The same working days as for the first request, counted from the answer; the bureau's own answer has no such time."""
    until = request.may_go_higher_until
    return until is None or attempt.at < until


@guard(gettext_lazy("所复查的结果已经不再有效，不必申请复核。"), basis="A-24")
def outcome_stands(request: "ReviewRequest", attempt: Attempt) -> bool:
    """What was taken back meanwhile needs no second look."""
    outcome = matter_of(request.subject).outcome(request.subject)
    return outcome is not None and outcome.at == request.told_at


@guard(gettext_lazy("本机构还有未参与过的人员可以办理和决定，不能转交。"), basis="A-24")
def nobody_here_may_answer(request: "ReviewRequest", attempt: Attempt) -> bool:
    """An agency hands on what it cannot answer with four eyes that saw nothing of it before; time asks nobody."""
    if attempt.by.person is None:
        return True
    involved, day = _involved(request), clock.day_of(attempt.at)
    free = {*people_holding(STAFF, request.handler, on=day).values_list("pk", flat=True)} - involved
    leads = {*people_holding(LEADS, request.handler, on=day).values_list("pk", flat=True)} & free
    return not leads or len(free) < EYES


def _involved(request: "ReviewRequest") -> frozenset[int]:
    acted: frozenset[int] = frozenset()
    if request.handler_id != request.first_handler_id:
        steps = history_of(request).filter(organisation=request.first_handler).exclude(person=None)
        acted = frozenset(steps.values_list("person", flat=True))
    return matter_of(request.subject).involved(request.subject) | acted | {request.person_id}


@guard(
    gettext_lazy("请写明对答复中哪些程序或者事实不服，至少10个字。"),
    basis="A-24",
    needs=("objection",),
    field="objection",
)
def says_what_is_wrong(request: "ReviewRequest", attempt: Attempt) -> bool:
    """The second instance must know what to look at."""
    return len(str(attempt.facts.get("objection", "")).strip()) >= FEWEST_SIGNS
