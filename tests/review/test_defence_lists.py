"""The list pages of defences ask the database as often for thirty rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from review.domain import rescheduling
from review.models import DefenceRound, NameMatch, Panel, Slot
from tests.factories import accounts, defences
from tests.factories.defences import PLANNED, TOLD, on

pytestmark = pytest.mark.django_db
MANY, WITH_PEOPLE = 30, 6


def queries(who: Actor, *paths: str) -> dict[str, int]:
    """Return by page how many queries it takes, once everything that is kept between requests is known."""
    browser, found = accounts.client(who), {}
    for path in paths:
        browser.get(path)
        with CaptureQueriesContext(connection) as met:
            assert browser.get(path).status_code == 200
        found[path] = len(met)
    return found


class Year:
    """A committee's year that grows row by row; everybody is heard by one panel."""

    def __init__(self, entry: CatalogueEntry) -> None:
        self.entry, self.experts = entry, defences.experts(entry.agency)
        self.clerk = defences.agency_staff(entry.agency)
        self.round: DefenceRound = defences.round_of(entry.committee)
        self.panel: Panel = defences.panel(self.round, self.experts)
        self.number = 0

    def grow(self, *, with_people: bool) -> None:
        """Add a round, a panel and a slot, and people at each point of the way."""
        self.number += 1
        begins_at = on(9, 20 + (self.number - 1) // 10, 8 + (self.number - 1) % 10)
        (slot,) = defences.slots(self.panel, begins_at=begins_at, capacity=5)
        defences.round_of(self.entry.committee, title=f"第{self.number}次加场")
        defences.panel(self.round, name=f"备用第{self.number}组")
        if with_people:
            self._add_people(slot)

    def _add_people(self, slot: Slot) -> None:
        """Add one who waits for a slot, one planned with a name to check, one who asked, one who gets another date."""
        defences.paid(self.entry)
        planned = defences.planned(defences.paid(self.entry), slot)
        NameMatch.objects.create(
            application=planned.application, expert=self.experts[0].person, place="业绩成果", found_at=PLANNED
        )
        asking, agreed = (defences.notified(defences.paid(self.entry), slot) for _each in range(2))
        defences.asked(asking)
        rescheduling.agree(defences.asked(agreed), by=self.clerk, at=TOLD)


def test_the_agencys_and_the_experts_lists(entry: CatalogueEntry) -> None:
    clock.move_to(TOLD)
    year = Year(entry)
    page = f"/review/defences/rounds/{year.round.code}/"
    of_agency = ("/review/defences/", page, f"{page}arrange/", f"{page}notify/", f"{page}panels/", f"{page}slots/")
    year.grow(with_people=True)
    agency, expert = queries(year.clerk, *of_agency), queries(year.experts[0], "/review/panel/")
    while year.number < MANY:
        year.grow(with_people=year.number % WITH_PEOPLE == 0)
    assert queries(year.clerk, *of_agency) == agency
    assert queries(year.experts[0], "/review/panel/") == expert
