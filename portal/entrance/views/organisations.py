"""Registering organisations, and confirming who leads them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import OrganisationKind
from portal.accounts.rules import acts_personally, bureau_lead, district
from portal.entrance.domain import admitting
from portal.entrance.domain.queries import claims_waiting_for, organisations_overseen_by
from portal.entrance.interfaces.forms import OrganisationForm
from portal.http.views import ChangeView, PortalView, show_refusal
from portal.shared.errors import Refusal


class Organisations(PortalView):
    access = bureau_lead | district
    template_name = "entrance/organisations.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            claims=claims_waiting_for(self.actor),
            organisations=organisations_overseen_by(self.actor).filter(is_active=True).order_by("kind", "name")[:200],
            may_admit=bureau_lead.test(self.actor),
        )


class Claim(ChangeView):
    """A person registers the organisation that they lead."""

    access = acts_personally
    template_name = "entrance/claim.html"
    kinds = tuple(admitting.FIRST_ROLE)
    done = _("登记申请已提交，核准后您可以代表该单位办理。")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=OrganisationForm(kinds=self.kinds))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = OrganisationForm(request.POST, kinds=self.kinds)
        if not form.is_valid():
            return self.page(form=form)
        told = form.cleaned_data
        try:
            self.store(
                told["credit_code"],
                told["name"],
                OrganisationKind(told["kind"]),
                district=told["district"],
                by=self.actor,
                at=self.at,
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        messages.success(request, self.done)
        return HttpResponseRedirect(self.next_address())

    def store(self, *args, **kwargs):
        return admitting.claim(*args, **kwargs)

    def next_address(self):
        return reverse("entrance:profile")


class Admit(Claim):
    """The bureau registers an organisation of any kind."""

    access = bureau_lead
    template_name = "entrance/admit.html"
    kinds = tuple(OrganisationKind)
    done = _("单位已登记，可以邀请其负责人。")

    def store(self, *args, **kwargs):
        return admitting.admit(*args, **kwargs)

    def next_address(self):
        return reverse("entrance:organisations")
