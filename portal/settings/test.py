"""The test run: real PostgreSQL and Redis, fast hashing, a clock that tests move."""

import os

from portal.settings import demonstration
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, CACHES, INSTALLED_APPS, REDIS_URL, SEALING, STORAGES

SECRET_KEY = "tests-only-0123456789-0123456789-0123456789"
ALLOWED_HOSTS = ["*"]
DEMO_CLOCK = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
INSTALLED_APPS = [*INSTALLED_APPS, "tests.errand"]
CONNECTORS: dict[str, dict[str, str]] = {}
FIELD_KEYS = [demonstration.FIELD_KEY]
FIELD_INDEX_KEY = demonstration.FIELD_INDEX_KEY
SEALING = {**SEALING, "keys": str(BASE_DIR / ".test" / "sealing")}
REQUIRE_SECOND_FACTOR = False
DOCUMENTS_WITHOUT_SCANNER = True
DOCUMENTS_FOR_TESTS = {
    "BACKEND": "portal.documents.storage.PrivateFiles",
    "OPTIONS": {"location": str(BASE_DIR / ".test" / "documents")},
}
STORAGES = {**STORAGES, "default": DOCUMENTS_FOR_TESTS, "documents": DOCUMENTS_FOR_TESTS}

# Testers who work side by side count in caches of their own: one empties its cache while another counts.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES = {"default": {**CACHES["default"], "LOCATION": f"{REDIS_URL.rpartition('/')[0]}/{1 + WORKER % 15}"}}

# Files of the look are served from where they are written; nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
