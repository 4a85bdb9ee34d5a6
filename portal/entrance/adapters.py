"""What the log-in library asks us: who may come in, what the ledger keeps of it, how letters leave."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import acting_personally
from portal.accounts.models import Person
from portal.accounts.queries import organisations_of
from portal.entrance import letters, linking, second_factor
from portal.http.middleware import ACTING_FOR
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by our own registration; every log-in and log-out stands in the ledger."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("账号或者密码不正确。账号是注册时设定的账号名；忘记密码的，可以重新设置。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if isinstance(user, Person):
            second_factor.note_need(request, user)
            record(user, "log_in", by=acting_personally(user), at=clock.now())

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Person):
            record(request.user, "log_out", by=acting_personally(request.user), at=clock.now())
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """People with a post choose first for whom they act, unless the identity service has said it."""
        if ACTING_FOR not in request.session and _works_for_somebody(request.user):
            return reverse("entrance:switch")
        return str(super().get_login_redirect_url(request))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        super().set_password(user, password)
        if isinstance(user, Person):
            record(user, "change_password", by=acting_personally(user), at=clock.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the letter over to be sent later, so that an answer takes as long for an unknown address as for a known one."""
        letters.post(self.render_mail(template_prefix, email, {"email": email, **context}))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted like everything that must not be read from a stolen database."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, second_factor.CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, second_factor.CONTEXT)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())


class IdentityServiceAccountAdapter(DefaultSocialAccountAdapter):
    """Who comes from an identity service is let in as the person whose verified document the service names."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing:
            person = linking.person_of(sociallogin.claims)
            if person is None:
                raise ImmediateHttpResponse(HttpResponseRedirect(reverse("entrance:unlinked")))
            sociallogin.connect(request, person)
            record(person, "link_identity_service", by=acting_personally(person), at=clock.now())
        linking.choose_organisation(request, sociallogin)


def _works_for_somebody(user: Any) -> bool:
    return isinstance(user, Person) and organisations_of(user, on=clock.today()).exists()
