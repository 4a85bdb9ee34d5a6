"""Orders and numbers under concurrency: nobody is on two orders or has two numbers, and whoever fails leaves no gap."""

import threading

import pytest
from django.db import connection, transaction

from certificates.domain import numbering, ordering
from certificates.models import IssueOrder
from portal.accounts.actors import Actor
from portal.catalogue.models import Series
from portal.shared.errors import Refusal
from tests.factories import acceptances, certificates
from tests.factories.certificates import PROPOSED


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_however_many_take_them_and_fail() -> None:
    series = Series.objects.get(code="05")
    with transaction.atomic():
        (before,) = numbering.take(series, 2026, 1)
    taken: list[int] = []

    def take(number: int) -> None:
        try:
            with transaction.atomic():
                got = numbering.take(series, 2026, 3)
                if number % 3 == 0:
                    transaction.set_rollback(True)
                else:
                    taken.extend(got)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(before + 1, before + 25))


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_the_same_person_at_once_make_one_order() -> None:
    (case,) = certificates.cleared()
    clerks = [acceptances.clerk(), acceptances.officer(another=True)]
    together, outcomes = threading.Barrier(2), list[str]()

    def propose(by: Actor) -> None:
        together.wait()
        try:
            ordering.propose([case.code], by=by, at=PROPOSED)
        except Refusal as refusal:
            outcomes.extend(reason.code for reason in refusal.reasons)
        else:
            outcomes.append("proposed")
        finally:
            connection.close()

    threads = [threading.Thread(target=propose, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["nobody_to_certify", "proposed"]
    assert IssueOrder.objects.count() == 1
