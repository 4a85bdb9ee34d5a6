"""Renewing documents: the same number with a new date, a new number for the old one, never somebody else's."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.accounts import invented
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument
from portal.entrance.domain.registering import register
from portal.entrance.domain.renewing import add_document
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared.errors import Refusal
from tests.factories import accounts
from tests.portal.entrance.test_registering import LIN, TOLD

K = DocumentKind
LATER = dt.date(2036, 7, 8)


@pytest.fixture
def lin(db, sandbox, now):
    return accounts.acting_personally(register(TOLD, at=now))


def codes(act) -> list[str]:
    with pytest.raises(Refusal) as refused:
        act()
    return [reason.code for reason in refused.value.reasons]


def test_a_resident_id_is_renewed_under_its_number(lin, now):
    before = lin.person.documents.get()
    after = add_document(lin.person, K.RESIDENT_ID, LIN.number, valid_until=LATER, by=lin, at=now)
    assert (after.pk, after.valid_until, after.verified_at) == (before.pk, LATER, now)
    assert Entry.objects.get(step="add_document").facts["document"] == before.code


@pytest.mark.rule("R-051")
def test_a_new_passport_ends_the_old_one_and_keeps_its_number_taken(lin, now):
    for number in ("C01X00T47", "C01X00T48"):
        add_document(lin.person, K.PASSPORT, number, country="d", by=lin, at=now)
    passports = IdentityDocument.objects.filter(kind=K.PASSPORT).order_by("pk")
    assert [(each.number, each.ended_at) for each in passports] == [("C01X00T47", now), ("C01X00T48", None)]
    other = accounts.acting_personally(accounts.person(full_name="别人"))
    told = {"country": "DEU", "by": other, "at": now}
    assert codes(lambda: add_document(other.person, K.PASSPORT, "C01X00T47", **told)) == ["document_registered"]


def test_an_old_passport_can_become_current_again(lin, now):
    for number in ("C01X00T47", "C01X00T48", "C01X00T47"):
        add_document(lin.person, K.PASSPORT, number, country="DEU", by=lin, at=now)
    assert IdentityDocument.objects.current().get(kind=K.PASSPORT).number == "C01X00T47"


def test_a_number_of_another_birth_date_is_another_person(lin, now):
    other = invented.resident_number(dt.date(1990, 2, 3), 7)
    assert codes(lambda: add_document(lin.person, K.RESIDENT_ID, other, by=lin, at=now)) == ["another_person"]


@pytest.mark.rule("A-46")
def test_what_the_register_does_not_confirm_is_not_stored(lin, now, sandbox):
    run_out = now.date() - dt.timedelta(days=1)
    told = {"by": lin, "at": now}
    assert codes(lambda: add_document(lin.person, K.RESIDENT_ID, LIN.number, valid_until=run_out, **told)) == [
        "document_run_out"
    ]
    sandbox.set("identity", "dead")
    assert codes(lambda: add_document(lin.person, K.TW_TRAVEL_PERMIT, "01234567", **told)) == ["identity_register_down"]
    assert lin.person.documents.count() == 1


def test_the_page_adds_a_document(lin, visit):
    told = {"kind": "passport", "number": "C01X00T47", "country": "DEU", "_key": new_key()}
    assert visit(lin).post(reverse("entrance:add_document"), told).url == reverse("entrance:profile")
    assert "C0*****47" in visit(lin).get(reverse("entrance:profile")).content.decode()


def test_acting_for_an_organisation_one_adds_no_documents(visit, actor):
    assert visit(actor("employer_head")).get(reverse("entrance:add_document")).status_code == 403
