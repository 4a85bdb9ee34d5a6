"""The eligibility check on what a draft knows: each line leads to where the person fills it in."""

from collections.abc import Callable
from typing import Any

import pytest

from applications.domain import archiving, drafting, submitting
from applications.domain.compiling import compile_dossier
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import acting_personally
from portal.catalogue import demo
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import StepRefused
from tests.factories import applications

pytestmark = pytest.mark.django_db
NOW = applications.NOW


@pytest.fixture(autouse=True, scope="module")
def year(standing: Callable[..., Any]) -> None:
    """Keep the demonstration's catalogue for the module's tests."""
    standing(lambda: demo.load_edition(demo.YEAR))


def entry(specialty: str, level: str, series: str = "05") -> CatalogueEntry:
    rows = CatalogueEntry.objects.public().with_all().filter(edition__code=demo.YEAR, specialty__series__code=series)
    return rows.filter(specialty__name=specialty, level__key=level).order_by("pk").first()


def fields_of(refusal: StepRefused) -> dict[str, str]:
    return {reason.field: reason.basis for reason in refusal.reasons}


@pytest.mark.rule("R-052", "R-053", "R-054", "R-055")
@pytest.mark.parametrize(
    ("declared", "field", "basis"),
    [
        ({"is_civil_servant": True}, "post.is_civil_servant", "R-052"),
        ({"is_retired": True}, "post.is_retired", "R-053"),
        (
            {"is_sanctioned": True, "is_institution_staff": True, "sanction": "demerit", "sanctioned_on": "2026-01-10"},
            "post.is_sanctioned",
            "R-054",
        ),
        ({"restricted_until": "2027-01-01"}, "post.restricted_until", "R-055"),
    ],
)
def test_nobody_who_is_barred_reaches_submission(declared, field: str, basis: str) -> None:
    application = applications.filled(entry("电子信息", "associate"))
    who = acting_personally(application.applicant)
    versions = application.sheets.get(kind="post").versions
    drafting.save_sheet(application, SheetKind.POST, declared, based_on=versions, by=who, at=NOW)
    with pytest.raises(StepRefused) as refused:
        submitting.submit(application, commitment=True, by=who, at=NOW)
    assert basis in fields_of(refused.value)[field]


@pytest.mark.rule("R-260")
def test_exam_comes_first_where_it_must_and_is_told_in_its_section() -> None:
    application = applications.filled(entry("会计", "associate", "17"))
    assert "R-260" in {reason.basis for reason in compile_dossier(application, at=NOW).reasons_of("exam")}
    who = acting_personally(application.applicant)
    values = {"series": "会计", "level": "associate", "passed_on": "2025-09-01"}
    item, _saved = archiving.add_item(ItemKind.EXAM, values, by=who, at=NOW)
    applications.prove(item, who)
    assert not compile_dossier(application, at=NOW).reasons_of("exam")


@pytest.mark.rule("R-057", "A-26")
def test_too_few_years_are_told_to_the_month_with_policy_and_rule() -> None:
    who = applications.applicant()
    item = who.person.archive.get(kind="title")
    item.content["obtained_on"] = "2022-10-18"
    item.save()
    application = applications.filled(entry("电子信息", "associate"), who)
    with pytest.raises(StepRefused) as refused:
        submitting.submit(application, commitment=True, by=who, at=NOW)
    texts = [str(reason.text) for reason in refused.value.reasons]
    assert any("还差" in text for text in texts), texts


@pytest.mark.rule("R-070")
def test_without_an_insured_employer_nobody_can_recommend() -> None:
    who = applications.applicant()
    who.person.lookups.filter(system="insurance").update(answer={"employer": None, "spells": []})
    application = applications.filled(entry("电子信息", "associate"), who)
    with pytest.raises(StepRefused) as refused:
        submitting.submit(application, commitment=True, by=who, at=NOW)
    assert "R-070" in fields_of(refused.value).values()
