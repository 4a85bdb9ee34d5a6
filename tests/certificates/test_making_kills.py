"""Workers are killed in the middle of an order: every number is issued once and nothing is left out.

`make soak` has more people and kills more often: CERTIFICATE_PEOPLE and CERTIFICATE_KILLS say how many and how often.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from certificates.domain import making
from certificates.enums import CertificateState, OrderState
from certificates.models import Certificate, IssueOrder, LogLeaf, NationalPush
from portal.documents.models import StoredFile
from portal.notifications.models import Notification
from portal.shared import clock
from tests.factories import certificates
from tests.factories.certificates import MADE
from tests.live.house import House

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

PEOPLE = int(os.environ.get("CERTIFICATE_PEOPLE", "2"))
KILLS = int(os.environ.get("CERTIFICATE_KILLS", "1"))
PATIENCE = 180

# What is written takes long enough to be cut off; nothing that follows is committed before it.
SLOW = """
CREATE FUNCTION takes_a_while() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.4); RETURN NEW; END $$;
CREATE TRIGGER takes_a_while BEFORE INSERT ON certificates_nationalpush FOR EACH ROW EXECUTE FUNCTION takes_a_while();
CREATE CONSTRAINT TRIGGER commits_slowly AFTER INSERT ON certificates_logleaf DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION takes_a_while();
"""
QUICK_AGAIN = "DROP FUNCTION takes_a_while CASCADE"
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture
def slowly(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Return what makes the issue's writes slow; after the test they are as before."""
    with connection.cursor() as cursor:
        yield lambda: cursor.execute(SLOW)
        cursor.execute(QUICK_AGAIN)


def is_writing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ASLEEP)
        return bool(cursor.fetchone()[0])


def test_killed_in_the_middle_an_order_goes_on_and_no_number_is_used_twice(
    slowly: Callable[[], None], tmp_path: Path
) -> None:
    order = certificates.given(certificates.proposed(certificates.cleared(PEOPLE)))
    numbers = list(order.certificates.order_by("serial").values_list("number", flat=True))
    slowly()
    clock.move_to(MADE)
    with House(tmp_path, {"SEALING_TIME_STAMPS": "false"}) as house:
        for _kill in range(KILLS):
            workers = [house.manage("make_certificates") for _worker in range(2)]
            house.wait_until(is_writing, PATIENCE, "nobody writes")
            for worker in workers:
                worker.kill()
                worker.wait()
            house.wait_until(lambda: not is_writing(), PATIENCE, "the dead go on writing")
            clock.move_by(making.LEASE)
        assert house.manage("make_certificates").wait(PATIENCE) == 0
    issued = Certificate.objects.filter(order=order, state=CertificateState.ISSUED).order_by("serial")
    assert [(one.serial, one.number) for one in issued] == list(enumerate(numbers, start=1))
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED
    assert sorted(LogLeaf.objects.values_list("number", flat=True)) == numbers
    assert NationalPush.objects.count() == PEOPLE
    assert Notification.objects.filter(kind="certificates.certificate_issued").count() == PEOPLE
    assert StoredFile.objects.filter(purpose__startswith="certificate").count() == 2 * PEOPLE
