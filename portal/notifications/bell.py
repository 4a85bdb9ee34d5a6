"""Waking a worker after a commit, and never more than that.

The broker may be down, slow or silent; then the sweep delivers a little later. A request therefore waits for the
broker a fraction of a second at most, and after a failure nobody in this process rings again for a while.
"""

import os
import time
from functools import lru_cache
from typing import Any

import structlog
from celery import current_app
from kombu.connection import Connection
from kombu.exceptions import KombuError
from kombu.pools import producers
from kombu.utils.uuid import uuid

log = structlog.get_logger("portal.notifications")

TASK = "notifications.deliver_waiting"
PATIENCE_SECONDS = 0.2
QUIET_AFTER_RING_SECONDS = 0.5
QUIET_AFTER_FAILURE_SECONDS = 20.0
# A short run: the sweep, not the bell, works off a backlog.
RUN_SECONDS = 5
EXPIRES_SECONDS = 15


class _Rope:
    """When this process may ring again; many posts in one moment need one ring."""

    free_at = float("-inf")


def ring() -> None:
    """Wake a worker to deliver what waits; returns quickly and without error, whatever the broker does."""
    if time.monotonic() < _Rope.free_at:
        return
    _Rope.free_at = time.monotonic() + QUIET_AFTER_RING_SECONDS
    connection = _connection(os.getpid())
    try:
        with producers[connection].acquire(block=False) as producer:
            _send(producer)
    except (*connection.connection_errors, *connection.channel_errors, KombuError, OSError) as error:
        _Rope.free_at = time.monotonic() + QUIET_AFTER_FAILURE_SECONDS
        log.warning("broker_silent", error=type(error).__name__)


def forget() -> None:
    """Ring again at the next occasion, whatever happened before."""
    _Rope.free_at = float("-inf")


def _send(producer: Any) -> None:
    """Publish the task; not by ``delay``, which tries for seconds, nor run here where tasks are set to run eagerly."""
    amqp = current_app.amqp
    message = amqp.create_task_message(uuid(), TASK, kwargs={"seconds": RUN_SECONDS}, expires=EXPIRES_SECONDS)
    amqp.send_task_message(producer, TASK, message, retry=False, **amqp.router.route({}, TASK))


@lru_cache(maxsize=1)
def _connection(process: int) -> Connection:
    """Return this process's own impatient connection; ``process`` keeps a forked one from sharing its parent's."""
    impatient = {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "retry_on_timeout": False,
        "max_retries": 0,
    }
    connection: Connection = current_app.connection_for_write(
        connect_timeout=PATIENCE_SECONDS, transport_options=impatient
    )
    return connection
