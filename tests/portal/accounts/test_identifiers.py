"""Numbers: the vectors of the standards, what each wrong one is told, and what right ones carry."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import invented
from portal.accounts.identifiers import (
    DocumentKind,
    Sex,
    credit_code,
    family_of,
    identify,
    masked,
    telephone,
)
from portal.shared.errors import Refusal

TODAY = dt.date(2026, 7, 8)
K = DocumentKind


def refusal(act: object, *args: object, **kwargs: object) -> tuple[str, str, str]:
    with pytest.raises(Refusal) as refused:
        act(*args, **kwargs)  # type: ignore[operator]
    (reason,) = refused.value.reasons
    return reason.code, reason.field, str(reason.text)


@pytest.mark.rule("R-051", "A-41")
@pytest.mark.parametrize(
    ("kind", "typed", "stored", "born_on", "sex"),
    [
        (K.RESIDENT_ID, "11010519491231002X", "11010519491231002X", dt.date(1949, 12, 31), Sex.FEMALE),
        (K.RESIDENT_ID, "11010519491231002x", "11010519491231002X", dt.date(1949, 12, 31), Sex.FEMALE),
        (K.RESIDENT_ID, " 110105 19491231 002X ", "11010519491231002X", dt.date(1949, 12, 31), Sex.FEMALE),
        (
            K.RESIDENT_ID,
            "１１０１０５１９４９１２３１００２Ｘ",
            "11010519491231002X",
            dt.date(1949, 12, 31),
            Sex.FEMALE,
        ),
        (K.RESIDENT_ID, "440524188001010014", None, None, None),
        (K.HMT_RESIDENCE_PERMIT, "810000198506124316", "810000198506124316", dt.date(1985, 6, 12), Sex.MALE),
        (K.HMT_RESIDENCE_PERMIT, "820000197911301125", "820000197911301125", dt.date(1979, 11, 30), Sex.FEMALE),
        (K.HMT_RESIDENCE_PERMIT, "830000199301010030", "830000199301010030", dt.date(1993, 1, 1), Sex.MALE),
        (K.FOREIGN_RESIDENT_ID, "911840198704231058", "911840198704231058", dt.date(1987, 4, 23), Sex.MALE),
        (K.FOREIGN_RESIDENT_ID, "fra110079101301", "FRA110079101301", None, None),
        (K.HM_TRAVEL_PERMIT, "h01234567", "H01234567", None, None),
        (K.HM_TRAVEL_PERMIT, "M0123456701", "M0123456701", None, None),
        (K.TW_TRAVEL_PERMIT, "01234567", "01234567", None, None),
        (K.PASSPORT, "c01x-00t47", "C01X00T47", None, None),
        (K.FOREIGN_WORK_PERMIT, "A1B2C3D4", "A1B2C3D4", None, None),
    ],
)
def test_right_numbers_are_stored_in_one_form_and_tell_birth_and_sex(
    kind: DocumentKind, typed: str, stored: str | None, born_on: dt.date | None, sex: Sex | None
) -> None:
    if stored is None:  # the standard's second example has a right check digit; its bearer would be 146 years old
        assert refusal(identify, kind, typed, on=TODAY)[0] == "number_birth"
        return
    found = identify(kind, typed, on=TODAY)
    assert (found.number, found.born_on, found.sex) == (stored, born_on, sex)
    assert stored not in repr(found)


@pytest.mark.parametrize(
    ("kind", "typed", "code", "words"),
    [
        (K.RESIDENT_ID, "110105194912310021", "number_check", "末位校验码不符"),
        (K.RESIDENT_ID, "11010519491231002", "number_length", "应为18位，现有17位"),
        (K.RESIDENT_ID, "110105491231002", "number_length", "现有15位"),
        (K.RESIDENT_ID, "1101051949123100XX", "number_signs", "前17位应为数字"),
        (K.RESIDENT_ID, "810000198506124316", "number_region", "与证件种类不符"),
        (K.RESIDENT_ID, invented.resident_number(dt.date(2026, 7, 8), 1), "number_birth", "不早于今天"),
        (K.RESIDENT_ID, "110105194902300001", "number_check", "末位校验码不符"),
        (K.HMT_RESIDENCE_PERMIT, "11010519491231002X", "number_region", "与证件种类不符"),
        (K.FOREIGN_RESIDENT_ID, "811840198704231058", "number_region", "与证件种类不符"),
        (K.FOREIGN_RESIDENT_ID, "911840198704231059", "number_check", "末位校验码不符"),
        (K.HM_TRAVEL_PERMIT, "X01234567", "number_form", "字母H或M"),
        (K.HM_TRAVEL_PERMIT, "H012345678", "number_form", "8位或10位"),
        (K.TW_TRAVEL_PERMIT, "1234567", "number_form", "8位数字"),
        (K.PASSPORT, "A1", "number_form", "护照"),
        (K.PASSPORT, "护照12345", "number_form", "护照"),
        (K.FOREIGN_WORK_PERMIT, "", "number_form", "工作许可证"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(kind: DocumentKind, typed: str, code: str, words: str) -> None:
    told, field, text = refusal(identify, kind, typed, on=TODAY)
    assert (told, field) == (code, "number")
    assert words in text


def test_a_date_that_does_not_exist_is_refused_even_with_a_right_check_character() -> None:
    head = "11010519490230000"
    number = next(head + check for check in "0123456789X" if _passes_check(head + check))
    assert refusal(identify, K.RESIDENT_ID, number, on=TODAY)[0] == "number_birth"


def _passes_check(number: str) -> bool:
    return refusal(identify, K.RESIDENT_ID, number, on=TODAY)[0] != "number_check"


@given(
    born_on=st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)),
    sequence=st.integers(1, 999),
    place=st.integers(0, 17),
    other=st.sampled_from("0123456789"),
)
def test_one_wrong_digit_never_passes(born_on: dt.date, sequence: int, place: int, other: str) -> None:
    number = invented.resident_number(born_on, sequence)
    assert identify(K.RESIDENT_ID, number, on=TODAY).born_on == born_on
    changed = number[:place] + other + number[place + 1 :]
    if changed != number:
        refusal(identify, K.RESIDENT_ID, changed, on=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "91350100M000100Y43",
        "91110000802100433B",
        "91110108551385082Q",
        "91110108MA01ABCD5T",
        "12110000400888889Y",
        "5111000050030123XJ",
        "9111 0108-ma01abcd5t",
    ],
)
def test_right_credit_codes(typed: str) -> None:
    assert credit_code(typed) == typed.replace(" ", "").replace("-", "").upper()


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("91350100M000100Y4Z", "credit_code_signs", "「Z」"),
        ("91350100M000100Y44", "credit_code_check", "末位校验码"),
        ("91350100M000100Y4", "credit_code_length", "现有17位"),
        ("91350100M000101Y43", "credit_code_unit_check", "第9至17位"),
        ("913S0100M000100Y43", "credit_code_signs", "「S」"),
        ("9135A100M000100Y43", "credit_code_form", "第3至8位"),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong(typed: str, code: str, words: str) -> None:
    told, field, text = refusal(credit_code, typed)
    assert (told, field) == (code, "credit_code")
    assert words in text


@given(serial=st.integers(0, 999999), registrar=st.sampled_from(["11", "12", "51", "91"]))
def test_invented_credit_codes_are_right(serial: int, registrar: str) -> None:
    code = invented.credit_code(serial, registrar)
    assert credit_code(code) == code


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("00 49 151 23456789", "+4915123456789"),
    ],
)
def test_mobile_numbers_have_one_stored_form(typed: str, stored: str) -> None:
    assert telephone(typed) == stored


@pytest.mark.parametrize("typed", ["", "12345678901", "1380013800", "+8612345678901", "010-12345678", "abc"])
def test_other_telephone_numbers_are_refused(typed: str) -> None:
    code, field, text = refusal(telephone, typed)
    assert (code, field) == ("phone", "phone")
    assert "11位" in text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("13800138000", "138****8000"),
        ("C01X00T47", "C0*****47"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_kinds_that_share_a_numbering_share_a_family() -> None:
    assert family_of(K.RESIDENT_ID, "11010519491231002X") == family_of(K.FOREIGN_RESIDENT_ID, "911840198704231058")
    assert family_of(K.PASSPORT, "A12345", "DEU") != family_of(K.PASSPORT, "A12345", "FRA")
    assert family_of(K.FOREIGN_RESIDENT_ID, "FRA110079101301") == "foreign_resident_id"
