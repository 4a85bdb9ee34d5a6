"""Numbers under concurrency: whoever fails leaves no gap, and nobody gets a number twice."""

import threading

import pytest
from django.db import connection, transaction

from certificates.domain import numbering
from portal.catalogue.models import Series


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
