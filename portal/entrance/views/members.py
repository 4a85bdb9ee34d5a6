"""Who works for an organisation: its list, invitations, ends."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import Role
from portal.accounts.rules import bureau_lead, district, lead, logged_in
from portal.entrance.domain import inviting
from portal.entrance.domain.queries import members_of, organisations_led_by, requests_at, requests_open_to
from portal.entrance.enums import RequestState
from portal.entrance.interfaces.forms import InvitationForm, NoteForm
from portal.entrance.models import MembershipRequest
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from portal.workflow import open_steps


class OwnMembers(PortalView):
    access = lead

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(
            reverse("entrance:members", args=[cast(Organisation, self.actor.organisation).code])
        )


class OfOrganisation(SubjectMixin):
    """A page about one organisation whose members the actor manages."""

    access = lead

    def visible(self):
        return organisations_led_by(self.actor)

    def back(self) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("entrance:members", args=[self.subject.code]))


class Members(OfOrganisation):
    template_name = "entrance/members.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        requests = [(each, open_steps(each, by=self.actor, at=self.at)) for each in requests_at(self.subject)]
        members = members_of(self.subject, on=clock.day_of(self.at))
        return self.page(subject=self.subject, members=members, requests=requests)


class Propose(OfOrganisation, ChangeView):
    """Invites at once where one lead suffices, else leaves it to another one."""

    template_name = "entrance/propose.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(subject=self.subject, form=InvitationForm(organisation=self.subject))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = InvitationForm(request.POST, organisation=self.subject)
        if not form.is_valid():
            return self.page(subject=self.subject, form=form)
        told = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        try:
            proposed = inviting.propose(self.subject, **told, by=self.actor, at=self.at)
            if inviting.needs_another_lead(told["role"]):
                messages.success(request, _("已提出，须由另一名负责人批准。"))
            else:
                _tell(request, inviting.let_out(proposed, by=self.actor, at=self.at))
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(subject=self.subject, form=form)
        return self.back()


class End(OfOrganisation, ChangeView):
    template_name = "entrance/end.html"

    def get(self, request: HttpRequest, code: str, person: str, role: str) -> HttpResponseBase:
        return self.page(subject=self.subject, membership=self.membership(person, role), form=NoteForm())

    def post(self, request: HttpRequest, code: str, person: str, role: str) -> HttpResponseBase:
        membership, form = self.membership(person, role), NoteForm(request.POST)
        if form.is_valid():
            try:
                inviting.end(membership, by=self.actor, at=self.at, note=form.cleaned_data["note"])
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("任职已终止，即时生效。"))
                return self.back()
        return self.page(subject=self.subject, membership=membership, form=form)

    def membership(self, person, role):
        held = Membership.objects.in_force(clock.day_of(self.at)).select_related("person")
        return get_object_or_404(held, organisation=self.subject, person__code=person, role=role)


class RequestStep(StepView):
    access = lead | bureau_lead | district
    template_name = "entrance/request.html"
    form_class = NoteForm

    def visible(self):
        return requests_open_to(self.actor)

    def next_address(self):
        if organisations_led_by(self.actor).filter(pk=self.subject.organisation_id).exists():
            return reverse("entrance:members", args=[self.subject.organisation.code])
        return reverse("entrance:organisations")


class Invite(RequestStep):
    step = "invite"

    def act(self, form):
        link = inviting.let_out(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
        _tell(self.request, link)
        return link.request


class Confirm(RequestStep):
    step = "confirm"
    done_message = gettext_lazy("已核准，即时生效。")

    def act(self, form):
        inviting.confirm(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
        return self.subject


class Refuse(RequestStep):
    step = "refuse"
    done_message = gettext_lazy("已办理：未批准。")


class Withdraw(RequestStep):
    step = "withdraw"
    done_message = gettext_lazy("已撤回，邀请链接作废。")


class Accept(StepView):
    """The invited person opens the link that only they have."""

    access = logged_in
    template_name = "entrance/accept.html"
    step = "accept"
    done_message = gettext_lazy("已接受邀请，请选择以哪个身份办理。")

    def visible(self):
        digest = inviting.digest_of(self.kwargs["token"])
        return MembershipRequest.objects.filter(state=RequestState.INVITED, digest=digest).select_related(
            "organisation"
        )

    def act(self, form):
        inviting.accept(self.subject, self.kwargs["token"], by=self.actor, at=self.at, key=key_of(self.request))
        return self.subject

    def next_address(self):
        return reverse("entrance:switch")


def _tell(request: HttpRequest, link: inviting.Link) -> None:
    """Show the link this once, and mail it."""
    path = reverse("entrance:accept", args=[link.request.code, link.token])
    address = request.build_absolute_uri(path)
    inviting.send(link, address)
    text = _("邀请已发出。请把链接交给本人，七天内有效，只显示这一次：%s")
    messages.success(request, text % address)
