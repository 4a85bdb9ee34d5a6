"""The employer's desk: the steps about one person that need a button or a short form."""

from http import HTTPStatus
from typing import Any, cast

from django.forms import Form
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain import queries, receiving, recommending, standing, telling
from applications.enums import Recommender
from applications.interfaces.employer_forms import OpinionForm, RefuseForm, SendBackForm
from applications.views.employer import OwnFile
from portal.http.once import key_of
from portal.http.views import StepView


class FileStep(OwnFile, StepView):
    """One step of one recommendation; what speaks against it is said before anything is filled in."""

    template_name = "applications/employer/step.html"

    def next_address(self) -> str:
        return reverse("applications:file", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        offered = standing.steps_of(self.subject, by=self.actor, at=self.at)
        closed = next((one for one in offered if one.name == self.step and one.reasons), None)
        is_closed_to_me = closed is not None and any(reason.code == "head_only" for reason in closed.reasons)
        status = HTTPStatus.FORBIDDEN if is_closed_to_me else HTTPStatus.OK
        return self.page(status=status, subject=self.subject, form=form, closed=closed, **self.beside())

    def beside(self) -> dict[str, Any]:
        """Return what the page shows beside the form."""
        return {}


class Open(FileStep):
    step = "open"
    done_message = _("已受理，请逐项核对申报内容。")

    def act(self, form: Form) -> Any:
        return receiving.receive(self.subject, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return reverse("applications:check_file", args=[self.subject.code])


class SendBack(FileStep):
    step = "send_back"
    form_class = SendBackForm
    done_message = _("已退回申报人修改。")

    def form(self, *args: Any) -> Form:
        """Begin with what was found wrong, so that the person is told all of it at once."""
        return SendBackForm(args[0] if args else None, initial={"reason": queries.found_wrong(self.subject)})

    def act(self, form: Form) -> Any:
        return receiving.send_back(
            self.subject, by=self.actor, at=self.at, key=key_of(self.request), **form.cleaned_data
        )


class Refuse(FileStep):
    template_name = "applications/employer/refuse.html"
    step = "refuse"
    form_class = RefuseForm
    done_message = _("已不予推荐，并已告知申报人。")

    def act(self, form: Form) -> Any:
        return receiving.refuse(self.subject, by=self.actor, at=self.at, key=key_of(self.request), **form.cleaned_data)

    def beside(self) -> dict[str, Any]:
        return {"rights": telling.rights(self.at)}


class Recommend(FileStep):
    """The head signs; after the agency's return the same page confirms."""

    template_name = "applications/employer/recommend.html"
    step = "recommend"
    form_class = OpinionForm
    done_message = _("已推荐，申报材料已送评审服务机构。")

    def form(self, *args: Any) -> Form:
        one, snapshot = self.subject, self.snapshot
        told = queries.assessments_in(snapshot) if snapshot else ""
        form = OpinionForm(
            args[0] if args else None, initial={"opinion": one.opinion, "assessment": one.assessment or told}
        )
        if one.kind == Recommender.ASSOCIATION:
            del form.fields["assessment"]  # it employs nobody
        return form

    def act(self, form: Form) -> Any:
        given = cast(OpinionForm, form).given
        return recommending.recommend(self.subject, given, by=self.actor, at=self.at, key=key_of(self.request))

    def beside(self) -> dict[str, Any]:
        return {"application": self.subject.application, "notice": self.subject.notice, "snapshot": self.snapshot}


class Confirm(Recommend):
    step = "confirm"
    done_message = _("已复核确认，申报材料已送评审服务机构复审。")
