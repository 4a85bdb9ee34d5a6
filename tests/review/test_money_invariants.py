"""Whatever comes in whatever order: no money is swallowed or counted twice, and nobody goes on unpaid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from applications.enums import ApplicationState as A
from portal.deadlines.ringing import ring_due
from portal.shared.errors import Refusal
from review.domain import crediting, ordering
from review.domain.reconciling import Movement, compare
from review.enums.paying import SETTLED, Direction, OrderState, RefundState
from review.models import Payment, Refund
from tests.factories import payments
from tests.factories.payments import DUE_AT, PAID_AT

BEYOND_THE_FEE = {A.PAID, A.AWAITING_DEFENCE, A.READY_FOR_COMMITTEE}
MINUTE = dt.timedelta(minutes=1)

# What happens, and how many minutes around the last instant; money carries a time of its own.
happenings = some.lists(
    some.tuples(
        some.sampled_from(["order", "money", "close", "ring", "withdraw"]),
        some.integers(-60, 60),
        some.integers(-90, 30),
    ),
    min_size=2,
    max_size=9,
)


@pytest.mark.django_db
@pytest.mark.rule("A-10", "R-096", "R-102")
def test_money_is_never_swallowed_counted_twice_or_needless() -> None:
    payment = payments.due()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(happenings)
    def whatever_comes(story: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            for what, told, paid in sorted(story, key=lambda one: one[1]):
                happen(payment.pk, what, DUE_AT + told * MINUTE, DUE_AT + paid * MINUTE)
            ring_due(at=DUE_AT + dt.timedelta(days=1))
            must_hold(Payment.objects.with_all().get(pk=payment.pk))
            transaction.set_rollback(True)

    whatever_comes()


def happen(pk: int, what: str, at: dt.datetime, paid_at: dt.datetime) -> None:
    payment = Payment.objects.with_all().get(pk=pk)
    last = payment.orders.order_by("-pk").first()
    try:
        if what == "order":
            ordering.start(payment, by=payments.payer(payment), at=at)
        elif what == "ring":
            ring_due(at=at)
        elif what == "withdraw":
            payments.withdrawn(payment.application, at=at)
        elif last is not None and what == "money":
            crediting.credit(last, payments.money(last, paid_at=min(paid_at, at)), at=at)
        elif last is not None:
            crediting.close(last, at=max(at, last.placed_at))
    except Refusal:
        return  # refused is an answer; what must hold, holds all the same


def must_hold(payment: Payment) -> None:
    paid = list(payment.orders.filter(state=OrderState.PAID))
    going_back = set(Refund.objects.exclude(state=RefundState.DECLINED).values_list("order", flat=True))
    kept = [order for order in paid if order.pk not in going_back]
    assert len(kept) <= 1
    assert all(order.pk == payment.settled_by_id for order in kept)
    assert sum(order.amount for order in paid) == payment.amount * len(kept) + payment.amount * len(going_back)
    if payment.settled_by is not None:
        assert payment.settled_by.paid_at <= DUE_AT
    if payment.application.state in BEYOND_THE_FEE:
        assert payment.state in SETTLED
    assert payment.application.state != A.REVIEW_PASSED


movements = some.builds(
    Movement,
    some.sampled_from(Direction),
    some.sampled_from(["P1", "P2", "P3", "P4"]),
    some.just(""),
    some.sampled_from([Decimal(200), Decimal(500), Decimal(700)]),
    some.sampled_from([PAID_AT, PAID_AT + MINUTE]),
)
days = some.lists(movements, unique_by=lambda one: one.key)


@pytest.mark.rule("A-10")
@given(days)
def test_a_day_beside_itself_has_no_difference(day: list[Movement]) -> None:
    assert compare(day, reversed(day)).found == []


@pytest.mark.rule("A-10")
@given(days, days)
def test_sums_differ_only_where_a_difference_is_named(here: list[Movement], there: list[Movement]) -> None:
    found = compare(here, there).found
    named = sum(((one.there.amount if one.there else 0) - (one.here.amount if one.here else 0)) for one in found
                if one.kind != "time")  # fmt: skip
    assert sum(one.amount for one in there) - sum(one.amount for one in here) == named
