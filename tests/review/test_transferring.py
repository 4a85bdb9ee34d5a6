"""The bureau gives a suspended agency's files to another agency: to which, from which state, and what becomes of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.enums import CORRECTION, FIRST_CHECK
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines import setting
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import checking, transferring
from review.models import AgencyReview
from tests.factories import accounts, agency_reviews, applications, catalogue
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
STOPPED = dt.datetime(2026, 8, 3, 10, tzinfo=clock.BEIJING)
MOVED = STOPPED + dt.timedelta(days=2)
WHY = "原机构程序违规被暂停，申报人不宜久等。"


@pytest.fixture
def entry() -> CatalogueEntry:
    """Return the first of two rows of one specialty and level, each with the committee of another agency."""
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    one = catalogue.row(year, plan)
    other = catalogue.row(year, plan, specialty=one.specialty)
    stranger = catalogue.row(year, plan)
    catalogue.published(one, other, stranger, of=year, plan=plan)
    return CatalogueEntry.objects.with_all().get(edition=year, committee=one.committee)


@pytest.fixture
def target(entry: CatalogueEntry) -> CatalogueEntry:
    rows = CatalogueEntry.objects.filter(edition=entry.edition, specialty=entry.specialty)
    return rows.with_all().exclude(pk=entry.pk).get()


@pytest.fixture
def taker(target: CatalogueEntry) -> Actor:
    """Return the lead of the agency that takes over."""
    return accounts.actor(Role.AGENCY_LEAD, at=target.agency)


@pytest.fixture
def bureau() -> Actor:
    return accounts.actor(Role.BUREAU_LEAD)


def suspend(entry: CatalogueEntry, bureau: Actor) -> None:
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.suspend(authority, reason="程序违规", remedy_due_on=dt.date(2026, 8, 31), by=bureau, at=STOPPED)


def moved(review: AgencyReview, to: CatalogueEntry, by: Actor, **fields: Any) -> AgencyReview:
    transferring.transfer(agency_reviews.fresh(review), to, **{"reason": WHY, "by": by, "at": MOVED, **fields})
    return agency_reviews.fresh(review)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        act()
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.rule("R-152")
def test_a_waiting_file_waits_at_the_other_agency_and_time_runs_on(entry, target, taker, bureau) -> None:
    review = agency_reviews.queued(entry)
    suspend(entry, bureau)
    done = moved(review, target, bureau)
    assert (done.agency, done.committee, done.state) == (target.agency, target.committee, "queued")
    assert (done.assignee, done.suspended_since, done.application.entry) == (None, None, target)
    assert done.due_at == setting.waiting(FIRST_CHECK, done.application).due_at > review.due_at
    note = next(one for one in history_of(done) if one.step == "transfer")
    assert (note.note, note.person, note.basis) == (WHY, bureau.person, "R-152")
    assert note.facts["from"] == entry.agency.code
    assert "transfer" in [one.step for one in history_of(done.application)]
    assert checking.take(done, by=taker, at=MOVED).assignee == taker.person
    old = accounts.actor(Role.AGENCY_CLERK, at=entry.agency)
    assert not AgencyReview.objects.at(old).exists()
    assert not Application.objects.of_agency(old).exists()


@pytest.mark.rule("R-152", "R-090")
def test_an_unfinished_first_check_is_made_anew_by_the_other_agency(entry, target, taker, bureau) -> None:
    review = agency_reviews.proposed(entry)
    assert review.findings.exists()
    suspend(entry, bureau)
    done = moved(review, target, bureau)
    assert (done.state, done.assignee, done.proposal) == ("checking", taker.person, "")
    assert done.version > review.version
    assert not done.findings.exists()


@pytest.mark.rule("R-152", "R-091")
def test_what_was_returned_once_stays_returned_once(entry, target, taker, bureau) -> None:
    application = applications.returned(entry)
    review = AgencyReview.objects.get(application=application)
    suspend(entry, bureau)
    assert setting.waiting(CORRECTION, application).due_at is None
    done = moved(review, target, bureau)
    assert (done.state, done.assignee) == (review.state, None if review.state == "queued" else taker.person)
    assert (done.application.state, done.application.return_count) == ("returned", 1)
    assert setting.waiting(CORRECTION, application).due_at is not None


@pytest.mark.rule("R-152")
def test_everybody_concerned_is_told(entry, target, taker, bureau) -> None:
    review = agency_reviews.queued(entry)
    suspend(entry, bureau)
    moved(review, target, bureau)
    kinds = ["review_transferred", "review_transferred_to_employer", "review_handed_over"]
    told = {kind: list(Notification.objects.filter(kind=f"review.{kind}")) for kind in kinds}
    assert [one.person for one in told["review_transferred"]] == [review.application.applicant]
    assert taker.person in [one.person for one in told["review_handed_over"]]
    assert told["review_transferred_to_employer"]
    assert target.agency.name in told["review_transferred"][0].body


@pytest.mark.rule("R-152", "R-035")
def test_it_goes_only_where_the_year_offers_it(entry, target, taker, bureau) -> None:
    review = agency_reviews.queued(entry)
    assert refused(lambda: moved(review, target, bureau)) == ["agency_not_suspended"]
    suspend(entry, bureau)
    stranger = CatalogueEntry.objects.with_all().exclude(specialty=entry.specialty).get(edition=entry.edition)
    assert refused(lambda: moved(review, stranger, bureau)) == ["no_such_target"]
    assert refused(lambda: moved(review, entry, bureau)) == ["no_such_target"]
    assert refused(lambda: moved(review, target, bureau, reason="急")) == ["reason_given"]
    with pytest.raises(StepNotPermitted):
        moved(review, target, accounts.actor(Role.BUREAU_CLERK))
    suspend(target, bureau)
    assert transferring.targets_of(agency_reviews.fresh(review)) == []
    assert refused(lambda: moved(review, target, bureau)) == ["no_such_target"]


@pytest.mark.rule("R-152")
def test_an_agency_without_a_lead_takes_nothing(entry, target, bureau) -> None:
    review = agency_reviews.queued(entry)
    suspend(entry, bureau)
    assert refused(lambda: moved(review, target, bureau)) == ["nobody_there"]


@pytest.mark.rule("R-152")
def test_what_was_decided_stays(entry, target, taker, bureau) -> None:
    application = agency_reviews.passed(entry)
    suspend(entry, bureau)
    review = AgencyReview.objects.get(application=application)
    with pytest.raises(Refusal) as refusal:
        moved(review, target, bureau)
    assert [(one.code, one.basis) for one in refusal.value.reasons] == [("check_passed", "R-153")]
    assert not transferring.waiting(bureau).exists()


def test_the_bureau_moves_a_file_on_the_page(entry, target, taker, bureau, visit: Callable[[Actor], Client]) -> None:
    review = agency_reviews.queued(entry)
    suspend(entry, bureau)
    clock.move_to(MOVED)
    lead, address = visit(bureau), reverse("review:transfer", args=[review.code])
    assert reverse("review:file", args=[review.code]) in lead.get(reverse("review:suspended")).content.decode()
    assert address in lead.get(reverse("review:file", args=[review.code])).content.decode()
    assert target.agency.name in lead.get(address).content.decode()
    assert "至少10个字" in lead.post(address, {"to": target.code, "reason": "急", "_key": "1"}).content.decode()
    answer = lead.post(address, {"to": target.code, "reason": WHY, "_key": "2"}, follow=True)
    assert target.agency.name in answer.content.decode()
    assert lead.get(address).status_code == 404
    assert visit(accounts.actor(Role.BUREAU_CLERK)).get(address).status_code == 403
    assert "没有暂停评审" in lead.get(reverse("review:suspended")).content.decode()


def test_the_bureau_moves_a_file_by_programs(entry, target, taker, bureau) -> None:
    review = agency_reviews.queued(entry)
    suspend(entry, bureau)
    clock.move_to(MOVED)
    lead, path = Caller(bureau), f"suspended-files/{review.code}/"
    (row,) = lead.get("suspended-files/").json()["results"]
    assert (row["code"], row["agency"]) == (review.code, entry.agency.name)
    assert lead.get(path).json()["targets"] == [
        {"code": target.code, "committee": str(target.committee), "agency": str(target.agency)}
    ]
    answer = lead.post(f"{path}steps/transfer/", {"to": target.code, "reason": "急"})
    assert (answer.status_code, codes(answer)) == (409, ["reason_given"])
    assert (
        lead.post(f"{path}steps/transfer/", {"to": target.code, "reason": WHY}).json()["agency"] == target.agency.name
    )
    assert lead.get(path).status_code == 404
    assert Caller(accounts.actor(Role.BUREAU_CLERK)).get("suspended-files/").status_code == 403
