"""The tests' settings without what only tests need: real time, and static files looked up once."""

from portal.settings.base import env
from portal.settings.test import *  # noqa: F403

# Windows of the illustrative year are open on some days only; who measures submissions moves the clock there.
DEMO_CLOCK = env.bool("BENCH_MOVES_CLOCK", default=False)
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
# As in production, whoever asks is told by the proxy: readers that are counted by address bring one each.
AXES_IPWARE_PROXY_COUNT = 0
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
