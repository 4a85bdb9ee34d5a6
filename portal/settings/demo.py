"""A demonstration on one machine: movable clock, sandboxed outside systems, no second factor."""

from portal.settings import demonstration, outside
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, SEALING, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="demonstration-only-never-in-production-0123456789")
ALLOWED_HOSTS = ["*"]
DEMO_CLOCK = True
CONNECTORS = outside.sandboxed(
    env.str("SANDBOX_URL", default="http://127.0.0.1:8099"),
    env.str("SANDBOX_DATA", default=str(BASE_DIR / ".demo" / "sandbox")),
)
FIELD_KEYS = env.list("FIELD_KEYS", default=[demonstration.FIELD_KEY])
FIELD_INDEX_KEY = env.str("FIELD_INDEX_KEY", default=demonstration.FIELD_INDEX_KEY)
SEALING = {**SEALING, "keys": env.str("SEALING_KEYS", default=str(BASE_DIR / ".demo" / "sealing"))}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / ".demo" / "mail"
DOCUMENTS_WITHOUT_SCANNER = True
REQUIRE_SECOND_FACTOR = False
