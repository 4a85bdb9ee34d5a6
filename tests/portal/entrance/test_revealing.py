"""Numbers in full: on a click, with a reason, by those who may, and never unwritten."""

import pytest
from django.urls import reverse

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.entrance.domain import revealing
from portal.ledger.models import READ, Entry
from portal.shared.errors import Refusal
from tests.factories import accounts


@pytest.fixture
def readings():
    return lambda: list(Entry.objects.filter(step=READ).order_by("pk").values_list("subject_type", "note", "person"))


def address(person: Person) -> str:
    return reverse("entrance:identity", args=[person.code])


def show(browser, person, what, reason):
    return browser.post(address(person), {"what": what, "reason": reason})


def test_the_page_shows_masked_numbers_only(visit, person):
    text = visit(accounts.acting_personally(person)).get(address(person)).content.decode()
    document = person.documents.get()
    assert document.masked_number in text
    assert person.masked_phone in text
    assert document.number not in text
    assert person.phone not in text


def test_the_holder_sees_their_own_and_it_is_written(visit, person, readings):
    document = person.documents.get()
    page = show(visit(accounts.acting_personally(person)), person, document.code, "own")
    assert document.number in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert readings() == [("accounts.IdentityDocument", "查看本人信息", person.pk)]


def test_the_bureau_reads_with_a_reason_each_time_anew(visit, actor, person, readings):
    clerk = actor(Role.BUREAU_CLERK)
    browser = visit(clerk)
    for _ in range(2):
        assert person.phone in show(browser, person, "phone", "contact").content.decode()
    assert readings() == [("accounts.Person", "联系当事人", clerk.person.pk)] * 2


def test_without_a_reason_nothing_is_shown(visit, actor, person, readings):
    page = show(visit(actor(Role.BUREAU_LEAD)), person, "phone", "")
    assert person.phone not in page.content.decode()
    assert readings() == []


def test_a_staff_member_cannot_pretend_that_it_is_their_own(visit, actor, person, readings):
    page = show(visit(actor(Role.BUREAU_CLERK)), person, "phone", "own")
    assert person.phone not in page.content.decode()
    assert readings() == []


@pytest.mark.parametrize(
    "role",
    [
        Role.EMPLOYER_HEAD,
        Role.AGENCY_CLERK,
        Role.EXPERT,
        Role.COMMISSIONER,
        Role.DISTRICT_LEAD,
        Role.AUDITOR,
        Role.SYSADMIN,
    ],
)
def test_others_do_not_even_learn_that_the_person_exists(visit, actor, person, role, readings):
    browser = visit(actor(role))
    assert browser.get(address(person)).status_code == 404
    assert show(browser, person, "phone", "contact").status_code == 404
    assert readings() == []


def test_acting_for_an_organisation_one_does_not_meet_ones_own_page(visit, actor):
    head = actor(Role.EMPLOYER_HEAD)
    assert visit(head).get(address(head.person)).status_code == 404


def test_a_reading_cannot_be_aimed_at_anothers_document(visit, actor, person):
    other = accounts.document(accounts.person())
    page = show(visit(actor(Role.BUREAU_CLERK)), person, other.code, "identity")
    assert other.number not in page.content.decode()


def test_an_agency_reads_in_its_own_files_as_a_room_above_knows_them(visit, actor, person, monkeypatch):
    clerk, stranger = actor(Role.AGENCY_CLERK), accounts.person(phone="14000000009")
    monkeypatch.setattr(revealing, "_files", [])
    revealing.register_files(
        lambda by: Person.objects.filter(pk=person.pk) if by.person == clerk.person else Person.objects.none()
    )
    assert person.phone in show(visit(clerk), person, "phone", "contact").content.decode()
    assert visit(clerk).get(address(stranger)).status_code == 404
    assert visit(actor(Role.AGENCY_CLERK)).get(address(person)).status_code == 404


def test_the_domain_refuses_whoever_the_page_would_not_have_let_in(actor, person, now):
    with pytest.raises(Refusal) as refused:
        revealing.reveal(person, "phone", by=actor(Role.EXPERT), at=now, reason="好奇")
    assert [reason.code for reason in refused.value.reasons] == ["number_not_open"]
    with pytest.raises(Refusal) as refused:
        revealing.reveal(person, "phone", by=actor(Role.BUREAU_CLERK), at=now, reason=" ")
    assert [reason.code for reason in refused.value.reasons] == ["reason_missing"]
