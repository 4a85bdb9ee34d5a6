"""Having each day's last head of the log stamped by an authority outside, so that the city cannot date it back."""

import datetime as dt
import logging
from itertools import islice

from django.db.models import QuerySet

from certificates.models import LogCheckpoint, LogStamp
from portal.connectors import timestamps
from portal.connectors.errors import ConnectorError, Malformed
from portal.shared.clock import day_of

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20


def closings(at: dt.datetime) -> QuerySet[LogCheckpoint]:
    """Return the last checkpoint of each day before that of ``at``, newest first: what is published day by day."""
    past = LogCheckpoint.objects.filter(day__lt=day_of(at))
    return past.order_by("-day", "-size").distinct("day").select_related("stamp")


def stamp_closings(*, at: dt.datetime) -> int:
    """Have the closings that are not stamped yet stamped, oldest first, and return how many were.

    Asks over the network, so call it outside of a transaction. An authority that does not answer is asked again the
    next time: a later stamp proves less, and nothing wrong.
    """
    waiting = [one for one in closings(at) if not hasattr(one, "stamp")]
    stamped = 0
    for checkpoint in islice(reversed(waiting), MOST_AT_ONCE):
        try:
            stamp = timestamps.stamp(checkpoint.note.encode())
        except ConnectorError:
            logger.warning("the closing checkpoint of the certificate log waits for its time stamp")
            break
        _row, is_new = LogStamp.objects.get_or_create(
            checkpoint=checkpoint, defaults={"response": stamp.response, "stamped_at": stamp.at}
        )
        stamped += is_new
    return stamped


def unfit_stamps() -> list[int]:
    """Return the sizes whose kept time stamp is not of what was signed; raises Unreachable where no roots are known."""
    unfit = []
    for stamp in LogStamp.objects.select_related("checkpoint").order_by("checkpoint").iterator(chunk_size=2000):
        try:
            timestamps.verify(bytes(stamp.response), stamp.checkpoint.note.encode())
        except Malformed:
            unfit.append(stamp.checkpoint_id)
    return unfit
