"""One step of one term: on the desks of agency and bureau, and the register of titles beside them."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.documents import offers
from portal.http.once import key_of
from portal.http.views import ChangeView, StepView
from portal.shared.errors import Refusal
from review.domain import appointing, nominating, pool_queries
from review.enums.pooling import TITLE_PROOF
from review.interfaces.expert_forms import AssessForm, BarForm, OpinionForm, ReasonForm, TermForm, TitleProofForm
from review.models import ExpertTerm
from review.views.defence_rounds import AgencyForm
from review.views.experts import OfficeTerm

Do = Callable[..., ExpertTerm]


class TermStep(OfficeTerm, StepView):
    """A button or a short form, carried out by one call of the domain."""

    template_name = "review/experts/step.html"
    do: ClassVar[Do]

    def act(self, form: Form) -> Any:
        return type(self).do(self.subject, **form.cleaned_data, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return self.own_address

    @property
    def share(self) -> pool_queries.Share:
        """The share of the young in the pool, shown beside an appointment (R-162)."""
        term = self.subject
        pool = {"agency": term.agency_id, "series": term.series_id, "band": term.band}
        return pool_queries.young_share(ExpertTerm.objects.filter(**pool), self.at)


class Forward(TermStep):
    step = "forward"
    form_class = OpinionForm
    do = staticmethod(nominating.forward)


class Vet(TermStep):
    step = "vet"
    do = staticmethod(nominating.vet)


class Decline(TermStep):
    step = "decline"
    form_class = ReasonForm
    do = staticmethod(nominating.decline)


class AllowMore(TermStep):
    step = "allow_more"
    form_class = ReasonForm
    do = staticmethod(appointing.allow_more)


class AllowRenewal(AllowMore):
    step = "allow_renewal"


class Appoint(TermStep):
    step = "appoint"
    form_class = TermForm
    do = staticmethod(appointing.appoint)


class Renew(TermStep):
    step = "renew"
    form_class = TermForm
    do = staticmethod(appointing.renew)


class Pause(TermStep):
    step = "pause"
    form_class = ReasonForm
    do = staticmethod(appointing.pause)


class Resume(TermStep):
    step = "resume"
    do = staticmethod(appointing.resume)


class End(TermStep):
    step = "end"
    form_class = ReasonForm
    do = staticmethod(appointing.end)


class Assess(TermStep):
    step = "assess"
    form_class = AssessForm
    do = staticmethod(appointing.assess)


class Disqualify(TermStep):
    step = "disqualify"
    form_class = BarForm
    do = staticmethod(appointing.disqualify)


class AskRegisters(OfficeTerm, ChangeView):
    """Has the registers of titles asked again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            nominating.ask_registers(self.subject, by=self.actor, at=self.at)
        except Refusal as refusal:
            messages.warning(request, " ".join(str(reason.text) for reason in refusal.reasons))
        else:
            messages.success(request, _("已发起职称数据核验，请稍后刷新查看。"))
        return HttpResponseRedirect(self.own_address)


class CheckByHand(OfficeTerm, AgencyForm):
    """Writes down that somebody saw the certificate (A-46)."""

    access = OfficeTerm.access
    template_name = "review/experts/title.html"
    heading = _("登记人工核验结果")
    rule = "A-46"

    def form(self, data: Any = None) -> TitleProofForm:
        return TitleProofForm(data, None if data is None else self.request.FILES)

    def act(self, form: TitleProofForm) -> Any:
        remark, offer = form.cleaned_data["remark"], form.cleaned_data["file"]
        proof = offers.take(offer, purpose=TITLE_PROOF, by=self.actor, at=self.at) if offer else None
        return nominating.check_by_hand(self.subject, proof, remark, by=self.actor, at=self.at)

    def next_address(self, done: Any) -> str:
        return self.own_address

    def cancel_address(self) -> str:
        return self.own_address
