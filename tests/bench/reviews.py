"""The agency's queue and a checklist with 1,000, 20,000 and 100,000 files: rate, and the slowest twentieth, beside a bare list page.

BENCH_REVIEWS names other numbers of files. Half of the portal's work on this page is not the list: the frame, the
session, what there is to choose from; the numbers that must not grow are those from one size to the next.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from django.db import connection

from portal.accounts.actors import Actor
from portal.shared import clock
from review.domain import checking
from review.models import AgencyReview
from tests.bench import many_applications
from tests.bench.applications import cookie_of, queries
from tests.bench.load import Page, pace_of_the_slowest, requests_per_second
from tests.bench.pages import Sites, beside_the_ceiling
from tests.bench.rates import Row
from tests.factories import accounts, agency_reviews, applications, catalogue

SIZES = tuple(int(size) for size in os.environ.get("BENCH_REVIEWS", "1000,20000,100000").split(","))
SECONDS = 3
QUEUE = "/review/?"


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    """Yield the rows one by one: each is measured with so many files as its name says."""
    clock.move_to(applications.NOW)
    entry = catalogue.published_entry()
    first, taken = agency_reviews.queued(entry), agency_reviews.queued(entry)
    checking.take(taken, by=agency_reviews.clerk_of(taken), at=clock.now())
    with beside_the_ceiling(BENCH_MOVES_CLOCK="true") as sites:
        yield _rows(first, taken, sites)
    connection.close()


def _rows(first: AgencyReview, taken: AgencyReview, sites: Sites) -> Iterator[Row]:
    clerk, lead = agency_reviews.clerk_of(first), agency_reviews.lead_of(first)
    for size in SIZES:
        made = AgencyReview.objects.count()
        assert clerk.person is not None
        assert lead.person is not None
        if size > made:
            many_applications.make(many_applications.reviews(first, clerk.person, lead.person), made, size - 1)
        for name, path, cookie in _pages(first, taken, clerk):
            page, bare = Page(sites.portal, path, cookie), Page(sites.ceiling, "/", sites.cookie)
            told = f"{name}, {size:,}"
            yield Row(
                f"{told} ({queries(clerk, path)} queries)",
                "requests/s",
                "bare Django, one SELECT, 20 rows",
                partial(requests_per_second, page, SECONDS),
                partial(requests_per_second, bare, SECONDS),
            )
            yield Row(
                f"{told}, slowest 5%",
                "1/p95",
                "the slowest twentieth of the same",
                partial(pace_of_the_slowest, page, SECONDS),
                partial(pace_of_the_slowest, bare, SECONDS),
            )


def _pages(first: AgencyReview, taken: AgencyReview, clerk: Actor) -> list[tuple[str, str, str]]:
    """Return the pages as (name, address, cookie); who looks for a name has it in the session."""
    entry = first.application.entry
    narrow = {"state": "open", "committee": first.committee.code, "level": entry.level.key, "assignee": "none"}
    middle = AgencyReview.objects.order_by("due_at", "pk")[AgencyReview.objects.count() // 2]
    browser = accounts.client(clerk)
    found = browser.post("/review/search/", {"words": "张9", "state": "all"}).headers["Location"]
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    return [
        ("queue of an agency", f"{QUEUE}state=open", cookie_of(clerk)),
        ("three filters", QUEUE + urlencode(narrow), cookie_of(clerk)),
        ("all, from the middle", QUEUE + urlencode({"state": "all", "after": middle.code}), cookie_of(clerk)),
        ("by name", found, cookie),
        ("checklist", f"/review/files/{taken.code}/check/", cookie_of(clerk)),
    ]
