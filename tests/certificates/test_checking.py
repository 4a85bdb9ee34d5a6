"""Checking certificates: what number and name show, what the code shows besides, and for whom nothing is there (R-126, A-12)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext

from certificates.domain import checking, one_time_codes
from certificates.domain.checking import Answer, Asked, check
from certificates.domain.comparing import masked_name, name_in_full, number_in_full
from certificates.enums import CertificateState, CheckWay
from certificates.models import Certificate, CertificateCheck, OneTimeCode
from portal.accounts.actors import PUBLIC, Actor, acting_personally
from portal.accounts.roles import Role
from portal.shared import clock
from portal.shared.errors import Refusal
from tests.factories import checks as factory
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
AT = on(11, 20)
NAME = "阿卜杜拉·买买提"
REASON = "收到实名举报，正在核查材料真实性。"


@pytest.fixture(scope="module")
def keys(standing: Callable[..., Any]) -> tuple[int, ...]:
    """Keep four certificates for the module's tests: an open one, a restricted one, one of a district, one in preparation."""

    def make() -> tuple[int, ...]:
        first, second, third, fourth = factory.cases(4)
        return (
            factory.issued(first, holder_name=NAME).pk,
            factory.issued(second, is_restricted=True).pk,
            factory.issued(third, district_limited="海淀区").pk,
            factory.prepared(fourth).pk,
        )

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def plain(keys: tuple[int, ...]) -> Certificate:
    return Certificate.objects.get(pk=keys[0])


@pytest.fixture
def restricted(keys: tuple[int, ...]) -> Certificate:
    return Certificate.objects.get(pk=keys[1])


def asked(certificate: Certificate, code: str = "", *, by: Actor = PUBLIC, **more: Any) -> Answer | None:
    return check(certificate.number, certificate.holder_name, code, by=by, at=AT, **more)


def found(certificate: Certificate, code: str = "", **more: Any) -> Answer:
    answer = asked(certificate, code, **more)
    assert answer is not None
    return answer


# --- What is told ---------------------------------------------------------------------------
@pytest.mark.rule("R-126")
def test_number_and_name_show_that_it_holds_and_no_more(plain: Certificate) -> None:
    answer = found(plain)
    assert (answer.state, answer.is_valid, answer.title) == (CertificateState.ISSUED, True, plain.title)
    assert (answer.name, answer.face, answer.is_code_wrong) == ("阿**", None, False)


@pytest.mark.rule("R-126")
def test_the_printed_code_shows_the_face(plain: Certificate) -> None:
    answer = found(plain, " a4c6-d7e9 ")
    assert answer.name == NAME
    assert answer.face == plain.face()
    assert answer.face is not None
    assert answer.face.masked_document == "110101********123X"


def test_a_wrong_code_shows_what_number_and_name_do(plain: Certificate) -> None:
    assert found(plain, "A4C6D7E6") == Answer(**{**vars(found(plain)), "is_code_wrong": True})


def test_offices_see_the_face_without_the_code_and_employers_do_not(
    plain: Certificate, actor: Callable[..., Actor]
) -> None:
    shown = [found(plain, by=actor(role)).face is not None for role in (Role.AGENCY_CLERK, Role.BUREAU_CLERK)]
    assert shown == [True, True]
    assert found(plain, by=actor(Role.EMPLOYER_CLERK)).face is None


@pytest.mark.parametrize(
    "typed", ["阿卜杜拉•买买提", "阿卜杜拉‧买买提", " 阿卜杜拉・买买提", "阿卜 杜拉．买买提", "阿卜杜拉.买买提"]
)
def test_names_are_the_same_however_dots_and_spaces_were_typed(plain: Certificate, typed: str) -> None:
    assert check(plain.number.lower(), typed, by=PUBLIC, at=AT) is not None


def test_no_character_is_taken_for_another() -> None:
    assert name_in_full("Ｊｏｈｎ　SMITH") == "johnsmith"
    assert name_in_full("\uf9d8") != name_in_full("律")  # a compatibility form, which NFKC would exchange
    assert name_in_full("䶮") != name_in_full("龑")
    assert number_in_full(" zc11-2026 01000001") == "ZC11202601000001"
    assert [masked_name(name) for name in ("张三", "欧阳娜娜", "张")] == ["张*", "欧**", "张"]


@pytest.mark.rule("R-128")
def test_a_certificate_of_a_district_says_so(keys: tuple[int, ...]) -> None:
    assert found(Certificate.objects.get(pk=keys[2])).district_limited == "海淀区"


@pytest.mark.rule("A-45")
@pytest.mark.rule("R-141")
def test_what_became_of_it_is_told(plain: Certificate) -> None:
    assert found(factory.moved(plain, "suspend", reason=REASON)).state == CertificateState.SUSPENDED
    on_day = dt.date(2026, 11, 12)
    answer = found(factory.moved(plain, "revoke", reason=REASON, on=on_day))
    assert (answer.state, answer.ended_on, answer.is_valid) == (CertificateState.REVOKED, on_day, False)


def test_the_new_number_is_told_together_with_the_face(plain: Certificate) -> None:
    new = factory.prepared(plain.case, corrects=plain)
    factory.moved(plain, "supersede", reason="姓名用字有误，予以更正换发。")
    factory.issue(new)
    assert (found(plain).state, found(plain).replaced_by) == (CertificateState.SUPERSEDED, "")
    assert found(plain, factory.CODE).replaced_by == new.number
    assert found(new, factory.CODE).face == new.face()


