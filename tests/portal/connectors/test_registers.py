"""The registers: what they answer, and that "nothing known" is an answer."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.connectors import education, identity, insurance, organisations, titles
from portal.connectors.errors import Malformed
from portal.connectors.people import DocumentKind, Who
from portal.connectors.sandbox.identifiers import credit_code, person_number
from portal.connectors.systems import System
from tests.fixtures.sandbox import Sandbox, known, unit

LIN = known("林知远")


def somebody(sequence: int = 997) -> Who:
    """Return a person of whom nothing is written down anywhere."""
    return Who("甘丽雯", DocumentKind.RESIDENT_ID, person_number("110105", dt.date(1983, 2, 3), sequence))


class TestIdentity:
    def test_name_and_number_belong_together(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert identity.check(LIN, at=now) is identity.Verdict.MATCH

    def test_another_name_is_a_mismatch(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert identity.check(replace(LIN, name="林之远"), at=now) is identity.Verdict.MISMATCH

    def test_a_number_with_a_wrong_check_character_is_unknown(self, sandbox: Sandbox, now: dt.datetime) -> None:
        wrong = replace(LIN, number=LIN.number[:-1] + ("1" if LIN.number[-1] != "1" else "2"))
        assert identity.check(wrong, at=now) is identity.Verdict.UNKNOWN

    @pytest.mark.parametrize("name", ["李港生", "MARIA ROSSI"])
    def test_other_documents_are_known_too(self, sandbox: Sandbox, now: dt.datetime, name: str) -> None:
        assert identity.check(known(name), at=now) is identity.Verdict.MATCH


class TestEducation:
    @pytest.mark.rule("R-059")
    def test_known_educations_come_latest_first(self, sandbox: Sandbox, now: dt.datetime) -> None:
        latest, first = education.lookup(LIN, at=now)
        assert (latest.level, latest.degree) == (education.Level.MASTER, education.Degree.MASTER)
        assert latest.graduated_on == dt.date(2013, 7, 1)
        assert first.school == "华北工业大学"

    def test_nothing_known_is_an_empty_answer(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert education.lookup(known("周墨林"), at=now) == ()

    def test_anybody_valid_has_plausible_and_constant_facts(self, sandbox: Sandbox, now: dt.datetime) -> None:
        answers = {education.lookup(somebody(), at=now) for _ in range(2)}
        (schooling,) = answers
        assert all(each.enrolled_on.year >= 2001 and each.graduated_on <= now.date() for each in schooling)


class TestInsurance:
    @pytest.mark.rule("R-070")
    def test_the_employer_that_pays_is_named_with_its_district(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = insurance.lookup(LIN, at=now)
        company = unit("北京云衡电子有限公司")
        assert found is not None
        assert found.employer == insurance.Employer(company["credit_code"], company["name"], "110108")
        assert found.insured_as is insurance.InsuredAs.EMPLOYEE
        assert found.months_paid == 156

    def test_months_are_counted_up_to_the_moment_asked_for(self, sandbox: Sandbox, now: dt.datetime) -> None:
        earlier = insurance.lookup(LIN, at=now - dt.timedelta(days=365))
        assert earlier is not None
        assert earlier.months_paid == 144

    @pytest.mark.rule("R-081")
    def test_one_who_pays_for_himself_has_no_employer(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = insurance.lookup(known("吴一帆"), at=now)
        assert found is not None
        assert (found.insured_as, found.employer, found.months_paid) == (insurance.InsuredAs.FLEXIBLE, None, 15)

    def test_the_dispatched_have_an_employer_and_a_work_unit(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = insurance.lookup(known("陈派遣"), at=now)
        assert found is not None
        assert found.employer is not None
        assert found.work_unit is not None
        assert found.employer.name == "北京京华人力资源服务有限公司"
        assert found.work_unit.name == "京畿轨道材料研究院有限公司"

    def test_never_insured_in_beijing_is_none(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert insurance.lookup(known("冯未保"), at=now) is None

    def test_a_test_may_add_people_of_its_own(self, sandbox: Sandbox, now: dt.datetime) -> None:
        who, company = somebody(), unit("北京丰远建设工程有限公司")
        person = {**who.on_the_wire(), "insurance": {"since": "2026-06-01", "employer": company["credit_code"]}}
        sandbox.tell(register={"people": [person]})
        found = insurance.lookup(who, at=now)
        assert found is not None
        assert found.employer is not None
        assert (found.employer.name, found.months_in_a_row) == (company["name"], 2)


class TestTitles:
    def test_titles_of_beijing(self, sandbox: Sandbox, now: dt.datetime) -> None:
        (held,) = titles.in_beijing(LIN, at=now)
        assert (held.title, held.level) == ("工程师", titles.Level.INTERMEDIATE)

    def test_titles_from_elsewhere_are_known_nationwide_only(self, sandbox: Sandbox, now: dt.datetime) -> None:
        zheng = known("郑怀瑾")
        assert titles.in_beijing(zheng, at=now) == ()
        assert [each.title for each in titles.nationwide(zheng, at=now)] == ["助理研究员"]

    def test_everywhere_names_each_certificate_once(self, sandbox: Sandbox, now: dt.datetime) -> None:
        holdings = titles.everywhere(LIN, at=now)
        assert [each.title for each in holdings.titles] == ["工程师"]
        assert holdings.unanswered == ()

    @pytest.mark.parametrize("source", titles.SOURCES)
    def test_everywhere_says_which_source_did_not_answer(
        self, sandbox: Sandbox, now: dt.datetime, source: System
    ) -> None:
        sandbox.set(source, "error")
        holdings = titles.everywhere(LIN, at=now)
        assert holdings.unanswered == (source,)
        assert len(holdings.titles) == 1


class TestOrganisations:
    def test_a_known_organisation(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = organisations.lookup(unit("北京市方志文献馆")["credit_code"], at=now)
        assert found is not None
        assert (found.kind, found.district) == (organisations.Kind.INSTITUTION, "110101")

    def test_one_that_no_longer_exists(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = organisations.lookup(unit("北京昌盛旧业有限公司")["credit_code"], at=now)
        assert found is not None
        assert found.standing is organisations.Standing.CANCELLED

    def test_any_valid_code_is_somebody(self, sandbox: Sandbox, now: dt.datetime) -> None:
        found = organisations.lookup(credit_code("51", "110102", "MX123456"), at=now)
        assert found is not None
        assert found.kind is organisations.Kind.SOCIAL

    def test_a_wrong_code_is_none(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert organisations.lookup("91350100M000100Y4Z", at=now) is None


def test_an_answer_that_leaves_out_what_was_agreed_is_malformed(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("identity", "broken_contract")
    with pytest.raises(Malformed, match=r"identity\.check: malformed \(answer\.verdict is not of type str\)"):
        identity.check(LIN, at=now)


def test_a_person_shows_neither_name_nor_number(sandbox: Sandbox) -> None:
    assert LIN.name not in repr(LIN)
    assert LIN.number not in repr(LIN)
