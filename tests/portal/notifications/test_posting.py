"""Posting: with the step or not at all, to whom, in which words, and taken back with the task."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.db.transaction import TransactionManagementError
from django.utils import translation

from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYER_STAFF, OrganisationKind, Role
from portal.ledger.models import Entry
from portal.notifications import queries
from portal.notifications.addressing import hand_over_waiting
from portal.notifications.choosing import choose
from portal.notifications.enums import Channel, DeliveryState, Occasion
from portal.notifications.models import Delivery, Notification
from portal.notifications.post import cancel, post
from portal.notifications.recipients import holders_at
from portal.notifications.rendering import LINE_LIMIT, IncompleteLetterError
from portal.shared import clock
from portal.shared.errors import StepRefused
from portal.workflow import carry_out
from tests.errand.letters import DueSoon, Noted, ReturnedErrand, Summoned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import FACTS


def channels_of(message: Notification) -> set[str]:
    return set(message.deliveries.values_list("channel", flat=True))


@pytest.mark.rule("R-107")
def test_a_message_says_what_its_facts_say(told: Notification, errand: Errand, now: dt.datetime) -> None:
    delivery = told.deliveries.get()
    assert told.subject == f"李晓明：事项{errand.code}退回补正"
    assert "1. 缺少学历证书\n2. 论文未上传" in told.body
    assert "2026年7月17日（星期五）24:00前补正" in told.body
    assert delivery.line == "您的事项已退回补正，请于7月17日周五24:00前登录平台办理。"
    assert (told.kind, told.occasion, told.posted_at) == ("errand.returned_errand", "N-04", now)
    assert (delivery.state, delivery.not_before, delivery.attempts) == (DeliveryState.WAITING, now, 0)


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_leaves_no_message(now: dt.datetime) -> None:
    person, errand = accounts.person(), Errand.objects.create(papers=1)
    clerk = accounts.actor(Role.BUREAU_CLERK)

    @transaction.atomic
    def tell_and_finish() -> None:
        post(ReturnedErrand, to=person, about=errand, at=now, facts=FACTS)
        carry_out(errand, "finish", by=clerk, at=now, opinion="同意")

    with pytest.raises(StepRefused):
        tell_and_finish()
    assert (Notification.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_posted(now: dt.datetime) -> None:
    with pytest.raises(TransactionManagementError, match="in the transaction of its step"):
        post(Noted, to=accounts.person(), about=Errand.objects.create(), at=now)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"defects": []}, "due_at"),
        ({**FACTS, "opinion": "同意"}, "opinion"),
    ],
)
def test_missing_and_unknown_facts_are_refused_by_name(
    applicant: Person, errand: Errand, now: dt.datetime, facts: dict[str, object], told: str
) -> None:
    with pytest.raises(IncompleteLetterError, match=told):
        post(ReturnedErrand, to=applicant, about=errand, at=now, facts=facts)
    assert not Notification.objects.exists()


def test_words_of_people_are_neither_escaped_nor_read_as_template(
    applicant: Person, errand: Errand, now: dt.datetime
) -> None:
    facts = {**FACTS, "defects": ["A&B <表>{{ addressee }}"]}
    (message,) = post(ReturnedErrand, to=applicant, about=errand, at=now, facts=facts)
    assert "A&B <表>{{ addressee }}" in message.body


def test_a_letter_is_in_chinese_whatever_language_the_clerk_reads(
    applicant: Person, errand: Errand, now: dt.datetime
) -> None:
    with translation.override("en"):
        (message,) = post(ReturnedErrand, to=applicant, about=errand, at=now, facts=FACTS)
    assert "（星期五）" in message.body


def test_a_line_too_long_for_one_message_gives_way_to_one_that_fits(
    applicant: Person, errand: Errand, now: dt.datetime
) -> None:
    (message,) = post(DueSoon, to=applicant, about=errand, at=now, facts={"remaining": "很" * LINE_LIMIT})
    assert message.deliveries.get().line == "您有新消息“到期提醒”，请登录平台查看。"


def test_an_organisation_is_reached_through_its_roles_on_the_day(now: dt.datetime, errand: Errand) -> None:
    place, today = accounts.organisation(), clock.day_of(now)
    clerk = accounts.actor(Role.EMPLOYER_CLERK, at=place).person
    head = accounts.actor(Role.EMPLOYER_HEAD, at=place).person
    accounts.actor(Role.UNIT_ADMIN, at=place)
    gone, inactive = (accounts.actor(Role.EMPLOYER_CLERK, at=place).person for _ in range(2))
    Membership.objects.filter(person=gone).update(until=today - dt.timedelta(days=1))
    Person.objects.filter(pk=inactive.pk).update(is_active=False)
    messages = post(Noted, to=holders_at(place, EMPLOYER_STAFF), about=errand, at=now)
    assert {message.person for message in messages} == {clerk, head}
    assert {message.organisation for message in messages} == {place}
    Membership.objects.filter(person=gone).update(until=today)
    assert len(post(Noted, to=holders_at(place, EMPLOYER_STAFF), about=errand, at=now)) == 3


def test_one_person_gets_one_copy_and_the_first_way_counts(now: dt.datetime, errand: Errand) -> None:
    head = accounts.actor(Role.EMPLOYER_HEAD)
    to = [head.person, holders_at(head.organisation, EMPLOYER_STAFF)]
    (message,) = post(Noted, to=to, about=errand, at=now)
    assert (message.person, message.organisation) == (head.person, None)


def test_an_organisation_without_people_finds_its_message_later(now: dt.datetime, errand: Errand) -> None:
    place = accounts.organisation(OrganisationKind.EMPLOYER)
    accounts.actor(Role.UNIT_ADMIN, at=place)
    (message,) = post(Summoned, to=holders_at(place, EMPLOYER_STAFF), about=errand, at=now, facts={"on": now.date()})
    assert (message.person, message.deliveries.count(), hand_over_waiting(at=now)) == (None, 0, 0)
    clerks = [accounts.actor(Role.EMPLOYER_CLERK, at=place).person for _ in range(2)]
    assert hand_over_waiting(at=now) == 2
    assert hand_over_waiting(at=now) == 0
    copies = [queries.inbox_of(clerk, on=now.date()).get() for clerk in clerks]
    assert {(copy.body, copy.posted_at) for copy in copies} == {(message.body, now)}
    assert len({copy.code for copy in copies}) == 2
    assert not Delivery.objects.exists()


def test_who_leaves_the_organisation_no_longer_reads_its_mail(now: dt.datetime, errand: Errand) -> None:
    clerk, today = accounts.actor(Role.EMPLOYER_CLERK), clock.day_of(now)
    post(Noted, to=[holders_at(clerk.organisation, EMPLOYER_STAFF)], about=errand, at=now)
    assert queries.unread_count(clerk.person, on=today) == 1
    Membership.objects.filter(person=clerk.person).update(until=today)
    assert queries.unread_count(clerk.person, on=today) == 1
    assert queries.unread_count(clerk.person, on=today + dt.timedelta(days=1)) == 0


@pytest.mark.rule("R-107")
def test_declining_is_respected_except_where_the_rule_requires(
    actor: Callable[..., Actor], errand: Errand, now: dt.datetime
) -> None:
    someone = actor(phone="13800001234", email="a@example.com")
    everything = {(occasion, channel) for occasion in Occasion.values for channel in Channel.values}
    choose(someone.person, everything, by=someone, at=now)
    (returned,) = post(ReturnedErrand, to=someone.person, about=errand, at=now, facts=FACTS)
    (summoned,) = post(Summoned, to=someone.person, about=errand, at=now, facts={"on": now.date()})
    assert (channels_of(returned), channels_of(summoned)) == (set(), {Channel.SMS})
    assert "N-08:sms" not in Entry.objects.get(step="choose_messages").facts["declined"]


def test_mail_goes_out_only_to_those_who_gave_an_address(errand: Errand, now: dt.datetime) -> None:
    without, with_address = accounts.person(), accounts.person(email="a@example.com")
    messages = post(ReturnedErrand, to=[without, with_address], about=errand, at=now, facts=FACTS)
    assert [channels_of(message) for message in messages] == [{"sms"}, {"sms", "email"}]


def test_a_reminder_dies_with_its_task(applicant: Person, errand: Errand, now: dt.datetime) -> None:
    other = Errand.objects.create()
    for row in (errand, other):
        post(DueSoon, to=applicant, about=row, at=now, facts={"remaining": 3})
    cancel(DueSoon, about=errand, at=now)
    cancel(DueSoon, about=errand, at=now)
    states = {row: Delivery.objects.get(notification__about_id=row.pk).state for row in (errand, other)}
    assert states == {errand: DeliveryState.CANCELLED, other: DeliveryState.WAITING}
    assert queries.unread_count(applicant, on=now.date()) == 1


def test_what_was_told_cannot_be_taken_back(told: Notification, errand: Errand, now: dt.datetime) -> None:
    with pytest.raises(TypeError, match="not a reminder"):
        cancel(ReturnedErrand, about=errand, at=now)


@pytest.mark.parametrize(
    "change", ["body = 'x'", "subject = 'x'", "person_id = NULL", "posted_at = now()", "about_id = 0"]
)
def test_the_database_keeps_what_was_told(told: Notification, change: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Notification.objects.raw(f"UPDATE notifications_notification SET {change} RETURNING *")[0]


def test_the_database_keeps_messages_and_deliveries(delivery: Delivery) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).delete()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(line="x")


def test_posting_costs_the_same_for_one_and_for_many(
    errand: Errand, now: dt.datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    for count in (1, 5):
        people = [accounts.person(phone="13800001234") for _ in range(count)]
        with django_assert_num_queries(3):
            post(ReturnedErrand, to=people, about=errand, at=now, facts=FACTS)
