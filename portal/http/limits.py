"""How often one address may do what nobody logs in for; a limit, not a lock: without the cache everything passes."""

import hashlib
import logging

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
    address = get_client_ip_address(request) or ""
    key = f"limit:{what}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    try:
        cache.add(key, 0, timeout=HOUR)
        count = cache.incr(key)
    except (OSError, RedisError, ValueError):
        logger.warning("the limit of %s could not be counted", what)
        return
    if count > per_hour:
        raise Refusal([Reason(_("操作过于频繁，请一小时后再试。"), code="too_often")])
