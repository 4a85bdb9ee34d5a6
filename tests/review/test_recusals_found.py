"""Recusals that the portal's own data tell: who recommended the person; and names in the works, which are only checked."""

import pgtrigger
import pytest

from applications.models import Application, Recommendation, Snapshot
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import name_matches, planning, recusing, rounds, scheduling
from review.domain import relations as committee_relations
from review.domain.masking import occurrences_of
from review.enums.defending import Relation
from review.models import Defence, NameMatch, Recusal, Slot
from tests.factories import accounts, applications, catalogue, defences
from tests.factories.calls import Caller, codes
from tests.factories.defences import PLANNED, on

pytestmark = pytest.mark.django_db
NOT_ONE = "经电话核实，为同名的另一人，并非专家本人。"


def made_once() -> tuple[CatalogueEntry, Application]:
    entry = catalogue.published_entry()
    return entry, defences.paid(entry)


@pytest.fixture
def entry(kept: tuple[CatalogueEntry, Application]) -> CatalogueEntry:
    return kept[0]


@pytest.fixture
def paid(kept: tuple[CatalogueEntry, Application]) -> Application:
    return kept[1]


@pytest.fixture
def slot(entry: CatalogueEntry) -> Slot:
    """A slot of a panel of four: it still hears people when one keeps out."""
    return defences.slots(defences.panel(defences.round_of(entry.committee), defences.experts(entry.agency, 4)))[0]


def first_of(slot: Slot) -> Person:
    sitting = slot.sittings.order_by("pk").select_related("expert").first()
    assert sitting is not None
    return sitting.expert


def name_in_works(application: Application, name: str) -> None:
    """Have the version with effect name a collaborator, as if it had been submitted so."""
    snapshot = Snapshot.objects.get(application=application, discarded_at=None)
    content = snapshot.content
    (result,) = [item for item in content["items"] if item["kind"] == "result"]
    result["content"]["summary"] = f"与{name}等共同完成，效益显著。"
    with pgtrigger.ignore("applications.Snapshot:snapshots_are_frozen"):
        Snapshot.objects.filter(pk=snapshot.pk).update(content=content)


def relations(application: Application) -> dict[Person, str]:
    return {one.expert: one.relation for one in Recusal.objects.filter(application=application)}


# --- Who recommended --------------------------------------------------------------------------
@pytest.mark.rule("A-48", "A-54")
def test_who_signed_the_recommendation_keeps_out(paid: Application, slot: Slot) -> None:
    signatory = first_of(slot)
    Recommendation.objects.filter(application=paid).update(signed_by=signatory)
    planning.plan(paid, slot, by=defences.staff_of(paid), at=PLANNED)
    assert relations(paid) == {signatory: Relation.RECOMMENDER}
    found = Entry.objects.get(subject_type="review.Recusal")
    assert (found.actor_kind, found.facts["relation"]) == ("system", "recommender")


@pytest.mark.rule("A-48")
def test_people_of_the_association_that_recommended_keep_out(paid: Application, slot: Slot) -> None:
    association, expert = applications.employer(), first_of(slot)
    Recommendation.objects.filter(application=paid).update(organisation=association)
    applications.know(expert, association)
    planning.plan(paid, slot, by=defences.staff_of(paid), at=PLANNED)
    assert relations(paid) == {expert: Relation.RECOMMENDER}


@pytest.mark.rule("A-48")
def test_a_proposal_counts_without_who_recommended(entry: CatalogueEntry, paid: Application) -> None:
    round_, sitting = defences.round_of(entry.committee), defences.experts(entry.agency)
    Recommendation.objects.filter(application=paid).update(signed_by=sitting[0].person)
    defences.slots(defences.panel(round_, sitting))
    assert [one.reason.code for one in scheduling.propose(round_, at=PLANNED).unplaced] == ["panels_recused"]


# --- Names in the works -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("李明华", "与李 明 华合作", True),
        ("李明华", "authors: Minghua Li, Wei Zhang", True),
        ("李明华", "LI MING-HUA et al.", True),
        ("李明华", "与李明合作", False),
        ("李明华", "Liminghuai Road", False),
        ("欧阳修文", "Ouyang Xiuwen", True),
        ("Anna Lee", "with ANNA  LEE", True),
        ("Anna Lee", "Hannah Leed", False),
    ],
)
def test_a_name_is_found_as_it_is_written(name: str, text: str, *, expected: bool) -> None:
    assert occurrences_of(name)(text) is expected