# --- For whom nothing is there --------------------------------------------------------------
@pytest.mark.rule("A-12")
def test_unknown_wrongly_named_unfinished_and_restricted_look_alike(
    plain: Certificate, restricted: Certificate, keys: tuple[int, ...]
) -> None:
    unfinished = Certificate.objects.get(pk=keys[3])
    tries = [
        ("ZC11202601999999", NAME),
        (plain.number, "张三"),
        (plain.number, ""),
        (unfinished.number, unfinished.holder_name),
        (restricted.number, restricted.holder_name),
    ]
    for code in ("", factory.CODE):
        statements = set()
        for number, name in tries:
            with CaptureQueriesContext(connection) as queries:
                assert check(number, name, code, by=PUBLIC, at=AT) is None
            asked_for = (query["sql"].replace(number, "?") for query in queries)
            statements.add(tuple(sql for sql in asked_for if "SAVEPOINT" not in sql))
        assert len(statements) == 1
    assert not CertificateCheck.objects.exists()


@pytest.mark.rule("A-12")
def test_a_restricted_one_answers_an_employer_with_the_holders_code_once(
    restricted: Certificate, actor: Callable[..., Actor]
) -> None:
    holder, employer = acting_personally(restricted.holder), actor(Role.EMPLOYER_HEAD)
    row, code = one_time_codes.make(restricted, by=holder, at=AT)
    assert asked(restricted, code) is None
    assert asked(restricted, code, by=actor(Role.BUREAU_LEAD)) is None
    assert asked(restricted, factory.CODE, by=employer) is None
    assert check(restricted.number, "张三", code, by=employer, at=AT) is None
    answer = found(restricted, f"{code[:5]} {code[5:]}", by=employer)
    assert answer.face == restricted.face()
    assert not answer.is_code_wrong
    assert asked(restricted, code, by=employer) is None
    used = OneTimeCode.objects.get(pk=row.pk)
    assert (used.used_at, used.used_by) == (AT, employer.organisation)
    check_row = CertificateCheck.objects.get()
    assert (check_row.way, check_row.organisation) == (CheckWay.ONE_TIME_CODE, employer.organisation)


@pytest.mark.rule("A-12")
def test_a_code_runs_out_and_is_not_kept(restricted: Certificate, actor: Callable[..., Actor]) -> None:
    holder, employer = acting_personally(restricted.holder), actor(Role.EMPLOYER_CLERK)
    row, code = one_time_codes.make(restricted, by=holder, at=AT)
    assert code not in str(OneTimeCode.objects.filter(pk=row.pk).values().get())
    answer = check(restricted.number, restricted.holder_name, code, by=employer, at=AT + dt.timedelta(hours=24))
    assert answer is None


def test_codes_are_for_restricted_ones_and_few(plain: Certificate, restricted: Certificate) -> None:
    with pytest.raises(Refusal) as refused:
        one_time_codes.make(plain, by=acting_personally(plain.holder), at=AT)
    assert refused.value.reasons[0].code == "not_restricted"
    for _time in range(one_time_codes.MOST_OPEN):
        one_time_codes.make(restricted, by=acting_personally(restricted.holder), at=AT)
    with pytest.raises(Refusal) as refused:
        one_time_codes.make(restricted, by=acting_personally(restricted.holder), at=AT)
    assert refused.value.reasons[0].code == "codes_open"


# --- The log --------------------------------------------------------------------------------
def test_every_answer_is_logged_for_the_holder_and_nobody_is_named(
    plain: Certificate, actor: Callable[..., Actor]
) -> None:
    employer = actor(Role.EMPLOYER_CLERK)
    asked(plain)
    asked(plain, factory.CODE)
    asked(plain, "wrong", by=employer)
    asked(plain, way=CheckWay.QR)
    kept = [(one.way, one.organisation, one.shows_face) for one in checking.checks_of(plain)]
    assert kept == [
        (CheckWay.QR, None, False),
        (CheckWay.NUMBER_NAME, employer.organisation, False),
        (CheckWay.NUMBER_NAME_CODE, None, True),
        (CheckWay.NUMBER_NAME, None, False),
    ]


def test_a_person_who_acts_for_themselves_is_not_named(plain: Certificate, actor: Callable[..., Actor]) -> None:
    asked(plain, by=actor())
    assert checking.checks_of(plain).get().organisation is None


@pytest.mark.parametrize("change", [{"organisation": None}, None])
def test_the_log_is_never_changed(plain: Certificate, change: dict[str, Any] | None) -> None:
    asked(plain)
    with pytest.raises(InternalError):
        plain.checks.update(at=clock.now()) if change else plain.checks.all().delete()


# --- Many at once ---------------------------------------------------------------------------
def test_many_are_answered_in_their_order_by_few_questions(plain: Certificate, keys: tuple[int, ...]) -> None:
    district = Certificate.objects.get(pk=keys[2])
    many = [Asked(plain.number, NAME), Asked("X", NAME), Asked(district.number, district.holder_name, factory.CODE)]
    with CaptureQueriesContext(connection) as queries:
        answers = checking.check_all(many * 20, way=CheckWay.BULK, by=PUBLIC, at=AT)
    assert [answer.number if answer else "" for answer in answers[:3]] == [plain.number, "", district.number]
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 3
    assert district.checks.count() == 20


def test_a_number_at_which_somebody_guesses_answers_only_to_its_code(plain: Certificate) -> None:
    assert asked(plain, only_with_code=True) is None
    assert asked(plain, "A4C6D7E6", only_with_code=True) is None
    assert not CertificateCheck.objects.exists()
    assert found(plain, factory.CODE, only_with_code=True).face is not None
