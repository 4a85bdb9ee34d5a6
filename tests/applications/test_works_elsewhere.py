"""Who works for another unit than the one that insures them: recorded, told to the agency, and vouched for (A-18)."""

from typing import Any

import pytest

from applications.domain import archiving, drafting
from applications.domain.completeness import reasons_against
from applications.domain.consistency import discrepancies
from applications.domain.gathering import gather
from applications.enums import System
from applications.models import Application, ArchiveItem
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import Actor
from portal.shared import clock
from portal.shared.errors import Reason
from tests.factories import applications, catalogue
from tests.factories.applications import NOW

pytestmark = pytest.mark.django_db
ELSEWHERE = "京畿轨道材料研究院有限公司"


@pytest.fixture
def person() -> Actor:
    return applications.applicant()


@pytest.fixture
def application(person: Actor) -> Application:
    made = applications.filled(catalogue.published_entry(), person)
    works_at(made, ELSEWHERE, person)
    return made


def works_at(application: Application, unit: str, person: Actor) -> None:
    sheet = application.sheets.get(kind=SheetKind.POST)
    drafting.save_sheet(application, SheetKind.POST, {"work_unit": unit}, based_on=sheet.versions, by=person, at=NOW)


def at_work(person: Actor, **values: Any) -> ArchiveItem:
    told = {"unit": ELSEWHERE, "post": "工程师", "duty": "设计", "since": "2020-01", "is_professional": True, **values}
    return archiving.add_item(ItemKind.WORK, told, by=person, at=NOW)[0]


def against(application: Application) -> list[Reason]:
    return [one for one in reasons_against(gather(application)) if one.code == "statement_missing"]


@pytest.mark.rule("A-18")
def test_the_statement_of_the_unit_is_asked_for_beside_the_work_there(application: Application, person: Actor) -> None:
    (reason,) = against(application)
    assert (reason.basis, reason.field) == ("A-18", "work")
    work = at_work(person)
    assert [one.field for one in against(application)] == [f"work.{work.code}"]
    applications.prove(work, person)
    assert against(application) == []


@pytest.mark.rule("A-18")
def test_a_proof_of_other_work_does_not_speak_for_the_unit(application: Application, person: Actor) -> None:
    at_work(person)
    applications.prove(at_work(person, unit="另一家有限公司", until="2022-01"), person)
    assert len(against(application)) == 1


@pytest.mark.rule("A-18")
def test_the_insuring_unit_needs_none_however_its_brackets_are_written(application: Application, person: Actor) -> None:
    insured = gather(application).insured
    assert insured is not None
    works_at(application, f" {insured.name} ", person)
    assert against(application) == []


@pytest.mark.rule("A-18")
def test_the_agency_is_told_even_where_the_register_knows_the_other_unit(
    application: Application, person: Actor
) -> None:
    lookup = application.applicant.lookups.get(system=System.INSURANCE)
    lookup.answer = {**lookup.answer, "work_unit": {"name": ELSEWHERE}}
    lookup.save(update_fields=["answer"])
    found = [one for one in discrepancies(gather(application), on=clock.day_of(NOW)) if one.code == "works_elsewhere"]
    assert [one.basis for one in found] == ["A-18"]
    assert len(against(application)) == 1
