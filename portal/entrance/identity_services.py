"""Log-in through the city's identity services by OpenID Connect: authorization code with PKCE.

Stricter than the library in three things: the signature of the ID token is always verified, the user-info answer
must be about the same subject, and nothing that the service says about the person is stored.
"""

from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http.access import open_to


class IdentityServiceAdapter(OpenIDConnectOAuth2Adapter):
    """Turns a service's answers into claims about a person."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        stated, signed = told.get("userinfo", {}), told.get("id_token")
        if signed is None or stated.get("sub", signed["sub"]) != signed["sub"]:
            raise OAuth2Error("The user-info answer is about another subject than the ID token.")
        login.claims = {**signed, **stated}
        login.account.extra_data = {}
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return claims


@open_to(anyone)
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the browser to the service."""
    return _through(OAuth2LoginView, request, provider_id)


@open_to(anyone)
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the service's answer."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    adapter = IdentityServiceAdapter(request, provider_id)
    answer: HttpResponseBase
    try:
        answer = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except requests.RequestException as error:
        answer = render_authentication_error(request, adapter.get_provider(), exception=error)
    return answer
