"""Control limits against what can be reckoned by hand and by whole numbers."""

import math

import pytest

from portal.cockpit.limits import ASK, LOOK, Limits, binomial_limits


def exact(n: int, hits: int, of: int, coverage: float) -> Limits:
    """Reckon the same with whole numbers of arbitrary length."""
    weights = [math.comb(n, count) * hits**count * (of - hits) ** (n - count) for count in range(n + 1)]
    whole, tail, below, low = of**n, (1 - coverage) / 2, 0, None
    for count, weight in enumerate(weights):
        below += weight
        if low is None and below / whole > tail:
            low = count
        if below / whole >= 1 - tail:
            assert low is not None
            return Limits(low, count)
    raise AssertionError


@pytest.mark.parametrize("coverage", [LOOK, ASK])
@pytest.mark.parametrize(("n", "hits", "of"), [(1, 1, 2), (10, 7, 10), (40, 9, 10), (137, 61, 97), (600, 2, 3)])
def test_limits_are_those_of_whole_numbers(n: int, hits: int, of: int, coverage: float) -> None:
    assert binomial_limits(n, hits, of, coverage) == exact(n, hits, of, coverage)


def test_ten_decisions_at_a_half_by_hand() -> None:
    # P(X ≤ 1) = 11/1024 ≤ 2.5 %, P(X ≤ 2) = 56/1024 > 2.5 %; the upper limit lies as far from the other end.
    assert binomial_limits(10, 1, 2, LOOK) == Limits(2, 8)
    assert binomial_limits(10, 1, 2, LOOK).hold(8)
    assert not binomial_limits(10, 1, 2, LOOK).hold(9)


def test_at_the_ends_nothing_is_left_to_chance() -> None:
    assert binomial_limits(30, 0, 90, ASK) == Limits(0, 0)
    assert binomial_limits(30, 90, 90, ASK) == Limits(30, 30)
    assert binomial_limits(0, 1, 2, ASK) == Limits(0, 0)


def test_many_decisions_stay_within_reach() -> None:
    limits = binomial_limits(100_000, 1, 2, ASK)
    assert limits.high - 50_000 == 50_000 - limits.low
    assert 480 < limits.high - 50_000 < 495  # 3.09 standard deviations of 158.1
