"""Identity documents: one number, one person; found without being readable; masked."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from portal.accounts import invented
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument, Person, VerificationSource
from portal.shared import clock
from tests.factories import accounts

NUMBER = invented.resident_number(dt.date(1990, 2, 3), 7)


def test_a_document_is_found_by_its_number_and_unreadable_in_the_database(db: None) -> None:
    document = accounts.document(accounts.person(), number=NUMBER)
    assert IdentityDocument.objects.numbered(DocumentKind.RESIDENT_ID, NUMBER).get() == document
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(row)::text FROM accounts_identitydocument row")
        (row,) = cursor.fetchone()
    assert NUMBER not in row
    assert NUMBER not in repr(document)
    assert str(document) == f"居民身份证 119900********{NUMBER[-4:]}"


def test_a_number_belongs_to_one_person_for_good(db: None, now: dt.datetime) -> None:
    accounts.document(accounts.person(), number=NUMBER, ended_at=now)
    with pytest.raises(IntegrityError, match="number_index"), transaction.atomic():
        accounts.document(accounts.person(), number=NUMBER)


def test_passports_of_two_countries_may_share_a_number(db: None) -> None:
    for country in ("DEU", "FRA"):
        accounts.document(accounts.person(), DocumentKind.PASSPORT, number="C01X00T47", country=country)
    assert IdentityDocument.objects.count() == 2


def test_a_person_has_one_current_document_of_a_kind(db: None, now: dt.datetime) -> None:
    person = accounts.person()
    accounts.document(person, DocumentKind.PASSPORT, number="C01X00T47", country="DEU", ended_at=now)
    accounts.document(person, DocumentKind.PASSPORT, number="C01X00T48", country="DEU")
    with pytest.raises(IntegrityError, match="one_current_document_per_kind"), transaction.atomic():
        accounts.document(person, DocumentKind.PASSPORT, number="C01X00T49", country="DEU")


def test_verification_needs_a_source_and_by_hand_needs_somebody(db: None, now: dt.datetime) -> None:
    with pytest.raises(IntegrityError, match="verified_by_some_source"), transaction.atomic():
        accounts.document(accounts.person(), source="")
    with pytest.raises(IntegrityError, match="by_hand_means_by_somebody"), transaction.atomic():
        accounts.document(accounts.person(), source=VerificationSource.BY_HAND)


def test_a_document_is_valid_while_verified_current_and_in_time(db: None, now: dt.datetime) -> None:
    today = clock.day_of(now)
    document = accounts.document(accounts.person(), valid_until=today)
    assert document.is_valid_on(today)
    assert not document.is_valid_on(today + dt.timedelta(days=1))
    document.ended_at = now
    assert not document.is_valid_on(today)


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_at_once_with_one_number_one_wins() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def register(username: str) -> None:
        start.wait()
        try:
            with transaction.atomic():
                accounts.document(accounts.person(username=username), number=NUMBER)
            outcomes.append("stored")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register, args=(f"racer{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "stored"]
    assert Person.objects.filter(username__startswith="racer").count() == 1


def test_a_mobile_number_is_found_masked_and_follows_partial_saves(db: None) -> None:
    person = accounts.person(phone="14000000001")
    assert list(Person.objects.with_phone("14000000001")) == [person]
    assert person.masked_phone == "140****0001"
    person.phone, person.full_name = "14000000002", "欧阳修"
    person.save(update_fields=["phone", "full_name"])
    person.refresh_from_db()
    assert list(Person.objects.with_phone("14000000002")) == [person]
    assert person.sort_key.startswith("ou1 欧 yang2")
