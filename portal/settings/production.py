"""Production: everything that differs per installation comes from the environment, and a missing value stops the start."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import STORAGES, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_KEYS = env.list("FIELD_KEYS")
FIELD_INDEX_KEY = env.str("FIELD_INDEX_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS")
CERTIFICATE_LOG_ORIGIN = env.str("CERTIFICATE_LOG_ORIGIN")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# --- Static files ---------------------------------------------------------------------------
# Compressed, and named by their content, so that browsers keep them for good.
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# --- Where a request comes from --------------------------------------------------------------
# nginx names the caller, and only him; without this all would share its address, and one attacker would lock out everybody.
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Forwarded-For"
AXES_IPWARE_PROXY_COUNT = 0
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
PROXY_STAMPS_ARRIVAL = True
