"""Applicants' and employers' pages with 1, 1,000 and 100,000 applications beside them: rate, and the slowest twentieth."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from django.db import connection
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from portal.accounts.actors import Actor, acting_personally
from portal.http.once import HEADER, new_key
from portal.shared import clock
from tests.bench import many_applications
from tests.bench.load import READERS, Brought, Page, each_once, pace_of_the_slowest, requests_per_second
from tests.bench.pages import Sites, beside_the_ceiling
from tests.bench.rates import Row
from tests.factories import accounts

SIZES = (1, 1_000, 100_000)
SECONDS = 3
SUBMITTED_AT_ONCE = 40
FIRST_DRAFT = 900_000
QUEUE = "/applications/recommendations/?" + urlencode({"state": "open", "level": "associate", "words": "张"})


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    """Yield the rows one by one: each is measured with so many applications as its name says."""
    clock.move_to(many_applications.applications.NOW)
    bench = many_applications.prepare()
    with beside_the_ceiling(BENCH_MOVES_CLOCK="true") as sites:
        yield _rows(bench, sites)
    connection.close()


def _rows(bench: many_applications.Bench, sites: Sites) -> Iterator[Row]:
    for size in SIZES:
        many_applications.fill_up(bench, size)
        for name, who, path in _read(bench):
            page = Page(sites.portal, path, cookie_of(who))
            bare = Page(sites.ceiling, "/", sites.cookie)
            told = f"{name}, {size:,}"
            yield Row(
                f"{told} ({queries(who, path)} queries)",
                "requests/s",
                "bare Django, one SELECT, 20 rows",
                partial(requests_per_second, page, SECONDS),
                partial(requests_per_second, bare, SECONDS),
                0.50,
            )
            yield Row(
                f"{told}, slowest 5%",
                "1/p95",
                "the slowest twentieth of the same",
                partial(pace_of_the_slowest, page, SECONDS),
                partial(pace_of_the_slowest, bare, SECONDS),
            )
    yield from _writing(bench, sites)


def _read(bench: many_applications.Bench) -> list[tuple[str, Actor, str]]:
    return [
        ("own applications", bench.applicant, "/applications/"),
        ("own application", bench.applicant, f"/applications/{bench.submitted.code}/"),
        ("task list of a draft", bench.drafter, f"/applications/{bench.draft.code}/"),
        ("employer's queue, filtered", bench.clerk, QUEUE),
    ]


def _writing(bench: many_applications.Bench, sites: Sites) -> Iterator[Row]:
    save = Page(sites.ceiling, "/save", f"{sites.cookie}; csrftoken={TOKEN}", "POST", _bare_form)
    limit = partial(requests_per_second, save, SECONDS)
    against = "bare Django: a form, INSERT and journal"
    numbers = itertools.count(FIRST_DRAFT)
    fields = [_autosave(sites, one) for one in _drafts(bench, numbers, READERS)]
    yield Row("autosave of a field", "requests/s", against, partial(requests_per_second, fields, SECONDS), limit, 0.50)
    yield Row("submission", "requests/s", against, partial(_submissions, bench, sites, numbers), limit, 0.25)


TOKEN = get_token(RequestFactory().get("/"))


def _bare_form() -> Brought:
    body = urlencode({"title": "关于某事项的材料", "holder": "张三", "csrfmiddlewaretoken": TOKEN}).encode()
    return {"Content-Type": "application/x-www-form-urlencoded"}, body


def _drafts(bench: many_applications.Bench, numbers: Iterator[int], count: int) -> list[Application]:
    """Return so many filled drafts of people of their own."""
    taken = list(itertools.islice(numbers, count))
    many_applications.make(many_applications.drafts(bench.draft), taken[0], taken[-1])
    made = Application.objects.filter(code__in=[f"SB-B{number:09d}" for number in taken])
    return list(made.select_related("applicant"))


def _autosave(sites: Sites, draft: Application) -> Page:
    """Return the page to which one browser sends the next value of one field again and again."""
    versions = itertools.count()

    def field() -> Brought:
        version = next(versions)
        body = {"values": {"gap_note": f"第{version}次保存"}, "versions": {"gap_note": version}}
        return _head(), json.dumps(body).encode()

    return Page(sites.portal, f"/api/applications/{draft.code}/sheets/summary/", _cookie(draft), "PATCH", field)


def _submissions(bench: many_applications.Bench, sites: Sites, numbers: Iterator[int]) -> float:
    """Submit forty drafts, eight at a time, and return how many a second; they are made before the clock runs."""
    body = json.dumps({"commitment": True}).encode()
    return each_once(
        [
            Page(
                sites.portal,
                f"/api/applications/{draft.code}/steps/submit/",
                _cookie(draft),
                "POST",
                lambda: (_head(), body),
            )
            for draft in _drafts(bench, numbers, SUBMITTED_AT_ONCE)
        ]
    )


def _head() -> dict[str, str]:
    return {"Content-Type": "application/json", "X-CSRFToken": TOKEN, HEADER: new_key()}


def _cookie(draft: Application) -> str:
    return f"{cookie_of(acting_personally(draft.applicant))}; csrftoken={TOKEN}"


def queries(who: Actor, path: str) -> int:
    """Return how many queries the page asks."""
    browser = accounts.client(who)
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def cookie_of(who: Actor) -> str:
    """Return the cookie header of a browser that is logged in as ``who``."""
    return "; ".join(f"{name}={value}" for name, value in many_applications.cookies_of(who).items())
