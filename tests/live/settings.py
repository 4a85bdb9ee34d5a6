"""The tests' settings with a real queue, the sandbox of outside systems and the place of files where these are named."""

from portal.settings import documents, outside
from portal.settings.base import BASE_DIR, env
from portal.settings.test import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
ROOT_URLCONF = "tests.live.urls"
if env.str("SANDBOX_URL", default=""):
    CONNECTORS = outside.sandboxed(env.str("SANDBOX_URL"), env.str("SANDBOX_DATA"))
if documents.place_is_chosen(env):
    STORAGES = documents.storages(env, BASE_DIR)
