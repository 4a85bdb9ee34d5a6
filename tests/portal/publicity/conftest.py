"""An employer's running notice whose owner writes down what it is told, and objections against it."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import Role
from portal.publicity import registry
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import NoticeKind, ObjectionState
from portal.publicity.models import Line, Notice, Objection
from portal.publicity.registry import Owner
from portal.shared import clock
from tests.factories import publicity as factory

FACTS = "公示的专利发明人中没有此人，见专利公告。"


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)


POSTED = instant("2026-07-16T10:00")
OBJECTED = instant("2026-07-22T16:40")
ENDS = instant("2026-07-24T00:00")


class Recording(Owner):
    """An owner that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.above: Organisation | None = None

    def next_instance(self, objection: Objection) -> Organisation | None:
        return self.above if self.above and objection.handler_id != self.above.pk else None

    def cleared(self, line: Line, at: dt.datetime) -> None:
        self.told.append(("cleared", line.number))

    def held(self, line: Line, objection: Objection, at: dt.datetime) -> None:
        self.told.append(("held", line.number))

    def released(self, line: Line, objection: Objection, at: dt.datetime) -> None:
        self.told.append(("released", line.number))

    def struck(self, line: Line, objection: Objection, outcome: ObjectionState, at: dt.datetime) -> None:
        self.told.append((outcome.value, line.number))


@pytest.fixture(autouse=True)
def _limits_are_forgotten() -> Iterator[None]:
    """Let no test find the objections and prints of another counted against its address."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Recording:
    recording = Recording()
    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, recording)
    return recording


@pytest.fixture
def head(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.EMPLOYER_HEAD)


@pytest.fixture
def notice(owner: Recording, head: Actor) -> Notice:
    return factory.posted(head, POSTED, "孙甲", "李乙", kind=NoticeKind.EMPLOYER)


def object_to(notice: Notice, number: int = 1, at: dt.datetime = OBJECTED, **said: object) -> Objection:
    statement = Statement(**{"facts": FACTS, **said})  # type: ignore[arg-type]
    return objecting.lodge(notice.lines.get(number=number), statement, by=PUBLIC, at=at)


def accepted(notice: Notice, by: Actor, **more: object) -> Objection:
    return objecting.accept(object_to(notice, **more), by=by, at=OBJECTED)  # type: ignore[arg-type]
