"""Opening an account."""

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.glyphs import undrawable
from portal.accounts.rules import anyone
from portal.entrance.domain.registering import register
from portal.entrance.interfaces.forms import RegistrationForm
from portal.http.views import ChangeView, PortalView, show_refusal
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined


class Register(ChangeView):
    access = anyone
    template_name = "entrance/register.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if self.actor.is_logged_in:
            return HttpResponseRedirect(reverse("entrance:profile"))
        return self.page(form=RegistrationForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = RegistrationForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            self.refuse_floods(request)
            person = register(form.registration(), at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        self.welcome(request, person)
        return HttpResponseRedirect(reverse("account_login"))

    def refuse_floods(self, request):
        if not ratelimit.consume(request, action="signup"):
            raise Refusal([Reason(_("同一网络的注册次数过多，请稍后重试。"), code="too_many")])

    def welcome(self, request, person):
        messages.success(request, _("注册成功，请登录。"))
        missing = undrawable(person.full_name)
        if missing:
            text = _("姓名中的「%s」在本平台的字库中暂时没有，证书制作时需要补字，不影响申报；我们会联系您核对字形。")
            messages.warning(request, text % joined(missing))
        for address in EmailAddress.objects.filter(user=person):
            address.send_confirmation(request)


class Unlinked(PortalView):
    """Where an identity service sends a person whom no account fits."""

    access = anyone
    template_name = "entrance/unlinked.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(status=403)
