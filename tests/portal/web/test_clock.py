"""The demonstration clock on screen."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from portal.shared import clock

FRIDAY = dt.datetime(2026, 7, 10, 10, 0, tzinfo=clock.BEIJING)
Move = Callable[..., str]

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(at: Callable[[dt.datetime], None]) -> Move:
    """Press a button of the bar on Friday 10 July 2026 and return the day that the portal then has."""
    at(FRIDAY)
    presses = iter(range(99))

    def press(**data: str) -> str:
        response = Client().post("/clock/", {"_key": f"press-{next(presses)}", "next": "/help/?a=1", **data})
        assert response.headers["Location"] == "/help/?a=1"
        clock.forget()
        return clock.today().isoformat()

    return press


def test_one_day_further(move: Move) -> None:
    assert move(move="day") == "2026-07-11"


def test_one_working_day_further_skips_the_weekend(move: Move) -> None:
    assert move(move="workday") == "2026-07-13"


def test_to_a_date_at_the_same_time_of_day(move: Move) -> None:
    assert move(move="date", to="2026-10-01") == "2026-10-01"
    assert clock.now().hour == FRIDAY.hour


@pytest.mark.parametrize("to", ["", "tomorrow", "2026-02-30"])
def test_a_date_that_is_none_changes_nothing(move: Move, to: str) -> None:
    assert move(move="date", to=to) == "2026-07-10"


def test_back_to_real_time(move: Move) -> None:
    move(move="real")
    assert not clock.is_moved()


def test_a_repeated_press_moves_once(at: Callable[[dt.datetime], None]) -> None:
    at(FRIDAY)
    for _ in range(2):
        Client().post("/clock/", {"_key": "the-same", "move": "day"})
    clock.forget()
    assert clock.today().isoformat() == "2026-07-11"


def test_the_bar_shows_the_portals_day(at: Callable[[dt.datetime], None]) -> None:
    at(FRIDAY)
    clock.forget()
    assert "2026年7月10日（星期五）10:00" in Client(headers={"accept-language": "zh-CN"}).get("/").text


def test_there_is_no_bar_and_no_clock_where_it_is_off(settings: Settings) -> None:
    settings.DEMO_CLOCK = False
    assert "演示时钟" not in Client().get("/").text
    assert Client().post("/clock/", {"_key": "k", "move": "day"}).status_code == 404
