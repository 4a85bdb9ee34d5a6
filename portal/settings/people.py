"""How people log in: the wiring of passwords, lock-out, second factor and identity services that all environments share."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from environs import Env

# --- Passwords and sessions -----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.entrance.backends.PersonBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:desk"
SESSION_COOKIE_AGE = 8 * 60 * 60
STAFF_IDLE_SECONDS = 30 * 60
REQUIRE_SECOND_FACTOR = True

# --- Lock-out: five failures of one account from one address ----------------------------------
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "portal.entrance.lockout.account_index"
AXES_LOCKOUT_CALLABLE = "portal.entrance.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True  # the ledger keeps who logged in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Log-in, second factor --------------------------------------------------------------------
ACCOUNT_ADAPTER = "portal.entrance.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_FORMS = {
    "login": "portal.entrance.interfaces.account_forms.LoginForm",
    "reset_password": "portal.entrance.interfaces.account_forms.ResetPasswordForm",
    "reset_password_from_key": "portal.entrance.interfaces.account_forms.ResetPasswordKeyForm",
    "set_password": "portal.entrance.interfaces.account_forms.SetPasswordForm",
    "change_password": "portal.entrance.interfaces.account_forms.ChangePasswordForm",
}
# Whole institutes share one address: per address the limits are generous, per account they are not.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,30/h/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/h/key",
}
MFA_ADAPTER = "portal.entrance.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.entrance.interfaces.account_forms.AuthenticateForm",
    "reauthenticate": "portal.entrance.interfaces.account_forms.AuthenticateAgainForm",
    "activate_totp": "portal.entrance.interfaces.account_forms.EnrolForm",
}
MFA_TOTP_ISSUER = _("职称申报评审服务平台")
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: telephones go fast or slow
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- Identity services of the city ------------------------------------------------------------
SOCIALACCOUNT_ADAPTER = "portal.entrance.adapters.IdentityServiceAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action of the content security policy forbids leaving by a form
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
IDENTITY_SERVICES = {"personal": _("个人统一身份认证"), "legal": _("法人统一身份认证")}


def identity_services(env: Env) -> dict[str, Any]:
    """Return the OpenID Connect services that OIDC_PERSONAL_… and OIDC_LEGAL_… name; one without an address is not offered."""
    offered = []
    for service, name in IDENTITY_SERVICES.items():
        prefix = f"OIDC_{service.upper()}_"
        address = env.str(f"{prefix}URL", default="")
        if address:
            offered.append(
                {
                    "provider_id": service,
                    "name": name,
                    "client_id": env.str(f"{prefix}CLIENT_ID"),
                    "secret": env.str(f"{prefix}SECRET"),
                    "settings": {"server_url": address},
                }
            )
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": offered}}


def identity_claims(env: Env) -> dict[str, str]:
    """Return under which names the services state who somebody is."""
    names = {
        "kind": "id_type",
        "number": "id_number",
        "name": "name",
        "country": "id_country",
        "credit_code": "credit_code",
    }
    return {what: env.str(f"OIDC_CLAIM_{what.upper()}", default=usual) for what, usual in names.items()}
