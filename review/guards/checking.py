"""What must hold before the agency's check moves; every refusal says what to do and on which rule."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.queries import people_holding
from portal.accounts.roles import Role
from portal.accounts.rules import agency_lead
from portal.shared import clock
from portal.workflow import Attempt, guard
from review.enums.checking import FEWEST_SIGNS, Ground, Proposal

if TYPE_CHECKING:
    from review.models import AgencyReview


@guard(gettext_lazy("本机构的评审工作已被暂停，恢复前不能办理。"), basis="R-152")
def not_suspended(review: "AgencyReview", attempt: Attempt) -> bool:
    """A suspended agency decides nothing; the clocks of its applicants stand still."""
    return review.suspended_since is None


@guard(gettext_lazy("本件已分配给他人，请由其本人办理或者由负责人改派。"), basis="R-090")
def not_anothers(review: "AgencyReview", attempt: Attempt) -> bool | str:
    """What was given to one clerk is not taken by another; the lead may."""
    if review.assignee is None or attempt.by.person == review.assignee or agency_lead.test(attempt.by):
        return True
    return _("本件已分配给%(who)s，请由其本人办理或者由负责人改派。") % {"who": review.assignee.full_name}


@guard(gettext_lazy("只有本件的审核人可以提出意见；需要改由您审核的，请先改派。"), basis="R-090")
def handled_by_maker(review: "AgencyReview", attempt: Attempt) -> bool:
    """One person answers for what was found."""
    return attempt.by.person is not None and attempt.by.person.pk == review.assignee_id


@guard(gettext_lazy("审核意见已提交复核，不能重复提出；需要修改的请先撤回意见。"), basis="R-096")
def nothing_proposed(review: "AgencyReview", attempt: Attempt) -> bool:
    """One proposal at a time."""
    return not review.proposal


@guard(gettext_lazy("请选择审核意见。"), basis="R-090", needs=("proposal",), field="proposal")
def proposal_chosen(review: "AgencyReview", attempt: Attempt) -> bool:
    """Pass, return or reject."""
    return attempt.facts.get("proposal") in Proposal.values


@guard(gettext_lazy("请逐项审核全部内容。"), basis="R-090", needs=("proposal", "undecided"), field="proposal")
def everything_decided(review: "AgencyReview", attempt: Attempt) -> bool | str:
    """Passing needs every item; returning too, as nothing can be told later (R-091). A rejection needs its reason alone."""
    undecided = attempt.facts.get("undecided", 0)
    if _kind(review, attempt) == Proposal.REJECT or not undecided:
        return True
    return _("还有%(count)s项未审核；通过或者退回前须审核全部内容。") % {"count": undecided}


@guard(gettext_lazy("有需补正的项目，不能通过。"), basis="R-096", needs=("proposal", "defective"), field="proposal")
def no_defect_when_passing(review: "AgencyReview", attempt: Attempt) -> bool | str:
    """Only a file in which every item is right passes."""
    defective = attempt.facts.get("defective", 0)
    if _kind(review, attempt) != Proposal.PASS or not defective:
        return True
    return _("有%(count)s项需补正，不能通过；请退回补正、不予通过，或者更正审核结果。") % {"count": defective}


@guard(
    gettext_lazy("没有需补正的项目；退回时须一次性告知全部补正内容。"),
    basis="R-091",
    needs=("proposal", "defective"),
    field="proposal",
)
def defects_when_returning(review: "AgencyReview", attempt: Attempt) -> bool:
    """A return tells at least one thing to correct; every found defect is told (its text is kept with the finding)."""
    return _kind(review, attempt) != Proposal.RETURN or bool(attempt.facts.get("defective", 0))


@guard(
    gettext_lazy("材料只能退回补正一次，本件已经退回过，只能通过或者不予通过。"),
    basis="R-091",
    needs=("proposal",),
    field="proposal",
)
def returned_only_once(review: "AgencyReview", attempt: Attempt) -> bool:
    """Once is the word, unless the bureau authorised one more for the agency's own error (A-09)."""
    application = review.application
    return _kind(review, attempt) != Proposal.RETURN or application.return_count < application.returns_allowed


