"""The demonstration's two records, and nothing more at a second loading."""

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.integrity import demo, queries
from portal.integrity.models import IntegrityRecord
from tests.factories import accounts


def test_one_record_is_in_force_and_one_opened(db, now) -> None:
    clerk = accounts.actor(Role.BUREAU_CLERK)
    lead = accounts.actor(Role.BUREAU_LEAD, at=clerk.organisation)
    for _ in range(2):
        demo.load(clerk=clerk, lead=lead)
    assert list(IntegrityRecord.objects.order_by("pk").values_list("state", flat=True)) == ["in_force", "opened"]
    barred, suspected = (Person.objects.get(username=name) for name in (demo.BARRED, demo.SUSPECTED))
    assert queries.is_barred(barred, now)
    assert not queries.is_barred(suspected, now)
    assert queries.cases_open_against(suspected).exists()
