"""The tests' settings without what only tests need: real time, and static files looked up once."""

from portal.settings.test import *  # noqa: F403

DEMO_CLOCK = False
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
