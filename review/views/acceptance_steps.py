"""One step with results: reported and completed by the agency, taken, sent back, decided and publicised by the bureau."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.forms import Form
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import agency, bureau, bureau_lead
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.http.once import key_of
from portal.http.views import StepView, SubjectMixin
from review.domain import acceptance_queries, accepting, result_notices, upheld_reviews
from review.domain.acceptance_papers import PURPOSE
from review.enums.accepting import APPEAL_DECISION, CaseState
from review.interfaces import acceptance_pages as pages
from review.interfaces.acceptance_forms import (
    CompleteForm,
    CorrectionForm,
    DecisionForm,
    HoldForm,
    MissingForm,
    NoticeForm,
    ReasonForm,
    ReportForm,
)
from review.models import CommitteeSession
from review.views.acceptances import OneBatch, OneResult

Do = Callable[..., Any]


class AcceptanceStep(StepView):
    """A button or a short form, carried out by one call of the domain."""

    template_name = "review/acceptance/step.html"
    do: ClassVar[Do]

    @property
    def own_address(self) -> str:
        """The page that the step belongs to."""
        raise NotImplementedError

    def act(self, form: Form) -> Any:
        return type(self).do(self.subject, **form.cleaned_data, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return self.own_address

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(subject=self.subject, form=form, cancel_address=self.own_address)

    def taken(self, form: Form) -> StoredFile | None:
        """Return the file that the form brought, kept."""
        offer = form.cleaned_data.pop("paper")
        return offers.take(offer, purpose=PURPOSE, by=self.actor, at=self.at, field="paper") if offer else None


# --- The agency -------------------------------------------------------------------------------
class Report(AcceptanceStep, SubjectMixin):
    access = agency
    template_name = "review/acceptance/report.html"
    step = "report"
    form_class = ReportForm
    done_message = _("已报送验收。")
    subject: Any

    def visible(self) -> Any:
        return CommitteeSession.objects.of_agency(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The session's page."""
        return reverse("review:session", args=[self.subject.code])

    def act(self, form: Form) -> Any:
        paper = self.taken(form)
        self.batch = accepting.report(
            self.subject, paper=paper, **form.cleaned_data, by=self.actor, at=self.at, key=key_of(self.request)
        )
        return self.subject

    def next_address(self) -> str:
        return reverse("review:acceptance", args=[self.batch.code])


class ReportAgain(OneBatch, AcceptanceStep):
    access = agency
    template_name = "review/acceptance/report.html"
    step = "report_again"
    form_class = CompleteForm

    def act(self, form: Form) -> Any:
        paper, answer = self.taken(form), form.cleaned_data["answer"]
        now: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        return accepting.report_again(self.subject, paper=paper, answer=answer, **now)


# --- The bureau -------------------------------------------------------------------------------
class Take(OneBatch, AcceptanceStep):
    access = bureau
    step = "take"
    do = staticmethod(accepting.take)


class SendBack(OneBatch, AcceptanceStep):
    access = bureau
    step = "send_back"
    form_class = MissingForm
    do = staticmethod(accepting.send_back)


class Accept(OneBatch, AcceptanceStep):
    access = bureau_lead
    step = "accept"
    do = staticmethod(accepting.accept)


class AcceptPartly(OneBatch, AcceptanceStep):
    access = bureau_lead
    step = "accept_partly"
    do = staticmethod(accepting.accept_partly)

    def form(self, *data: Any) -> Form:
        found = accepting.checks_of(self.subject, self.at)
        cases = list(acceptance_queries.cases_of(self.subject).filter(state=CaseState.REPORTED))
        failing = [one.code for one in cases if pages.of_case(one, found) and found.cases[one.item_id].failed]
        return HoldForm(*data[:1], cases=cases, failing=failing)


class Refuse(OneBatch, AcceptanceStep):
    access = bureau_lead
    step = "refuse"
    form_class = ReasonForm
    do = staticmethod(accepting.refuse)


class PostNotice(OneBatch, AcceptanceStep):
    access = bureau
    template_name = "review/acceptance/notice.html"
    form_class = NoticeForm
    label = _("发布评审结果公示")
    done_message = _("评审结果公示已发布。")

    def act(self, form: Form) -> Any:
        now: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        result_notices.post(self.subject, **form.cleaned_data, **now)
        return self.subject

    def show(self, form: Form) -> HttpResponseBase:
        waiting = result_notices.to_be_shown(self.subject)
        corrected = result_notices.corrected_in(waiting)
        shown = [(case, result_notices.shown_of(case), corrected[case.pk]) for case in waiting]
        return self.page(subject=self.subject, form=form, shown=shown, cancel_address=self.own_address)


class Release(OneResult, AcceptanceStep):
    access = bureau_lead
    step = "release"
    form_class = ReasonForm
    do = staticmethod(accepting.release)


class OrderRevote(OneResult, AcceptanceStep):
    access = bureau_lead
    step = "order_revote"
    form_class = ReasonForm
    do = staticmethod(accepting.order_revote)


class RevoteOnAppeal(OneResult, AcceptanceStep):
    access = bureau_lead
    step = "revote_on_appeal"

    def form(self, *data: Any) -> Form:
        return DecisionForm(*data[:1], upheld=upheld_reviews.number_about(self.subject))

    def act(self, form: Form) -> Any:
        told = form.cleaned_data
        offer, kept = told.pop("decision"), None
        if offer:
            kept = offers.take(offer, purpose=APPEAL_DECISION, by=self.actor, at=self.at, field="decision")
        now: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        return accepting.revote_on_appeal(self.subject, decision=kept, **told, **now)


class CorrectShown(OneResult, AcceptanceStep):
    access = bureau
    template_name = "review/acceptance/correct.html"
    step = "correct_shown"
    done_message = _("公示内容已更正，重新发布公示后生效。")
    do = staticmethod(result_notices.correct_shown)

    def form(self, *data: Any) -> Form:
        return CorrectionForm(*data[:1], case=self.subject)


class ProposeExemption(OneResult, AcceptanceStep):
    access = bureau_lead
    step = "propose_exemption"
    form_class = ReasonForm
    do = staticmethod(result_notices.propose_exemption)


class ApproveExemption(OneResult, AcceptanceStep):
    access = bureau
    step = "approve_exemption"
    do = staticmethod(result_notices.approve_exemption)


class DeclineExemption(OneResult, AcceptanceStep):
    access = bureau
    step = "decline_exemption"
    do = staticmethod(result_notices.decline_exemption)
