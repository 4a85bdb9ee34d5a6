"""The catalogue's pages in a real browser: the public's, and the bureau's desk with its forms and refusals."""

from collections.abc import Callable

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue import demo
from portal.catalogue.models import AgencyAuthority, CatalogueEntry, Edition
from portal.workflow import carry_out
from tests.browser.conftest import Visitor
from tests.factories import catalogue as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


def test_public_pages_are_sound(open_window: OpenWindow) -> None:
    edition = demo.load_edition("BJ-2024")
    entry = CatalogueEntry.objects.filter(committee__district="110108").first()
    window = open_window()
    for name, path in {
        "browse": "/catalogue/",
        "browse-search": "/catalogue/?q=电子&level=associate",
        "entry": f"/catalogue/entries/{entry.code}/",
        "schedules": "/catalogue/schedules/",
        "history": f"/catalogue/editions/{edition.code}/",
        "policy": "/catalogue/policies/BJ-2025-12/",
    }.items():
        window.open(path)
        window.must_be_sound(f"catalogue-{name}")


def test_the_bureaus_pages_are_sound(open_window: OpenWindow, actor: Callable[..., Actor]) -> None:
    edition = demo.load_edition("BJ-2024")
    edition = carry_out(edition, "amend", by=make.SYSTEM, at=make.PUBLISHED_AT)
    schedule, committee = edition.schedules.get(), edition.committees.order_by("pk").first()
    entry, authority = edition.entries.order_by("pk").first(), AgencyAuthority.objects.order_by("pk").first()
    conditions = edition.condition_sets.in_order().first()
    window = open_window(by=actor(Role.BUREAU_LEAD))
    manage = f"/catalogue/manage/editions/{Edition.objects.get().code}/"
    for name, path in {
        "overview": "/catalogue/manage/",
        "new-edition": "/catalogue/manage/editions/new/",
        "edition": manage,
        "submit": f"{manage}submit/",
        "rows": f"{manage}rows/?series=05",
        "change-row": f"{manage}rows/{entry.code}/",
        "drop-row": f"{manage}rows/{entry.code}/drop/",
        "conditions": f"{manage}conditions/?series=05",
        "add-conditions": f"{manage}conditions/new/?series=05&level=associate",
        "change-conditions": f"{manage}conditions/{conditions.code}/",
        "drop-conditions": f"{manage}conditions/{conditions.code}/drop/",
        "committees": f"{manage}committees/",
        "change-committee": f"{manage}committees/{committee.code}/",
        "guide": f"/catalogue/manage/guides/{committee.code}/",
        "write-guide": f"/catalogue/manage/guides/{committee.code}/write/",
        "import": f"{manage}import/",
        "new-schedule": f"{manage}schedules/new/",
        "schedule": f"/catalogue/manage/schedules/{schedule.code}/",
        "amend-schedule": f"/catalogue/manage/schedules/{schedule.code}/amend/",
        "policy": "/catalogue/manage/policies/BJ-2025-12/",
        "new-policy": "/catalogue/manage/policies/new/",
        "change-policy": "/catalogue/manage/policies/BJ-2024/change/",
        "agency": f"/catalogue/manage/agencies/{authority.code}/",
        "suspend": f"/catalogue/manage/agencies/{authority.code}/suspend/",
        "specialties": "/catalogue/manage/specialties/",
        "change-specialty": "/catalogue/manage/specialties/05001/",
    }.items():
        window.open(path)
        window.must_be_sound(f"catalogue-{name}")
