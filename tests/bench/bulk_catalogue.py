"""A catalogue of the city's size, made up, to measure with: 1,100 specialties on every level, junior engineers by district.

Run it on a scratch database: ``python -m tests.bench.bulk_catalogue``. It prints how long each search takes.
"""

import datetime as dt
import os
import statistics
import time

import django

SPECIALTIES = 1100
WORDS = ["集成电路", "工程 0500", "高级工程师", "海淀", "测试专业 高级 评审", "没有这样的专业"]
ROUNDS = 7


def make_year() -> None:
    """Publish a year of ``SPECIALTIES`` made-up specialties over the 20 series of the city's calendar."""
    edition = catalogue.edition(code="BULK", title="大目录")
    plan = catalogue.schedule(edition)
    for district, _name in District.choices:
        accounts.organisation(OrganisationKind.DISTRICT, district=district)
    districts = committees.prepare_for_districts(edition, by=SYSTEM, at=catalogue.PREPARED_AT)
    series = list(Series.objects.filter(mode=Mode.QUALIFICATION).order_by("code"))
    levels = list(Level.objects.order_by("-rank"))
    rows = []
    for number in range(SPECIALTIES):
        one = series[number % len(series)]
        specialty = Specialty.objects.create(
            code=f"{one.code}{number // len(series):03d}",
            name=f"{'集成电路' if number % 97 == 0 else '测试专业'}{number:04d}",
            series=one,
            valid_from=dt.date(2024, 1, 1),
        )
        for level in levels:
            is_spread = one.code == "05" and level.committee_band == Band.JUNIOR
            chosen = districts if is_spread else [committee_for(edition, one.name, level.committee_band)]
            method = Method.EXAM_REVIEW if one.code in {"15", "17", "18", "19", "25"} else Method.REVIEW
            rows += [Row(specialty, level, method, committee, plan) for committee in chosen]
    catalogue.published(*rows, of=edition, plan=plan)


def committee_for(edition: "Edition", name: str, band: str) -> "Committee":
    """Return the committee of one series and band, made on first use."""
    key = f"{name}{band}评审委员会"
    found = edition.committees.filter(name=key).first()
    return found or catalogue.committee(edition, name=key, band=band)


def measure() -> None:
    """Print the median of the first page of each search, in milliseconds."""
    public = CatalogueEntry.objects.public()
    print(f"rows: {public.count()}")  # noqa: T201 - a measurement is printed
    for words in WORDS:
        spans = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            found = search(public, words).with_all().order_by("specialty__code", "-level__rank", "pk")
            first = list(found[:50])
            count = found.count()
            spans.append((time.perf_counter() - start) * 1000)
        print(f"{words}: {count} rows, {len(first)} shown, {statistics.median(spans):.1f} ms")  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()

from portal.accounts.actors import SYSTEM  # noqa: E402 - models are there only after set-up
from portal.accounts.districts import District  # noqa: E402
from portal.accounts.roles import OrganisationKind  # noqa: E402
from portal.catalogue.domain import committees  # noqa: E402
from portal.catalogue.domain.rows import Row  # noqa: E402
from portal.catalogue.enums import Band, Method, Mode  # noqa: E402
from portal.catalogue.loading import load_reference  # noqa: E402
from portal.catalogue.models import CatalogueEntry, Committee, Edition, Level, Series, Specialty  # noqa: E402
from portal.catalogue.queries import search  # noqa: E402
from tests.factories import accounts, catalogue  # noqa: E402

if __name__ == "__main__":
    load_reference()
    if not Edition.objects.filter(code="BULK").exists():
        make_year()
    measure()