@guard(
    gettext_lazy("请写明不通过的原因，至少10个字，申报人将看到。"), basis="R-090", needs=("proposal",), field="reason"
)
def reason_when_rejecting(review: "AgencyReview", attempt: Attempt) -> bool:
    """Nobody is turned away without a reason."""
    reason = str(attempt.facts.get("reason") or "").strip()
    return _kind(review, attempt) != Proposal.REJECT or len(reason) >= FEWEST_SIGNS


@guard(gettext_lazy("请选择不通过所依据的规定。"), basis="R-090", needs=("proposal",), field="basis")
def rule_when_rejecting(review: "AgencyReview", attempt: Attempt) -> bool:
    """Nor without the rule on which it rests."""
    return _kind(review, attempt) != Proposal.REJECT or attempt.facts.get("basis") in Ground.values


@guard(gettext_lazy("审核人尚未提出意见。"), basis="R-096")
def something_proposed(review: "AgencyReview", attempt: Attempt) -> bool:
    """There is something to confirm, or to take back."""
    return bool(review.proposal)


@guard(gettext_lazy("审核人没有建议通过。"), basis="R-096")
def passing_proposed(review: "AgencyReview", attempt: Attempt) -> bool:
    """The lead confirms what was proposed, or sends it back."""
    return review.proposal == Proposal.PASS


@guard(gettext_lazy("审核人没有建议退回补正。"), basis="R-091")
def return_proposed(review: "AgencyReview", attempt: Attempt) -> bool:
    """The lead confirms what was proposed, or sends it back."""
    return review.proposal == Proposal.RETURN


@guard(gettext_lazy("审核人没有建议不通过。"), basis="R-090")
def rejection_proposed(review: "AgencyReview", attempt: Attempt) -> bool:
    """The lead confirms what was proposed, or sends it back."""
    return review.proposal == Proposal.REJECT


@guard(gettext_lazy("审核与复核须由不同的人办理，您提出了审核意见，不能由您本人确认。"), basis="R-096")
def another_proposed(review: "AgencyReview", attempt: Attempt) -> bool | str:
    """Four eyes: who proposed, or found anything on the version that is decided, is not who confirms."""
    who = attempt.by.person
    if who is None or review.proposed_by_id is None:
        return True
    if who.pk == review.proposed_by_id:
        return False
    if review.findings.filter(snapshot=review.snapshot_id, by=who, carried=False).exists():
        return _("审核与复核须由不同的人办理，本件有您作出的审核结果，请由另一位负责人确认，或者退回由审核人逐项审核。")
    return True


@guard(gettext_lazy("请写明退回重审的原因，至少10个字。"), basis="R-096", needs=("reason",), field="reason")
def remark_unless_own(review: "AgencyReview", attempt: Attempt) -> bool:
    """Who proposed may take it back without a word; the lead tells what to look at again."""
    own = attempt.by.person is not None and attempt.by.person.pk == review.proposed_by_id
    return own or len(str(attempt.facts.get("reason") or "").strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("只有提出意见的人或者本机构负责人可以撤回意见。"), basis="R-096")
def own_or_lead(review: "AgencyReview", attempt: Attempt) -> bool:
    """A colleague's proposal is the colleague's."""
    own = attempt.by.person is not None and attempt.by.person.pk == review.proposed_by_id
    return own or agency_lead.test(attempt.by) is True


@guard(gettext_lazy("该申报不在补正状态。"), basis="R-093")
def application_ended(review: "AgencyReview", attempt: Attempt) -> bool:
    """The review follows its application."""
    return not review.application.is_live


def _kind(review: "AgencyReview", attempt: Attempt) -> str:
    """Return what is proposed now, or what was when the lead confirms it."""
    return str(attempt.facts.get("proposal") or review.proposal)


@guard(gettext_lazy("本件原不通过结论由您作出，经复查予以纠正，请由另一位负责人重新作出结论。"), basis="A-24")
def not_corrected_by_a_review(review: "AgencyReview", attempt: Attempt) -> bool:
    """Whose decision a review found wrong does not decide again, as long as another lead of the agency can."""
    who = attempt.by.person
    if who is None or who.pk != review.rejected_by_id:
        return True
    leads = people_holding(frozenset({Role.AGENCY_LEAD}), review.agency, on=clock.day_of(attempt.at))
    return not leads.exclude(pk__in={who.pk, review.proposed_by_id or who.pk}).exists()
