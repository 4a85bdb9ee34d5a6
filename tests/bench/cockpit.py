"""The reports of the cockpit with 1,000 and 100,000 applications: rate, and the slowest twentieth, beside a bare list page.

BENCH_FIGURES names other numbers. The applications are the ten of a small city, at ten places of the way, each cloned as often.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from applications.models import Application, Recommendation
from portal.accounts.models import Person
from portal.cockpit.reports import REPORTS
from portal.shared import clock
from review.models import AcceptedCase, AgencyReview, AgendaItem, Finding, Payment
from tests.bench.applications import cookie_of, queries
from tests.bench.load import Page, pace_of_the_slowest, requests_per_second
from tests.bench.many_applications import FILE, PERSON, Copies, make
from tests.bench.pages import Sites, beside_the_ceiling
from tests.bench.rates import Row
from tests.factories import acceptances, figures
from tests.factories.defences import on

SIZES = tuple(int(size) for size in os.environ.get("BENCH_FIGURES", "1000,100000").split(","))
SECONDS = 3
REVIEW = f"{FILE} JOIN review_agencyreview r ON r.application_id = a.id"
ITEM = f"{FILE} JOIN review_agendaitem t ON t.code = 'YC-B' || i"
# Whose money counts is an order that nobody asks for: it only has to be another one each time.
ORDER = "CASE WHEN source.settled_by_id IS NOT NULL THEN 1000000 + i END"
DAYS_APART = "source.{} + (i %% 21) * interval '1 day'".format


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    """Yield the rows one by one: each is measured with so many applications as its name says."""
    clock.move_to(on(10, 16, 15))
    figures.city()
    with beside_the_ceiling(BENCH_MOVES_CLOCK="true") as sites:
        yield _rows(sites)
    connection.close()


def _rows(sites: Sites) -> Iterator[Row]:
    clerk, likes = acceptances.clerk(), list(Application.objects.order_by("pk"))
    for size in SIZES:
        fill_up(likes, size)
        for key in REPORTS:
            path = f"/cockpit/{key}/?year=2026"
            page, bare = Page(sites.portal, path, cookie_of(clerk)), Page(sites.ceiling, "/", sites.cookie)
            told = f"cockpit, {key}, {size:,}"
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


def fill_up(likes: list[Application], count: int) -> None:
    """Clone the applications until there are ``count``, as many of each."""
    first = Application.objects.count()
    each = (count - first) // len(likes)
    for place, like in enumerate(likes):
        begin = first + place * each
        if each > 0:
            make(_copies(like), begin, begin + each - 1)


def _copies(like: Application) -> list[Copies]:
    """Return copies of an application with all that is counted of it: ``SB-B<i>``."""
    of_file = {"application_id": "a.id"}
    names = {"code": "'SB-B' || lpad(i::text, 9, '0')", "applicant_id": "p.id"}
    submitted = {"first_submitted_at": DAYS_APART("first_submitted_at")}
    where = f"application_id = {like.pk}"
    return [
        Copies(Person, f"id = {like.applicant_id}", {"code": "'PB' || i", "username": "'bench-' || i"}),
        Copies(Application, f"id = {like.pk}", {**names, **submitted}, PERSON),
        Copies(Recommendation, where, {"code": "'TJ-B' || i", **of_file}, FILE),
        Copies(AgencyReview, where, {"code": "'SH-B' || lpad(i::text, 9, '0')", **of_file}, FILE),
        Copies(
            Finding,
            f"review_id IN (SELECT id FROM review_agencyreview WHERE application_id = {like.pk})",
            {"review_id": "r.id"},
            REVIEW,
        ),
        Copies(Payment, where, {"code": "'JF-B' || i", **of_file, "settled_by_id": ORDER}, FILE),
        Copies(AgendaItem, where, {"code": "'YC-B' || i", **of_file, "order": "100 + i %% 30000"}, FILE),
        Copies(AcceptedCase, where, {"code": "'YR-B' || i", **of_file, "item_id": "t.id"}, ITEM),
    ]
