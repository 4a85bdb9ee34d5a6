"""Cleared results and who works with them; a log with events in it, a key of its own, and what only a superuser can do to it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.test import Client

from certificates.domain import checkpoints, transparency
from certificates.models import LogCheckpoint
from review.models import AcceptedCase
from tests.factories import acceptances, accounts, certificates
from tests.factories.certificates import PROPOSED
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

ORIGIN = "titles.example.org/certificate-log"


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def log(db: None) -> Callable[..., int]:
    """Log so many events: ``log(3)``; further words go into each record."""

    def append(count: int = 1, **more: str) -> int:
        with transaction.atomic():
            return transparency.append([{"event": "issued", "number": f"{n:06}", **more} for n in range(count)])

    return append


@pytest.fixture
def sign(db: None, key: Ed25519PrivateKey, now: dt.datetime) -> Callable[..., LogCheckpoint]:
    """Sign what is logged so far."""

    def signed(at: dt.datetime = now) -> LogCheckpoint:
        checkpoint = checkpoints.sign_checkpoint(key, ORIGIN, at=at)
        assert checkpoint is not None
        return checkpoint

    return signed


@pytest.fixture(scope="module")
def cleared_keys(request: pytest.FixtureRequest, standing: Callable[..., Any]) -> list[int]:
    """Keep cleared results of one batch for the module's tests, as many as its PEOPLE says or two; their keys."""
    people = getattr(request.module, "PEOPLE", 2)
    return standing(lambda: [case.pk for case in certificates.cleared(people)])  # type: ignore[no-any-return]


@pytest.fixture
def cases(cleared_keys: list[int], at: Callable[..., None]) -> list[AcceptedCase]:
    """What the clerk finds on the morning on which orders are proposed."""
    at(PROPOSED)
    return list(AcceptedCase.objects.with_all().filter(pk__in=cleared_keys).order_by("item__order"))


@pytest.fixture
def clerk(cases: list[AcceptedCase]) -> Client:
    return accounts.client(acceptances.clerk())


@pytest.fixture
def lead(cases: list[AcceptedCase]) -> Client:
    return accounts.client(acceptances.lead())


def tamper(sql: str, parameters: list[object] | None = None) -> None:
    """Do what only a superuser can: switch the triggers off, change, switch them on again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
