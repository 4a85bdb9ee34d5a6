"""The demonstration's year, put together from what each room contributes."""

import datetime as dt

from applications import demo as applications
from portal.accounts import demo as accounts
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.catalogue import demo as catalogue
from portal.catalogue.loading import load_reference
from portal.integrity import demo as integrity
from portal.publicity import demo as publicity
from portal.shared import clock
from portal.workdays.loading import load_shipped_years
from review import demo as review

# A Wednesday inside the individual window of the demonstration's year.
BEGINS = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)


def load() -> None:
    """Load everything once and set the clock to the beginning; a second run changes nothing and leaves the clock alone.

    Raises RuntimeError where the demonstration clock is off.
    """
    is_new = not Person.objects.filter(username="bureau-clerk").exists()
    if is_new:
        clock.move_to(BEGINS)
    load_shipped_years()
    load_reference()
    accounts.load()
    clerk, lead = _bureau("bureau-clerk"), _bureau("bureau-lead")
    catalogue.load_edition(catalogue.YEAR, clerk=clerk, lead=lead)
    publicity.load(clerk=clerk, at=BEGINS)
    integrity.load(clerk=clerk, lead=lead)
    applications.load(at=BEGINS)
    review.load()


def _bureau(username: str) -> Actor:
    person = Person.objects.get(username=username)
    membership = person.memberships.select_related("organisation").get()
    return actor_of(person, membership.organisation.code, on=clock.day_of(BEGINS))
