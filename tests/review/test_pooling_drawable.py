"""Who of a filed roll can be drawn on a day, and the reason for each who cannot (E-04, E-06, R-163)."""

import datetime as dt

import pytest

from portal.catalogue.enums import Band
from portal.catalogue.models import CatalogueEntry
from review.domain.filing import filing_of
from review.domain.pooling import drawable, why_not_drawable
from review.enums.filing import FilingState
from review.enums.pooling import TermState
from review.models import CommitteeFiling, ExpertTerm, FiledMember
from tests.factories import experts, filings

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 20)


@pytest.fixture
def filing(entry: CatalogueEntry) -> CommitteeFiling:
    assert entry.committee is not None
    return filings.filed(entry.committee, 5, size=5)


@pytest.mark.rule("R-187")
def test_a_committee_sits_under_its_filing_while_that_holds(filing: CommitteeFiling, entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    assert filing_of(entry.committee, DAY) == filing
    assert filing_of(entry.committee, filings.TO) == filing
    assert filing_of(entry.committee, filings.TO + dt.timedelta(days=1)) is None
    assert filing_of(entry.committee, filings.FROM - dt.timedelta(days=1)) is None


@pytest.mark.rule("R-187")
def test_next_years_committee_of_the_same_name_sits_under_the_same_filing(
    filing: CommitteeFiling, entry: CatalogueEntry
) -> None:
    committee = entry.committee
    assert committee is not None
    committee.pk, committee.code, committee.name = None, "", committee.name
    assert filing_of(committee, DAY) == filing
    committee.band = Band.JUNIOR
    assert filing_of(committee, DAY) is None


@pytest.mark.rule("R-187")
def test_a_revoked_filing_carries_no_session(filing: CommitteeFiling, entry: CatalogueEntry) -> None:
    CommitteeFiling.objects.filter(pk=filing.pk).update(state=FilingState.REVOKED)
    assert entry.committee is not None
    assert filing_of(entry.committee, DAY) is None


@pytest.mark.rule("R-160", "R-163")
def test_each_who_cannot_be_drawn_is_named_with_the_reason(filing: CommitteeFiling) -> None:
    over, paused, silent, gone, fit = [one.term for one in filing.roll()]
    rows = ExpertTerm.objects
    rows.filter(pk=over.pk).update(ends_on=DAY - dt.timedelta(days=1))
    rows.filter(pk=paused.pk).update(state=TermState.PAUSED)
    rows.filter(pk=silent.pk).update(promised_at=None)
    rows.filter(pk=gone.pk).update(state=TermState.DISQUALIFIED)

    assert list(drawable(filing, DAY)) == [fit]
    found = {term.pk: (reason.code, reason.basis) for term, reason in why_not_drawable(filing, DAY)}
    assert found == {
        over.pk: ("outside_the_term", "R-163"),
        paused.pk: ("not_appointed", "R-160"),
        silent.pk: ("promise_missing", "R-116"),
        gone.pk: ("disqualified", "R-144"),
    }


def test_the_last_day_of_a_term_can_be_drawn_and_a_member_to_come_cannot(filing: CommitteeFiling) -> None:
    ExpertTerm.objects.filter(places__filing=filing).update(ends_on=DAY)
    (new,) = experts.appointed(filing.agency)
    FiledMember.objects.create(filing=filing, term=new, is_listed=False)
    assert drawable(filing, DAY).count() == 5
    assert new.pk not in drawable(filing, DAY).values_list("pk", flat=True)
    assert why_not_drawable(filing, DAY) == []
