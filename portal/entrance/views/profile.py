"""One's own account."""

from typing import cast

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument, Membership, Person
from portal.accounts.rules import acts_personally, logged_in
from portal.entrance.domain.contacting import change_contact
from portal.entrance.domain.renewing import add_document
from portal.entrance.interfaces.forms import ContactForm, DocumentForm
from portal.http.views import ChangeView, PortalView, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal


class Profile(PortalView):
    access = logged_in
    template_name = "entrance/profile.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        person = cast(Person, self.actor.person)
        held = Membership.objects.in_force(clock.day_of(self.at)).filter(person=person).select_related("organisation")
        return self.page(
            person=person,
            documents=IdentityDocument.objects.current().filter(person=person),
            memberships=held.order_by("organisation__name", "role"),
            email=EmailAddress.objects.filter(user=person).first(),
            has_second_factor=is_mfa_enabled(person),
        )


class Contact(ChangeView):
    access = logged_in
    template_name = "entrance/contact.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=ContactForm(person=self.actor.person))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        person = cast(Person, self.actor.person)
        form = ContactForm(request.POST, person=person)
        if not form.is_valid():
            return self.page(form=form)
        told = form.cleaned_data
        try:
            change_contact(person, phone=told["phone"] or person.phone, email=told["email"], by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        _confirm_address(request, person)
        messages.success(request, _("联系方式已保存。"))
        return HttpResponseRedirect(reverse("entrance:profile"))


class AddDocument(ChangeView):
    access = acts_personally
    template_name = "entrance/add_document.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=DocumentForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = DocumentForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        told = dict(form.cleaned_data)
        kind, number = DocumentKind(told.pop("kind")), told.pop("number")
        try:
            add_document(cast(Person, self.actor.person), kind, number, **told, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        messages.success(request, _("证件已核验并保存。"))
        return HttpResponseRedirect(reverse("entrance:profile"))


class SendConfirmation(ChangeView):
    access = logged_in

    def post(self, request: HttpRequest) -> HttpResponseBase:
        _confirm_address(request, self.actor.person)
        messages.success(request, _("确认邮件已发送，请查收。"))
        return HttpResponseRedirect(reverse("entrance:profile"))


def _confirm_address(request: HttpRequest, person) -> None:
    for address in EmailAddress.objects.filter(user=person, verified=False):
        address.send_confirmation(request)
