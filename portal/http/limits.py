"""How often one address may do what nobody logs in for; a limit, not a lock: without the cache everything passes."""

import hashlib
import logging
from collections.abc import Iterable

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.shared.errors import Reason, Refusal

logger = logging.getLogger(__name__)

HOUR = 3600


def count_against(request: HttpRequest, what: str, *, per_hour: int) -> None:
    """Count one ``what`` against the request's address; raises Refusal beyond ``per_hour``. The address is not stored."""
    _refuse_beyond(per_hour, count(what, get_client_ip_address(request) or ""))


def count_for(about: str, what: str, *, per_hour: int) -> None:
    """Count one ``what`` for ``about``, such as an organisation's code; raises Refusal beyond ``per_hour``."""
    _refuse_beyond(per_hour, count(what, about))


def count(what: str, about: str) -> int:
    """Count one ``what`` and return how many there were of ``about`` within the hour; 0 without the cache."""
    key = _key(what, about)
    try:
        cache.add(key, 0, timeout=HOUR)
        return int(cache.incr(key))
    except (OSError, RedisError, ValueError):
        logger.warning("the limit of %s could not be counted", what)
        return 0


def counted(what: str, about: Iterable[str]) -> dict[str, int]:
    """Return how many ``what`` were counted within the hour of each ``about``; all 0 without the cache."""
    keys = {one: _key(what, one) for one in about}
    try:
        found = cache.get_many(keys.values())
    except (OSError, RedisError, ValueError):
        logger.warning("the limit of %s could not be read", what)
        found = {}
    return {one: int(found.get(key, 0)) for one, key in keys.items()}


def _key(what: str, about: str) -> str:
    return f"limit:{what}:{hashlib.sha256(about.encode()).hexdigest()[:24]}"


def _refuse_beyond(most: int, times: int) -> None:
    if times > most:
        raise Refusal([Reason(_("操作过于频繁，请一小时后再试。"), code="too_often")])
