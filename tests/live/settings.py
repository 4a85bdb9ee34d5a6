"""The tests' settings with a real queue, and the sandbox of outside systems where one is named."""

from portal.settings import outside
from portal.settings.base import env
from portal.settings.test import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
ROOT_URLCONF = "tests.live.urls"
if env.str("SANDBOX_URL", default=""):
    CONNECTORS = outside.sandboxed(env.str("SANDBOX_URL"), env.str("SANDBOX_DATA"))
