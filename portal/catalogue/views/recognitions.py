"""Associations that may recommend freelancers: the bureau's register of recognitions, and what everybody reads of it (R-082)."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import anyone, bureau
from portal.catalogue.domain import recognising
from portal.catalogue.domain.recognising import Recognised
from portal.catalogue.interfaces.forms import ReasonForm
from portal.catalogue.interfaces.recognition_forms import EndForm, RecognitionForm
from portal.catalogue.models import Recognition
from portal.catalogue.views.forming import FormPage
from portal.catalogue.views.steps import CatalogueStep
from portal.http.once import key_of
from portal.http.views import PortalView, SubjectMixin
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.workflow import open_steps

A_PAGE = 50


class Associations(PortalView):
    """Who may recommend freelancers today, by whose recognition."""

    access = anyone
    template_name = "catalogue/public/associations.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        held = Recognition.objects.holding_on(clock.day_of(self.at)).select_related("association")
        page = Paginator(held.order_by("association__name", "recognised_on"), A_PAGE)
        return self.page(recognitions=page.get_page(request.GET.get("page")))


class Recognitions(PortalView):
    """Every recognition that was ever entered, what waits for a decision first."""

    access = bureau
    template_name = "catalogue/bureau/recognitions.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = Recognition.objects.select_related("association").order_by("state", "-recognised_on", "-pk")
        return self.page(recognitions=Paginator(rows, A_PAGE).get_page(request.GET.get("page")))


class Propose(FormPage):
    access = bureau
    heading = _("登记协会、学会认可")
    button = _("提交批准")
    done_message = _("已登记，由另一位负责人批准后列入。")

    def form(self, *data: Any) -> Any:
        return RecognitionForm(*data[:1])

    def act(self, form: Form) -> Recognition:
        told = Recognised(**form.cleaned_data)
        return recognising.propose(told, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self, done: Recognition) -> str:
        return reverse("catalogue:recognition:show", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("catalogue:recognitions")


class RecognitionMixin(SubjectMixin):
    """A page about one recognition."""

    access = bureau

    def visible(self) -> QuerySet[Recognition]:
        return Recognition.objects.select_related("association")


class Show(RecognitionMixin):
    template_name = "catalogue/bureau/recognition.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(
            recognition=self.subject,
            steps=open_steps(self.subject, by=self.actor, at=self.at),
            history=history_of(self.subject).order_by("-pk")[:30],
        )


class RecognitionStep(RecognitionMixin, CatalogueStep):
    home = "catalogue:recognition:show"


class Approve(RecognitionStep):
    step = "approve"
    explanation = _("请核对认可文件。批准后该协会、学会可以推荐自由职业者申报；登记人不能批准。")
    done_message = _("已列入认可名单。")


class Decline(RecognitionStep):
    step = "decline"
    form_class = ReasonForm
    explanation = _("认可文件不足以证明认可的，不予列入，可以重新登记。")
    done_message = _("未列入认可名单。")


class End(RecognitionStep):
    step = "end"
    form_class = EndForm
    explanation = _("自终止之日起，该协会、学会开始的公示不再有效；此前开始的公示和作出的推荐不受影响。")
    done_message = _("已终止认可。")
