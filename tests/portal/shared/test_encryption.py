"""Encrypted columns: what the database holds, what opens, how keys are rotated."""

import base64
import datetime as dt

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.models import Value
from django.test import override_settings

from portal.accounts.models import IdentityDocument, Person
from portal.settings import demonstration
from portal.shared import checks
from portal.shared.encryption import CannotDecrypt, blind_index, decrypt, encrypt, key_id_of
from tests.factories import accounts

NEW_KEY = "k2:" + base64.b64encode(b"2" * 32).decode()
COLUMN = "accounts.person.phone"


def stored(person: Person) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_person WHERE id = %s", [person.pk])
        return str(cursor.fetchone()[0])


def test_the_same_text_is_stored_differently_each_time_and_opens() -> None:
    first, second = encrypt("14000000001", COLUMN), encrypt("14000000001", COLUMN)
    assert first != second
    assert "14000000001" not in first
    assert decrypt(first, COLUMN) == decrypt(second, COLUMN) == "14000000001"


def test_a_value_copied_into_another_column_does_not_open() -> None:
    with pytest.raises(CannotDecrypt, match=r"accounts\.person\.email: the stored value was changed or moved"):
        decrypt(encrypt("14000000001", COLUMN), "accounts.person.email")


@pytest.mark.parametrize("spoil", [lambda text: text[:-2] + "AA", lambda text: text[:8], lambda text: text + "=!"])
def test_a_changed_value_does_not_open_and_is_not_shown(spoil: object) -> None:
    with pytest.raises(CannotDecrypt) as refused:
        decrypt(spoil(encrypt("14000000001", COLUMN)), COLUMN)  # type: ignore[operator]
    assert "14000000001" not in str(refused.value)


def test_a_value_of_a_lost_key_names_the_key() -> None:
    sealed = encrypt("x", COLUMN)
    with override_settings(FIELD_KEYS=[NEW_KEY]), pytest.raises(CannotDecrypt, match="'demo' is not in FIELD_KEYS"):
        decrypt(sealed, COLUMN)


@pytest.mark.parametrize("keys", [[], ["k1:AAAA"], ["k1:not base64"]])
def test_unusable_keys_stop_the_work(keys: list[str]) -> None:
    with override_settings(FIELD_KEYS=keys), pytest.raises(ImproperlyConfigured):
        encrypt("x", COLUMN)


def test_the_database_holds_ciphertext_however_the_value_was_written(db: None) -> None:
    person = accounts.person(phone="14000000001")
    ways = [stored(person)]
    Person.objects.filter(pk=person.pk).update(phone="14000000002")
    ways.append(stored(person))
    person.phone = "14000000003"
    Person.objects.bulk_update([person], ["phone"])
    ways.append(stored(person))
    assert [key_id_of(each) for each in ways] == ["demo"] * 3
    assert not any("1400000000" in each for each in ways)
    person.refresh_from_db()
    assert person.phone == "14000000003"
    assert list(Person.objects.values_list("phone", flat=True)) == ["14000000003"]


def test_an_empty_text_stays_empty(db: None) -> None:
    assert stored(accounts.person()) == ""


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__gt"])
def test_an_encrypted_column_cannot_be_searched(db: None, lookup: str) -> None:
    with pytest.raises(FieldError):
        Person.objects.filter(**{lookup: "1"}).exists()
    with pytest.raises(FieldError):
        Person.objects.annotate(same=Value("x")).filter(phone="same").exists()


def test_an_index_finds_equal_values_however_typed_and_only_for_its_purpose() -> None:
    assert blind_index("11010519491231002x", "identity") == blind_index(" 110105-19491231-002X", "identity")
    assert blind_index("1", "identity") != blind_index("1", "phone")
    assert len(blind_index("1", "phone")) == 64
    with override_settings(FIELD_INDEX_KEY=base64.b64encode(b"3" * 32).decode()):
        other = blind_index("1", "phone")
    assert other != blind_index("1", "phone")


def test_rotating_keys_rewrites_every_value_and_keeps_it_readable(db: None, now: dt.datetime) -> None:
    people = [accounts.person(phone=f"1400000000{number}") for number in range(3)]
    documents = [accounts.document(person) for person in people]
    accounts.person()
    with override_settings(FIELD_KEYS=[NEW_KEY, demonstration.FIELD_KEY]):
        call_command("reencrypt")
        assert [key_id_of(stored(person)) for person in people] == ["k2"] * 3
    with override_settings(FIELD_KEYS=[NEW_KEY]):
        assert sorted(Person.objects.exclude(phone_index="").values_list("phone", flat=True)) == [
            "14000000000",
            "14000000001",
            "14000000002",
        ]
        numbers = set(IdentityDocument.objects.values_list("number", flat=True))
    assert numbers == {document.number for document in documents}


def test_rotating_twice_changes_nothing_more(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    accounts.person(phone="14000000001")
    with override_settings(FIELD_KEYS=[NEW_KEY, demonstration.FIELD_KEY]):
        call_command("reencrypt")
        call_command("reencrypt")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("accounts.Person.phone")]
    assert lines == ["accounts.Person.phone: 1", "accounts.Person.phone: 0"]


@pytest.mark.parametrize(
    ("keys", "index_key", "refused"),
    [
        ([demonstration.FIELD_KEY], NEW_KEY[3:], True),
        ([NEW_KEY, "old:" + demonstration.FIELD_KEY[5:]], NEW_KEY[3:], True),
        ([NEW_KEY], demonstration.FIELD_INDEX_KEY, True),
        ([NEW_KEY], "", True),
        ([], NEW_KEY[3:], True),
        ([NEW_KEY], base64.b64encode(b"3" * 32).decode(), False),
    ],
)
def test_production_refuses_keys_that_everybody_can_read(keys: list[str], index_key: str, *, refused: bool) -> None:
    with override_settings(FIELD_KEYS=keys, FIELD_INDEX_KEY=index_key):
        assert [error.id for error in checks.field_keys_are_secret(None)] == (["portal.E004"] if refused else [])
