"""Messages, credit platforms and the national title query platform: told once, with a receipt."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.connectors import credit, national_query, sms, titles
from portal.connectors.credit import CreditRecord, Platform, Subject, SubjectKind
from portal.connectors.errors import Refused, Unreachable
from tests.fixtures.sandbox import Sandbox, known

LIN = known("林知远")
RECORD = CreditRecord(
    record_number="BJ-2026-0007",
    behaviour="提供虚假材料",
    decision="撤销职称，记入诚信档案",
    decided_by="北京市人力资源和社会保障局",
    decided_on=dt.date(2026, 7, 1),
    record_until=dt.date(2029, 7, 1),
)
SUBJECT = Subject(SubjectKind.PERSON, LIN.name, LIN.number)
CERTIFICATE = national_query.IssuedCertificate(
    certificate_number="JX2026000001",
    version=1,
    holder=LIN,
    series="工程技术",
    specialty="电子信息",
    title="高级工程师",
    level=titles.Level.SENIOR_ASSOCIATE,
    passed_on=dt.date(2026, 7, 1),
    issued_on=dt.date(2026, 7, 8),
    authority="北京市人力资源和社会保障局",
    district_limited=False,
    standing=titles.Standing.VALID,
)


class TestMessages:
    def test_a_message_has_a_receipt_and_later_a_report(self, sandbox: Sandbox, now: dt.datetime) -> None:
        receipt = sms.send("m-1", "13900001234", "请登录平台查看答辩通知书。", at=now)
        report = sms.report("m-1", at=now)
        assert report is not None
        assert (report.provider_id, report.delivery) == (receipt.provider_id, sms.Delivery.DELIVERED)

    def test_one_message_id_is_one_message(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert sms.send("m-1", "13900001234", "您好。", at=now) == sms.send("m-1", "13900001234", "您好。", at=now)
        assert len(sandbox.shown()["sms"]) == 1

    def test_a_telephone_that_is_switched_off(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sms.send("m-1", "13900000000", "您好。", at=now)
        report = sms.report("m-1", at=now)
        assert report is not None
        assert (report.delivery, report.reason) == (sms.Delivery.FAILED, "UNDELIV")

    def test_a_report_may_have_to_be_waited_for(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sandbox.tell(sms_delivery="pending")
        sms.send("m-1", "13900001234", "您好。", at=now)
        report = sms.report("m-1", at=now)
        assert report is not None
        assert report.delivery is sms.Delivery.PENDING

    def test_a_number_that_is_none_is_refused(self, sandbox: Sandbox, now: dt.datetime) -> None:
        with pytest.raises(Refused) as caught:
            sms.send("m-1", "010-12345678", "您好。", at=now)
        assert caught.value.code == "bad_phone"

    def test_nothing_is_known_of_a_message_never_sent(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert sms.report("m-none", at=now) is None


@pytest.mark.rule("R-142", "A-14")
class TestCredit:
    @pytest.mark.parametrize("platform", Platform)
    def test_a_record_is_pushed_once_and_found(self, sandbox: Sandbox, now: dt.datetime, platform: Platform) -> None:
        receipt = credit.push(platform, SUBJECT, RECORD, at=now)
        assert credit.push(platform, SUBJECT, RECORD, at=now) == receipt
        assert credit.records(platform, SUBJECT, at=now) == (RECORD,)

    def test_the_two_platforms_fail_apart(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sandbox.set("credit_national", "dead")
        with pytest.raises(Unreachable):
            credit.push(Platform.NATIONAL, SUBJECT, RECORD, at=now)
        assert credit.push(Platform.BEIJING, SUBJECT, RECORD, at=now).receipt_number

    def test_after_three_years_it_is_no_longer_in_force(self, sandbox: Sandbox, now: dt.datetime) -> None:
        credit.push(Platform.BEIJING, SUBJECT, RECORD, at=now)
        last, after = (dt.datetime(2029, 7, day, 12, tzinfo=now.tzinfo) for day in (1, 2))
        assert credit.records(Platform.BEIJING, SUBJECT, at=last) == (RECORD,)
        assert credit.records(Platform.BEIJING, SUBJECT, at=after) == ()

    def test_a_record_taken_off_is_gone(self, sandbox: Sandbox, now: dt.datetime) -> None:
        credit.push(Platform.BEIJING, SUBJECT, RECORD, at=now)
        credit.withdraw(Platform.BEIJING, RECORD.record_number, "决定被撤销", at=now)
        assert credit.records(Platform.BEIJING, SUBJECT, at=now) == ()

    def test_a_record_never_pushed_cannot_be_taken_off(self, sandbox: Sandbox, now: dt.datetime) -> None:
        with pytest.raises(Refused) as caught:
            credit.withdraw(Platform.BEIJING, "BJ-none", "决定被撤销", at=now)
        assert caught.value.code == "no_such_record"

    def test_a_record_that_others_made_is_found(self, sandbox: Sandbox, now: dt.datetime) -> None:
        dishonest = known("褚失信")
        subject = Subject(SubjectKind.PERSON, dishonest.name, dishonest.number)
        (record,) = credit.records(Platform.BEIJING, subject, at=now)
        assert record.record_until == dt.date(2028, 3, 10)
        assert dishonest.name not in repr(subject)


class TestNationalQuery:
    def test_an_issued_certificate_is_then_known_nationwide(self, sandbox: Sandbox, now: dt.datetime) -> None:
        receipt = national_query.push(CERTIFICATE, at=now)
        assert national_query.push(CERTIFICATE, at=now) == receipt
        latest, earlier = titles.nationwide(LIN, at=now)
        assert (latest.title, latest.standing) == ("高级工程师", titles.Standing.VALID)
        assert earlier.title == "工程师"

    def test_a_newer_version_replaces_and_an_older_is_refused(self, sandbox: Sandbox, now: dt.datetime) -> None:
        national_query.push(replace(CERTIFICATE, version=2, standing=titles.Standing.REVOKED), at=now)
        with pytest.raises(Refused) as caught:
            national_query.push(CERTIFICATE, at=now)
        assert caught.value.code == "outdated"
        assert titles.nationwide(LIN, at=now)[0].standing is titles.Standing.REVOKED
