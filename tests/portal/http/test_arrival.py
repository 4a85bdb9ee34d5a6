"""A request counts from when the proxy took it."""

import datetime as dt

import pytest
from django.test import RequestFactory

from portal.http.arrival import HEADER, LONGEST_WAIT, arrived_at, everybody_arrived_until
from portal.shared import clock

pytestmark = pytest.mark.django_db
ENDS = dt.datetime(2026, 7, 29, 0, 0, 5, tzinfo=clock.BEIJING)


def arrival(stamp: str) -> dt.datetime:
    clock.move_to(ENDS)
    return arrived_at(RequestFactory().get("/", headers={HEADER: stamp}))


def stamped(seconds: float) -> str:
    return f"t={clock.since_epoch() - seconds:.3f}"


@pytest.mark.rule("A-33")
def test_a_request_that_waited_counts_from_its_arrival(settings) -> None:
    settings.PROXY_STAMPS_ARRIVAL = True
    at = arrival(stamped(8))
    assert dt.timedelta(seconds=2) < dt.datetime(2026, 7, 29, 0, 0, tzinfo=clock.BEIJING) - at < dt.timedelta(seconds=4)


@pytest.mark.parametrize("seconds", [-30, LONGEST_WAIT.total_seconds() + 5])
def test_a_stamp_from_the_future_or_too_long_ago_counts_for_nothing(settings, seconds: float) -> None:
    settings.PROXY_STAMPS_ARRIVAL = True
    assert arrival(stamped(seconds)) >= ENDS


@pytest.mark.parametrize("stamp", ["", "yesterday", "t=", "t=nan", "t=1e9", "t=99999999999.1"])
def test_nonsense_counts_for_nothing(settings, stamp: str) -> None:
    settings.PROXY_STAMPS_ARRIVAL = True
    assert arrival(stamp) >= ENDS


def test_nobody_stamps_for_themselves_where_no_proxy_is_in_front(settings) -> None:
    settings.PROXY_STAMPS_ARRIVAL = False
    assert arrival(stamped(8)) >= ENDS


@pytest.mark.parametrize(("stamps", "lag"), [(True, LONGEST_WAIT), (False, dt.timedelta(0))])
def test_a_sweep_leaves_alone_what_somebody_may_still_be_waiting_to_do(
    settings, *, stamps: bool, lag: dt.timedelta
) -> None:
    settings.PROXY_STAMPS_ARRIVAL = stamps
    clock.move_to(ENDS)
    assert abs(ENDS - lag - everybody_arrived_until()) < dt.timedelta(seconds=2)
