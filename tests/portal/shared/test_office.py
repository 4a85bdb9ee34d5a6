"""What is kept and told is in the office's language, and the reader's comes back however calls nest."""

import pytest
from django.utils import translation

from applications.models import Recommendation
from portal.publicity.models import Notice
from portal.shared.office import in_office_language
from tests.factories import applications, catalogue


@in_office_language
def inner() -> str | None:
    return translation.get_language()


@in_office_language
def outer() -> str | None:
    return inner()


def test_the_readers_language_is_back_after_nested_calls() -> None:
    with translation.override("en"):
        assert outer() == "zh-hans"
        assert translation.get_language() == "en"


@pytest.mark.django_db
def test_a_notice_posted_by_somebody_who_reads_english_is_chinese() -> None:
    recommendation = applications.checked(applications.received(catalogue.published_entry()))
    with translation.override("en"):
        clerk = applications.clerk_of(recommendation.organisation)
        applications.publicising.publicise([recommendation], contact="x", by=clerk, at=applications.NOW)
    assert Notice.objects.get().title == "2026年度职称申报推荐公示"
    assert Recommendation.objects.get(pk=recommendation.pk).state == "publicising"
