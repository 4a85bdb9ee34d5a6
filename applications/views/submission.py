"""Checking one's answers and submitting them; taking back, and withdrawing."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain import reading, submitting, timeline
from applications.domain.compiling import Dossier, compile_dossier
from applications.domain.content import COMMITMENT
from applications.enums import CORRECTION, EDITABLE, WINDOW, ApplicationState, System
from applications.interfaces import checking
from applications.interfaces.checking import CommitmentForm, WithdrawForm
from applications.views import following
from applications.views.addresses import editing
from applications.views.applicant import OwnApplication
from portal.deadlines import setting
from portal.http.once import key_of
from portal.http.views import StepView
from portal.shared.errors import Reason, Refusal, StepNotOpen
from portal.workflow import open_steps


class OwnStep(OwnApplication, StepView):
    """A step of the person's own; where the state does not offer it any more, the timeline says where it stands."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        offered = {step.name for step in open_steps(self.subject, by=self.actor, at=self.at)}
        return super().get(request, *args, **kwargs) if self.step in offered else self.too_late()

    def too_late(self) -> HttpResponseBase:
        """Show where the application stands: submitted in another window, ended, or the window closed on it."""
        self.subject = self.find(self.subject.code)
        known = {"state": self.subject.state_shown_to(self.actor), "step": self.label}
        messages.warning(self.request, _("这份申报现在的状态是「%(state)s」，不能办理「%(step)s」。") % known)
        return HttpResponseRedirect(self.next_address())

    def next_address(self) -> str:
        return reverse("applications:mine", args=[self.subject.code])


class Check(OwnStep):
    """The whole application once more before it is submitted, or submitted again after a return."""

    template_name = "applications/applicant/check.html"
    form_class = CommitmentForm
    refused: list[Reason] | None = None

    @property
    def step(self) -> str:  # type: ignore[override]
        return "resubmit" if self.subject.state == ApplicationState.RETURNED else "submit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.subject.state not in EDITABLE:
            return self.too_late()
        form = CommitmentForm(request.POST)
        form.is_valid()
        try:
            self.act(form)
        except StepNotOpen:
            return self.too_late()
        except Refusal as refusal:
            self.refused = refusal.reasons
            return self.show(form)
        messages.success(request, _("申报已提交，下面是提交回执。"))
        return HttpResponseRedirect(self.next_address())

    def act(self, form: Form) -> Any:
        step = submitting.resubmit if self.step == "resubmit" else submitting.submit
        commitment = bool(form.cleaned_data.get("commitment"))
        return step(self.subject, commitment=commitment, by=self.actor, at=self.at, key=key_of(self.request))

    def show(self, form: Form) -> HttpResponseBase:
        application = self.subject
        dossier = compile_dossier(application, at=self.at)
        facts = {"dossier": dossier, "commitment": True, "policy": dossier.content["policy"]}
        steps = open_steps(application, by=self.actor, at=self.at, **facts)
        against = [reason for step in steps if step.name == self.step for reason in step.reasons]
        kind = CORRECTION if self.step == "resubmit" else WINDOW
        deadline = setting.waiting(kind, application)
        return self.page(
            subject=application,
            form=form,
            problems=checking.problems([*(self.refused or []), *against], self.address_of),
            is_refused=self.refused is not None,
            parts=checking.parts_to_change(dossier, self.address_of),
            lines=checking.lines_of(dossier),
            warnings=checking.problems(
                [Reason(one.text, one.basis, one.code, _where(dossier, one.about)) for one in dossier.discrepancies],
                self.address_of,
            ),
            ticks=checking.ticks_of(dossier),
            employer=dossier.gathered.association or dossier.gathered.insured,
            deadline=deadline,
            commitment=COMMITMENT,
        )

    def address_of(self, field: str) -> str:
        """Return the way to what a reason is about."""
        return editing(self.subject, field)


class TakeBack(OwnStep):
    step = "take_back"
    template_name = "applications/applicant/take_back.html"
    done_message = gettext_lazy("申报已取回，修改后请在截止前重新提交。")

    def act(self, form: Form) -> Any:
        return submitting.take_back(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Withdraw(OwnStep):
    step = "withdraw"
    form_class = WithdrawForm
    template_name = "applications/applicant/withdraw.html"
    done_message = gettext_lazy("申报已撤回。")

    def act(self, form: Form) -> Any:
        reason = form.cleaned_data["reason"]
        return submitting.withdraw(self.subject, reason=reason, by=self.actor, at=self.at, key=key_of(self.request))


class Progress(OwnApplication):
    """The timeline by its own address: while a returned file is corrected, its first page is the list of tasks."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.state == ApplicationState.DRAFT:
            return HttpResponseRedirect(reverse("applications:mine", args=[code]))
        return following.show(self)


class Submitted(OwnApplication):
    """One submitted version, part by part, exactly as it was frozen."""

    template_name = "applications/applicant/submitted.html"

    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponseBase:
        versions = timeline.versions(self.subject)
        found = next((one for one in versions if one.snapshot.number == number), None)
        if found is None:
            raise Http404
        return self.page(
            application=self.subject,
            version=found,
            parts=reading.parts_of(found.snapshot.content),
            is_latest=found is versions[0],
        )


def _where(dossier: Dossier, about: str) -> str:
    """Return the field path of what a discrepancy is about: it names items by their code alone, and registers."""
    if about in System.values:
        return "registers"
    kinds = {item.code: item.kind for item in dossier.gathered.items}
    return f"{kinds[about]}.{about}" if about in kinds else about