@pytest.mark.rule("A-48")
def test_before_the_committee_a_name_in_the_works_keeps_out_until_judged(paid: Application, slot: Slot) -> None:
    expert, on_day = first_of(slot), clock.day_of(PLANNED)
    name_in_works(paid, expert.full_name)
    planning.plan(paid, slot, by=defences.staff_of(paid), at=PLANNED)
    found = committee_relations.found_between([paid], [expert], on=on_day)
    assert found == {paid.pk: {expert.pk: Relation.CO_AUTHOR}}
    recusing.judge(NameMatch.objects.get(), is_related=False, remark=NOT_ONE, by=defences.staff_of(paid), at=PLANNED)
    assert committee_relations.found_between([paid], [expert], on=on_day) == {paid.pk: {}}


@pytest.mark.rule("A-48")
def test_a_name_in_the_works_is_to_be_checked_and_forces_nobody_out(paid: Application, slot: Slot) -> None:
    expert = first_of(slot)
    name_in_works(paid, expert.full_name)
    defence = planning.plan(paid, slot, by=defences.staff_of(paid), at=PLANNED)
    match = NameMatch.objects.get()
    assert (match.expert, match.is_related) == (expert, None)
    assert match.place.startswith("业绩成果：")
    assert not relations(paid)
    assert list(name_matches.pending(Defence.objects.all())) == [match]
    (later,) = defences.slots(slot.panel, begins_at=on(9, 22, 9))
    planning.move(defence, later, by=defences.staff_of(paid), at=PLANNED)
    assert NameMatch.objects.count() == 1


@pytest.mark.rule("A-48")
def test_the_agency_judges_it_once(paid: Application, slot: Slot) -> None:
    expert, clerk = first_of(slot), defences.staff_of(paid)
    name_in_works(paid, expert.full_name)
    planning.plan(paid, slot, by=clerk, at=PLANNED)
    match = NameMatch.objects.get()
    stranger = accounts.actor(Role.AGENCY_CLERK)
    for who, remark, expected in ((clerk, "不是", "remark_missing"), (stranger, NOT_ONE, "step_not_permitted")):
        with pytest.raises(Refusal) as refused:
            recusing.judge(match, is_related=False, remark=remark, by=who, at=PLANNED)
        assert [one.code for one in refused.value.reasons] == [expected]
    recusing.judge(match, is_related=True, remark="", by=clerk, at=PLANNED)
    assert relations(paid) == {expert: Relation.CO_AUTHOR}
    assert Entry.objects.get(subject_type="review.NameMatch", step="judge").person == clerk.person
    with pytest.raises(Refusal) as refused:
        recusing.judge(match, is_related=False, remark=NOT_ONE, by=clerk, at=PLANNED)
    assert [one.code for one in refused.value.reasons] == ["judged_before"]


@pytest.mark.rule("A-48")
def test_who_joins_later_is_looked_for_as_well(paid: Application, slot: Slot, entry: CatalogueEntry) -> None:
    clerk = defences.staff_of(paid)
    planning.plan(paid, slot, by=clerk, at=PLANNED)
    (late,) = defences.experts(entry.agency, 1)
    name_in_works(paid, late.person.full_name)
    rounds.add_expert(slot.panel, late.person, by=clerk, at=PLANNED)
    assert NameMatch.objects.get().expert == late.person


def test_it_is_judged_on_screen_and_by_programs(paid: Application, slot: Slot) -> None:
    expert, clerk = first_of(slot), defences.staff_of(paid)
    name_in_works(paid, expert.full_name)
    defence = planning.plan(paid, slot, by=clerk, at=PLANNED)
    clock.move_to(PLANNED)
    browser, caller = accounts.client(clerk), Caller(clerk)
    page = f"/review/defences/{defence.code}/matches/{NameMatch.objects.get().code}/"
    for shown in (f"/review/defences/{defence.code}/", f"/review/defences/rounds/{slot.round.code}/"):
        assert page in browser.get(shown).content.decode()
    assert expert.full_name in browser.get(page).content.decode()
    assert browser.get(page.replace("/matches/TM-", "/matches/TM-X")).status_code == 404
    path = f"hearings/{defence.code}/"
    (shown,) = caller.get(path).json()["name_matches"]
    assert (shown["name"], shown["is_related"]) == (expert.full_name, None)
    body = {"match": shown["code"], "is_related": False, "remark": "不是"}
    assert codes(caller.post(f"{path}steps/judge/", body)) == ["remark_missing"]
    browser.post(page, {"_key": new_key(), "is_related": "no", "remark": NOT_ONE})
    assert caller.get(path).json()["name_matches"][0]["remark"] == NOT_ONE
    assert codes(caller.post(f"{path}steps/judge/", {**body, "remark": NOT_ONE})) == ["judged_before"]
    assert not relations(paid)
