"""The agency's desk: the steps about one file that need a button or a short form; and the bureau's one exception."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain.telling import rights
from portal.accounts.rules import bureau_lead
from portal.catalogue.domain.committees import correction_workdays
from portal.catalogue.queries import policy_of
from portal.http.once import key_of
from portal.http.views import ChangeView, StepView, show_refusal
from portal.shared.errors import Refusal
from review.domain import authorising, checking, deciding, looking, passing
from review.interfaces.checking import AssignForm, AuthoriseForm, ProposeForm, RemarkForm
from review.models import AgencyReview
from review.views.checking import OwnReview


class FileStep(OwnReview, StepView):
    """One step about one file; what speaks against it is said before anything is filled in."""

    template_name = "review/checking/step.html"

    def next_address(self) -> str:
        return reverse("review:file", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        offered = looking.steps_of(self.subject, by=self.actor, at=self.at)
        closed = next((one for one in offered if one.name == self.step and one.reasons), None)
        return self.page(
            status=HTTPStatus.OK,
            subject=self.subject,
            application=self.subject.application,
            form=form,
            closed=closed,
            **self.beside(),
        )

    def beside(self) -> dict[str, Any]:
        """Return what the page shows beside the form."""
        return {}

    @property
    def facts(self) -> dict[str, Any]:
        """Who, when, and the request's key."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request)}


class Take(FileStep):
    step = "take"
    done_message = _("已开始审核，请逐项审核。")

    def act(self, form: Form) -> Any:
        return checking.take(self.subject, **self.facts)

    def next_address(self) -> str:
        return reverse("review:check", args=[self.subject.code])


class Propose(FileStep):
    """The person who checked proposes; after a correction the second return is not offered."""

    template_name = "review/checking/propose.html"
    step = "propose"
    done_message = _("审核意见已提交，等负责人复核确认。")

    def form(self, *args: Any) -> Form:
        application = self.subject.application
        may_return = application.return_count < application.returns_allowed
        return ProposeForm(args[0] if args else None, may_return=may_return)

    def act(self, form: Form) -> Any:
        given = form.cleaned_data
        return checking.propose(
            self.subject, given["proposal"], reason=given["reason"], basis=given["basis"], **self.facts
        )

    def beside(self) -> dict[str, Any]:
        return {"tally": checking.tally_of(self.subject), "defects": deciding.defects_of(self.subject)}


class ProposeAgain(Propose):
    step = "propose_again"


class Reconsider(FileStep):
    step = "reconsider"
    form_class = RemarkForm
    done_message = _("意见已撤回，可以继续审核。")

    def act(self, form: Form) -> Any:
        return checking.reconsider(self.subject, reason=form.cleaned_data["reason"], **self.facts)


class ReconsiderAgain(Reconsider):
    step = "reconsider_again"


class Decision(FileStep):
    """The lead confirms what somebody else proposed."""

    template_name = "review/checking/decide.html"

    def beside(self) -> dict[str, Any]:
        return {"defects": deciding.defects_of(self.subject), "tally": checking.tally_of(self.subject)}


class PassReview(Decision):
    step = "pass_review"
    done_message = _("已确认通过，并已告知申报人和单位。")

    def act(self, form: Form) -> Any:
        return passing.pass_review(self.subject, **self.facts)


class ReturnOnce(Decision):
    step = "return_once"
    done_message = _("已一次性退回补正，并已告知申报人和单位。")

    def act(self, form: Form) -> Any:
        return deciding.return_once(self.subject, **self.facts)

    def beside(self) -> dict[str, Any]:
        policy = policy_of(self.subject.application.policy_code)
        return {**super().beside(), "workdays": correction_workdays(self.subject.committee, policy)}


class Reject(Decision):
    step = "reject"
    done_message = _("已确认不通过，并已告知申报人和单位。")

    def act(self, form: Form) -> Any:
        return deciding.reject(self.subject, **self.facts)

    def beside(self) -> dict[str, Any]:
        return {**super().beside(), "rights": rights(self.at)}


class Assign(OwnReview, ChangeView):
    """Give the file to one of the agency."""

    template_name = "review/checking/assign.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(subject=self.subject, application=self.subject.application, form=self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                note = form.cleaned_data["note"]
                checking.assign(self.subject, form.chosen, note=note, by=self.actor, at=self.at)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("已分配给%(who)s。") % {"who": form.chosen.full_name})
                return HttpResponseRedirect(reverse("review:file", args=[code]))
        return self.page(subject=self.subject, application=self.subject.application, form=form)

    def form(self, *data: Any) -> AssignForm:
        return AssignForm(*data, review=self.subject, people=checking.colleagues(self.subject, self.at))


class AuthoriseReturn(OwnReview, ChangeView):
    """The bureau's lead lets the agency return once more, for an error of the agency's own (A-09)."""

    access = bureau_lead
    template_name = "review/checking/authorise.html"

    def visible(self) -> Any:
        return AgencyReview.objects.seen_by(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(subject=self.subject, application=self.subject.application, form=AuthoriseForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = AuthoriseForm(request.POST)
        if form.is_valid():
            try:
                reason = cast(str, form.cleaned_data["reason"])
                authorising.authorise_return(self.subject, reason=reason, by=self.actor, at=self.at)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("已同意再次退回，并已告知评审服务机构。"))
                return HttpResponseRedirect(reverse("review:file", args=[code]))
        return self.page(subject=self.subject, application=self.subject.application, form=form)
