"""Who is told what: the subject by registered mail, those concerned, and the rooms above."""

import pytest

from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.integrity import registry
from portal.integrity.domain import deciding, noticing, serving
from portal.integrity.enums import Measure, RecordState, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.notifications import inbox
from portal.notifications.models import Notification
from portal.notifications.recipients import holders_at
from tests.factories.integrity import DECIDED, INTENT, NOTICED, RULING, SERVED, Bureau, on


class Listening(registry.Handler):
    """Remembers every call, and names an employer to be told."""

    def __init__(self, employer=None):
        self.calls, self.employer = [], employer

    def also_told(self, record):
        return [holders_at(self.employer, {Role.EMPLOYER_HEAD})] if self.employer else []


for name in ("opened", "closed", "decided", "in_force", "quashed"):
    setattr(Listening, name, lambda self, record, at, name=name: self.calls.append((name, record.state, at)))


@pytest.fixture
def listening(monkeypatch):
    monkeypatch.setattr(registry, "_handlers", [])
    handler = Listening()
    registry.register(handler)
    return handler


def letters(person) -> dict[str, Notification]:
    rows = Notification.objects.filter(person=person).order_by("pk")
    return {row.kind.removeprefix("integrity."): row for row in rows}


def test_rooms_above_hear_of_every_turn(bureau: Bureau, listening) -> None:
    record = bureau.in_force()
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=on(12, 22))
    assert [(name, state) for name, state, _ in listening.calls] == [
        ("opened", "opened"),
        ("decided", "decided"),
        ("in_force", "in_force"),
        ("quashed", "quashed"),
    ]
    assert [at for *_, at in listening.calls[1:3]] == [DECIDED, SERVED]


def test_rooms_above_hear_that_nothing_remained(bureau: Bureau, listening) -> None:
    noticing.close(bureau.investigated(), reason="误认。", by=bureau.lead, at=NOTICED)
    assert [name for name, *_ in listening.calls] == ["opened", "closed"]


@pytest.mark.rule("A-45")
def test_the_notice_is_registered_and_says_what_one_must_know(bureau: Bureau) -> None:
    record = bureau.noticed()
    told = letters(record.person)["sanction_intended"]
    assert told.registered
    assert told.occasion == "N-12"
    for words in (
        INTENT.grounds,
        "剽窃他人作品或者学术成果",
        "撤销职称",
        "2026年12月9日（星期三）24:00",
        "陈述",
        "申辩",
    ):
        assert words in told.body
    assert record.facts not in told.body


@pytest.mark.rule("A-45")
def test_the_decision_names_terms_and_remedies(bureau: Bureau) -> None:
    told = letters(bureau.decided().person)["sanction_decided"]
    assert told.registered
    for words in (
        RULING.text,
        RULING.remedies,
        "行政复议",
        "行政诉讼",
        "2029年12月18日（星期二）24:00",
        "不得晋升岗位",
    ):
        assert words in told.body


@pytest.mark.rule("A-45")
def test_the_receipt_serves_the_decision_once(bureau: Bureau) -> None:
    record = bureau.decided()
    letter, subject = letters(record.person)["sanction_decided"], acting_personally(record.person)
    inbox.receive(letter, by=subject, at=on(12, 19))
    inbox.receive(letter, by=subject, at=SERVED)
    served = IntegrityRecord.objects.get(pk=record.pk)
    assert (served.state, served.served_at) == (RecordState.IN_FORCE, on(12, 19))


def test_the_receipt_of_a_corrected_decision_serves_nothing(bureau: Bureau) -> None:
    record = bureau.decided()
    old, subject = letters(record.person)["sanction_decided"], acting_personally(record.person)
    deciding.amend(record, RULING, reason="笔误。", by=bureau.lead, at=on(12, 19))
    inbox.receive(old, by=subject, at=on(12, 20))
    assert IntegrityRecord.objects.get(pk=record.pk).state == RecordState.AMENDED
    corrected = letters(record.person)["sanction_corrected"]
    assert "笔误" in corrected.body
    inbox.receive(corrected, by=subject, at=SERVED)
    assert IntegrityRecord.objects.get(pk=record.pk).served_at == SERVED


def test_a_receipt_after_service_by_other_ways_changes_nothing(bureau: Bureau) -> None:
    record = bureau.in_force()
    inbox.receive(letters(record.person)["sanction_decided"], by=acting_personally(record.person), at=on(12, 30))
    assert IntegrityRecord.objects.get(pk=record.pk).served_at == SERVED


def test_the_employer_is_told_and_its_receipt_serves_nothing(bureau: Bureau, listening, actor) -> None:
    head = actor(Role.EMPLOYER_HEAD)
    listening.employer = head.organisation
    record = bureau.decided()
    told = letters(head.person)
    assert list(told) == ["sanction_of_staff_intended", "sanction_of_staff_decided"]
    decided = told["sanction_of_staff_decided"]
    assert decided.registered
    assert str(record.person) in decided.body
    inbox.receive(decided, by=head, at=on(12, 19))
    assert IntegrityRecord.objects.get(pk=record.pk).state == RecordState.DECIDED
    serving.serve(record, how="直接送达。", by=bureau.clerk, at=SERVED)
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=on(12, 22))
    assert "sanction_of_staff_quashed" in letters(head.person)
    assert "京政复〔2026〕1号" in letters(record.person)["sanction_quashed"].body


def test_an_organisation_is_told_through_whoever_speaks_for_it(bureau: Bureau, actor) -> None:
    head, clerk = actor(Role.EMPLOYER_HEAD), actor(Role.EMPLOYER_CLERK)
    intent = INTENT.__class__("careless_check", "审核不严。", (Measure.UNIT_LIABILITY,))
    bureau.noticed(organisation=head.organisation, role=SubjectRole.EMPLOYER, intent=intent)
    assert "sanction_intended" in letters(head.person)
    assert not letters(clerk.person)


@pytest.mark.rule("A-45")
def test_the_subject_is_reminded_unless_the_answer_came(bureau: Bureau) -> None:
    silent, answered = bureau.noticed(), bureau.noticed()
    subject = acting_personally(answered.person)
    noticing.state_own_case(answered, statement="论文由本人写作，来函所指并非此文。", by=subject, at=on(12, 1))
    ringing.ring_due(at=on(12, 4, 12))
    assert "2026年12月9日" in letters(silent.person)["statement_due"].body
    assert "statement_due" not in letters(answered.person)
    ringing.ring_due(at=on(12, 10, 0))
    assert letters(silent.person)["statement_due"].lapsed_at


def test_the_subject_hears_of_the_end_of_the_years(bureau: Bureau) -> None:
    record = bureau.in_force()
    ringing.ring_due(at=on(12, 19, 0, year=2029))
    assert "2029年12月18日（星期二）24:00" in letters(record.person)["record_expired"].body


def test_two_handlers_of_one_class_are_one(listening) -> None:
    registry.register(Listening())
    assert registry.handlers() == (listening,)
