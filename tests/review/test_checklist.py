"""What the agency looks at in one file: the parts, what the law asks it to verify, the committee's guide."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from applications.domain.reading import FileShown
from applications.models import Snapshot
from portal.accounts.actors import SYSTEM
from portal.catalogue.domain import guides
from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import Heading, Indicator
from portal.catalogue.models import CatalogueEntry, Guide
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from review.domain import checklist
from review.domain.checklist import Item
from review.interfaces.checking import files_beside
from review.models import AgencyReview
from tests.factories import agency_reviews, catalogue

pytestmark = pytest.mark.django_db
WORDS = {"conditions": "条件", "procedure": "程序", "place_and_time": "时间地点", "materials": "业绩证明原件扫描件"}


@pytest.fixture
def review(entry: CatalogueEntry) -> AgencyReview:
    return agency_reviews.queued(entry)


def items(review: AgencyReview, change: Callable[[dict[str, Any]], None] = lambda content: None) -> dict[str, Item]:
    """Return the checklist of a version that differs by ``change``, by key."""
    content = copy.deepcopy(review.snapshot.content)
    change(content)
    return {item.key: item for item in checklist.items_of(Snapshot(content=content), review.committee)}


@pytest.mark.rule("R-090")
def test_every_part_is_an_item_with_its_place_and_nothing_more_where_registers_answered(review: AgencyReview) -> None:
    found = items(review)
    # The small catalogue states no conditions, which leaves them to a person.
    assert set(found) - {"condition:conditions"} == set(review.snapshot.content["parts"])
    result = review.application.works.get().item.code
    assert (found[result].place, found["post"].place, found["person"].place) == (
        f"result.{result}",
        "post",
        "registers",
    )
    assert [file.name for file in found[result].files] == ["证明.pdf"]
    assert "自动核验：通过" in next(item for item in found.values() if item.place.startswith("education")).automatic


@pytest.mark.rule("R-094", "R-068")
def test_what_the_registers_did_not_confirm_is_verified_by_the_agency(review: AgencyReview) -> None:
    def unverified(content: dict[str, Any]) -> None:
        for one in content["items"]:
            if one["kind"] in {"education", "title"}:
                one |= {"source": "own", "verified_at": ""}

    found = items(review, unverified)
    assert (found["law:education"].law, found["law:education"].basis) == ("R-094", "R-059")
    assert found["law:title"].place == "title"


@pytest.mark.rule("A-41", "A-18", "A-46", "R-051")
def test_permits_dispatch_and_a_silent_register_are_flagged(review: AgencyReview) -> None:
    def foreign(content: dict[str, Any]) -> None:
        content["person"]["document"] = "外国人永久居留身份证"
        content["discrepancies"] = [{"code": "works_elsewhere", "text": "不同", "basis": "A-18", "about": "post"}]
        for one in content["lookups"]:
            one["state"] = "failed"

    found = items(review, foreign)
    assert "无需工作许可" in found["law:permit"].hint
    assert (found["law:dispatch"].law, found["law:dispatch"].place) == ("A-18", "post.work_unit")
    assert found["law:insurance"].law == "A-46"
    assert found["post"].warnings == ("不同",)
    assert "law:permit" not in items(review)


@pytest.mark.rule("R-057")
def test_what_the_check_of_conditions_left_to_a_person_is_an_item(review: AgencyReview) -> None:
    line = {"code": "major", "text": "所学专业相近", "verdict": "warning", "basis": "R-061", "policy": ""}
    found = items(review, lambda content: content.update(eligibility=[line, line]))
    assert (found["condition:major"].law, found["condition:major"].basis) == ("R-061", "R-061")


@pytest.mark.rule("R-039")
def test_the_committees_guide_adds_its_materials_and_necessary_conditions() -> None:
    entry = catalogue.published_entry()
    lines = [
        Line(Heading.ACHIEVEMENT, Indicator.INNOVATION, "主持完成一项重点项目", is_required=True),
        Line(Heading.ABILITY, Indicator.INNOVATION, "参与项目", max_score=20),
    ]
    guide = guides.write(entry.committee, WORDS, lines, by=SYSTEM, at=catalogue.PREPARED_AT)
    review = agency_reviews.queued(entry)
    assert not [key for key in items(review) if key.startswith("guide")]
    Guide._base_manager.filter(pk=guide.pk).update(published_at=catalogue.PUBLISHED_AT)
    review.committee.guide.__dict__["state"] = "published"
    found = items(review)
    assert [key for key in found if key.startswith("guide")] == ["guide:materials", "guide:1"]
    assert found["guide:materials"].hint == WORDS["materials"]
    assert found["guide:1"].automatic == ("没有对应的成果，请核对",)


def test_a_paper_opens_at_the_page_that_its_name_tells(review: AgencyReview) -> None:
    stored = StoredFile.objects.get(pk=review.snapshot.files.get().file_id)
    shown = {
        label: files_beside(
            [Item("a", "b", "c", "R-090", "R-090", files=(FileShown(stored.code, "证明.pdf", "", label),))]
        )
        for label in ("第 12 页", "p. 3", "获奖证书")
    }
    addresses = [one[stored.code].address for one in shown.values()]
    assert [address.partition("#")[2] for address in addresses] == ["page=12", "page=3", ""]
    assert stored.kind == Kind.PDF
