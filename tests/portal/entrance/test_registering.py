"""Registration: proved by the register, one document one account, everything wrong told at once."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connections
from django.urls import reverse

from portal.accounts import invented
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.models import IdentityDocument, Person
from portal.entrance.domain.registering import Registration, register
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared.errors import Refusal
from tests.fixtures.sandbox import known

LIN = known("林知远")
TOLD = Registration(
    kind=DocumentKind.RESIDENT_ID,
    full_name=LIN.name,
    number=LIN.number,
    phone="138 0013 8000",
    username="LinZhiYuan",
    password="Ganlan-Shu-7",
    email="lin@example.com",
)
FORM = {
    "full_name": LIN.name,
    "kind": "resident_id",
    "number": LIN.number.lower(),
    "phone": "13800138000",
    "email": "lin@example.com",
    "username": "linzhiyuan",
    "password": "Ganlan-Shu-7",
    "again": "Ganlan-Shu-7",
    "consent": "on",
}


def reasons(told: Registration, at: dt.datetime) -> list[tuple[str, str, str]]:
    with pytest.raises(Refusal) as refused:
        register(told, at=at)
    assert not Person.objects.filter(username="linzhiyuan").exists()
    return [(reason.code, reason.field, reason.basis) for reason in refused.value.reasons]


@pytest.mark.rule("R-051")
def test_a_person_whom_the_register_knows_gets_an_account(db, sandbox, now):
    person = register(TOLD, at=now)
    document = person.documents.get()
    assert (person.username, person.full_name, person.phone) == ("linzhiyuan", "林知远", "13800138000")
    assert (person.born_on, person.sex) == (dt.date(1988, 3, 12), Sex.MALE)
    assert (document.number, document.source, document.verified_at) == (LIN.number, "identity_register", now)
    entry = Entry.objects.get(step="register")
    assert entry.facts == {"document": document.code, "kind": "resident_id", "source": "identity_register"}


@pytest.mark.rule("R-051", "A-41")
@pytest.mark.parametrize("name", ["李港生", "MARIA ROSSI"])
def test_people_from_elsewhere_register_with_their_own_documents(db, sandbox, now, name):
    who = known(name)
    told = replace(TOLD, full_name=who.name, kind=DocumentKind(who.document.value), number=who.number)
    assert register(told, at=now).documents.get().kind == who.document.value


@pytest.mark.rule("R-051")
def test_a_work_permit_needs_what_its_number_does_not_carry(db, sandbox, now):
    told = replace(TOLD, kind=DocumentKind.FOREIGN_WORK_PERMIT, number="MX00012345", full_name="Anna Müller")
    assert reasons(told, now) == [
        ("born_on_missing", "born_on", ""),
        ("sex_missing", "sex", ""),
        ("country_unknown", "country", ""),
    ]
    person = register(replace(told, country="d", born_on=dt.date(1985, 5, 17), sex="female"), at=now)
    assert person.documents.get().country == "DEU"


def test_everything_wrong_is_told_at_once(db, now):
    wrong = replace(TOLD, full_name="林7", number="110108198803129930", phone="1", password="kurz")
    assert [code for code, _, _ in reasons(wrong, now)] == ["name_sign", "number_check", "phone", "password_weak"]


def test_a_document_that_has_run_out_is_refused(db, now):
    assert reasons(replace(TOLD, valid_until=now.date() - dt.timedelta(days=1)), now) == [
        ("document_run_out", "valid_until", "")
    ]


@pytest.mark.rule("A-46")
def test_another_name_under_the_number_is_refused(db, sandbox, now):
    assert reasons(replace(TOLD, full_name="林远志"), now) == [("identity_not_proved", "number", "A-46")]


@pytest.mark.rule("A-46")
@pytest.mark.parametrize("fault", ["error", "dead", "busy"])
def test_a_register_that_is_down_blocks_with_its_reason(db, sandbox, now, fault):
    sandbox.set("identity", fault)
    assert reasons(TOLD, now) == [("identity_register_down", "", "A-46")]


def test_a_register_that_was_never_configured_blocks_too(db, now):
    assert reasons(TOLD, now) == [("identity_register_down", "", "A-46")]


def test_a_document_registered_already_is_told_only_after_name_and_number_agree(db, sandbox, now):
    register(replace(TOLD, username="earlier"), at=now)
    assert reasons(TOLD, now) == [("document_registered", "number", "")]
    assert reasons(replace(TOLD, full_name="林远志"), now) == [("identity_not_proved", "number", "A-46")]


def test_an_account_name_in_use_is_refused_without_regard_to_case(db, sandbox, now):
    register(replace(TOLD, username="LINZHIYUAN2"), at=now)
    other = replace(TOLD, number=invented.resident_number(dt.date(1990, 2, 3), 7), username="LinZhiyuan2")
    assert reasons(other, now) == [("username_taken", "username", "")]


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_at_once_with_one_document_one_succeeds(sandbox, now):
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def race(username: str) -> None:
        start.wait()
        try:
            register(replace(TOLD, username=username), at=now)
            outcomes.append("registered")
        except Refusal as refusal:
            outcomes.append(refusal.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=(f"racer{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["document_registered", "registered"]
    assert (Person.objects.count(), IdentityDocument.objects.count()) == (1, 1)


def test_the_page_registers_once_however_often_it_is_sent(browser, sandbox, django_capture_on_commit_callbacks):
    told = {**FORM, "_key": new_key()}
    with django_capture_on_commit_callbacks(execute=True):
        answers = [browser.post(reverse("entrance:register"), told) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, reverse("account_login"))] * 2
    assert Person.objects.count() == 1
    assert [letter.subject for letter in mail.outbox] == ["确认电子邮箱"]


def test_the_page_keeps_what_was_told_but_the_password(browser, sandbox):
    page = browser.post(reverse("entrance:register"), {**FORM, "full_name": "林远志", "_key": new_key()})
    text = page.content.decode()
    assert "姓名与证件号码未通过核验" in text
    assert 'value="林远志"' in text
    assert FORM["password"] not in text


def test_without_consent_and_with_different_passwords_nothing_is_asked(browser, sandbox):
    told = {**FORM, "again": "anders", "_key": new_key()}
    del told["consent"]
    page = browser.post(reverse("entrance:register"), told)
    assert set(page.context["form"].errors) == {"again", "consent"}
    assert sandbox.requests("identity") == []


def test_a_name_that_cannot_be_drawn_is_told_and_goes_on(browser, sandbox, settings, tmp_path):
    settings.FONT_DIRS = [_font_without_zhi(tmp_path)]
    page = browser.post(reverse("entrance:register"), {**FORM, "_key": new_key()}, follow=True)
    assert "姓名中的「知」在本平台的字库中暂时没有" in page.content.decode()
    assert Person.objects.count() == 1


def _font_without_zhi(folder):
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415 - only this test draws a font

    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "lin", "yuan"])
    builder.setupCharacterMap({ord("林"): "lin", ord("远"): "yuan"})
    builder.save(folder / "font.otf")
    return folder


def test_the_letter_confirms_the_address(browser, sandbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("entrance:register"), {**FORM, "_key": new_key()})
    address = EmailAddress.objects.get()
    assert not address.verified
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http://testserver"))
    path = link.removeprefix("http://testserver")
    assert "确认邮箱" in browser.get(path).content.decode()
    browser.post(path)
    address.refresh_from_db()
    assert address.verified
