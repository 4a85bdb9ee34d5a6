"""What every test has at hand: a fixed instant, people in their roles, a clock that forgets, a flush past the ledger's lock."""

import copy
import datetime as dt
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, TestCase, TransactionTestCase
from django.utils import translation

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.sealing import founding
from portal.shared import clock
from tests.factories import accounts
from tests.fixtures import reference, side_by_side

pytest_plugins = ["tests.rules_table"]

ALONE = "master"  # what a tester is called who has nobody beside
GARBAGE = 50_000  # objects made and not yet gone; Python's own 700 is meant for small programs
NOW = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, the rest in its shuffled order: at the end two testers share tests of a second."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Search for dead circles seldom: what is loaded stays, and walking it again and again takes an eighth of a run."""
    gc.freeze()
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])


@pytest.fixture
def now() -> dt.datetime:
    """Wednesday 8 July 2026, 10:00, inside the individual window of the demonstration year."""
    return NOW


@pytest.fixture(autouse=True)
def _clock_forgets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start each test with the clock unread; only a server in another thread needs to ask for it again and again."""
    if request.node.get_closest_marker("browser") is None:
        monkeypatch.setattr(clock, "REFRESH_SECONDS", 86400.0)
    clock.forget()
    yield
    clock.forget()


@pytest.fixture(autouse=True, scope="session")
def _keys_are_there() -> None:
    """Make the keys of this checkout's tests if no run before did."""
    founding.found(Path(settings.SEALING["keys"]), founding.Founder())


@pytest.fixture(autouse=True, scope="session")
def _servers_let_go() -> None:
    """Close a live server's connection with its answer: a line kept open must not keep a database, which is dropped later."""
    connection.settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture(autouse=True)
def _reads_chinese() -> None:
    """Start each test in the office's language: a request in another one leaves its thread in that."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def at(db: None) -> Callable[[dt.datetime], None]:
    """Set the portal's clock."""
    return clock.move_to


@pytest.fixture
def actor(db: None) -> Callable[..., Actor]:
    """Return a maker of actors: ``actor(Role.BUREAU_LEAD)`` is a new person in that role at a fitting organisation."""
    return accounts.actor


@pytest.fixture
def visit(db: None) -> Callable[..., Client]:
    """Return a maker of clients: ``visit(actor)`` is logged in and acts as that actor."""
    return accounts.client


@pytest.fixture
def bureau_clerk(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.BUREAU_CLERK)


@pytest.fixture
def bureau_lead(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.BUREAU_LEAD)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> None:
    if worker_id != ALONE:
        with django_db_blocker.unblock():
            common = side_by_side.filled_database(tmp_path_factory.getbasetemp().parent)
        connection.settings_dict["TEST"]["TEMPLATE"] = common


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, worker_id: str, django_db_blocker: Any) -> Iterator[None]:
    if worker_id == ALONE:
        with django_db_blocker.unblock():
            reference.load_and_keep()
    yield
    # Whoever was killed or left alone by a test may still be on their way out; a database in use cannot be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Return what lets a module's fixtures make rows once, which each of its tests then finds as they were made.

    ``standing(make)`` calls ``make`` and returns what it returns; keep keys, not rows, as tests change rows. The rows
    lie in a transaction around those of the tests and are never committed: not for a module whose tests commit.
    """
    around = transaction.atomic()

    def made(make: Callable[[], Any]) -> Any:
        translation.activate(settings.LANGUAGE_CODE)  # whatever the test before read
        clock.forget()
        with django_db_blocker.unblock():
            return make()

    made(around.__enter__)
    yield made
    made(lambda: transaction.set_rollback(True))
    made(lambda: around.__exit__(None, None, None))


@pytest.fixture(scope="module")
def _made_once(request: pytest.FixtureRequest, standing: Callable[[Callable[[], Any]], Any]) -> Any:
    return standing(request.module.made_once)


@pytest.fixture
def kept(_made_once: Any) -> Any:
    """Return what the module's ``made_once()`` returned: its rows stand for the whole module, these copies are the test's own."""
    return copy.deepcopy(_made_once)


@pytest.fixture(autouse=True, scope="session")
def _commits_are_undone_from_the_copy() -> Iterator[None]:
    """Tests that commit leave the tables as every test finds them; Django's own flush would forget what is loaded once."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase, *args: Any) -> None:
        if isinstance(self, TestCase):
            original(self, *args)
        else:
            reference.put_back()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
