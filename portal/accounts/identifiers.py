"""Numbers that identify people and organisations: their form, their check characters and what they carry.

Pure functions. Each takes what was typed and returns it in its stored form, or raises Refusal with a reason that
tells the person what is wrong. The algorithms are those of GB 11643, GB 32100 and GB 11714 (domain §6.3).
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc

from portal.shared.errors import Reason, Refusal


class DocumentKind(models.TextChoices):
    """Identity documents that the portal accepts (R-051, A-41)."""

    RESIDENT_ID = "resident_id", _("居民身份证")
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit", _("港澳台居民居住证")
    HM_TRAVEL_PERMIT = "hm_travel_permit", _("港澳居民来往内地通行证")
    TW_TRAVEL_PERMIT = "tw_travel_permit", _("台湾居民来往大陆通行证")
    FOREIGN_RESIDENT_ID = "foreign_resident_id", _("外国人永久居留身份证")
    PASSPORT = "passport", _("护照")
    FOREIGN_WORK_PERMIT = "foreign_work_permit", _("外国人工作许可证")


class Sex(models.TextChoices):
    """Sex as documents state it."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")


@dataclass(frozen=True)
class Identified:
    """A checked document number in its stored form, with what it carries; its representation does not show it."""

    kind: DocumentKind
    number: str = field(repr=False)
    born_on: dt.date | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)


FULL_LENGTH = 18  # of a citizen's number and of a credit code alike
# Provinces, as the first two digits of a mainland number.
MAINLAND = frozenset(
    str(code)
    for block in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(block[0], block[1] + 1)
)
HONG_KONG_MACAO_TAIWAN = frozenset({"810000", "820000", "830000"})
EARLIEST_BIRTH = dt.date(1900, 1, 1)
PATTERNS: dict[DocumentKind, tuple[str, object]] = {
    DocumentKind.HM_TRAVEL_PERMIT: (r"[HM]\d{8}(\d{2})?", _("港澳居民来往内地通行证号码应为字母H或M加8位或10位数字。")),
    DocumentKind.TW_TRAVEL_PERMIT: (r"\d{8}", _("台湾居民来往大陆通行证号码应为8位数字。")),
    DocumentKind.PASSPORT: (r"[A-Z0-9]{5,17}", _("护照号码应为5至17位字母或数字。")),
    DocumentKind.FOREIGN_WORK_PERMIT: (r"[A-Z0-9]{6,20}", _("外国人工作许可证号码应为6至20位字母或数字。")),
}
UNIT_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNIT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_SIGNS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")


def identify(kind: DocumentKind, typed: str, *, on: dt.date) -> Identified:
    """Return the checked number of a document as it stands on the day ``on``; raises Refusal with field ``number``.

    Spaces, hyphens and width do not count, letters are stored in upper case. Birth date and sex are filled where
    the number carries them.
    """
    number = compact(typed)
    if kind in PATTERNS:
        pattern, text = PATTERNS[kind]
        if not re.fullmatch(pattern, number):
            raise _refused("form", text)
        return Identified(kind, number)
    if kind == DocumentKind.FOREIGN_RESIDENT_ID and re.fullmatch(r"[A-Z]{3}\d{12}", number):
        return Identified(kind, number)
    return _identify_citizen_number(kind, number, on)


def family_of(kind: DocumentKind, number: str, country: str = "") -> str:
    """Return the numbering within which a number belongs to one person only.

    Resident IDs, residence permits and the eighteen-digit cards of foreigners share one; passports one per country.
    """
    if len(number) == FULL_LENGTH and kind in _EIGHTEEN_DIGITS:
        return "citizen_number"
    return f"{kind}:{country}" if kind == DocumentKind.PASSPORT else kind.value


def credit_code(typed: str) -> str:
    """Return a checked unified social credit code in its stored form; raises Refusal with field ``credit_code``."""
    code = compact(typed)
    if len(code) != FULL_LENGTH:
        raise _credit_refused("length", _("统一社会信用代码应为18位，现有%(count)s位。") % {"count": len(code)})
    wrong = sorted(set(code) - CREDIT_SIGNS)
    if wrong:
        text = _("统一社会信用代码由数字和大写字母组成，不使用I、O、S、V、Z；「%(signs)s」不能使用。")
        raise _credit_refused("signs", text % {"signs": "".join(wrong)})
    if not code[2:8].isdigit():
        raise _credit_refused("form", _("统一社会信用代码第3至8位是登记机关行政区划码，应为数字。"))
    if code[16] != unit_check(code[8:16]):
        raise _credit_refused("unit_check", _("统一社会信用代码中的组织机构代码（第9至17位）校验不符，请核对。"))
    if code[17] != uscc.calc_check_digit(code[:17]):
        raise _credit_refused("check", _("统一社会信用代码末位校验码不符，请核对。"))
    return code


def telephone(typed: str) -> str:
    """Return a mobile number in its stored form (11 digits, or + and country code); raises Refusal with field ``phone``."""
    digits = re.sub(r"[()（）.]", "", compact(typed))
    mainland = re.fullmatch(r"(?:(?:\+|00)86)?(1[3-9]\d{9})", digits)
    if mainland:
        return mainland.group(1)
    abroad = re.fullmatch(r"(?:\+|00)([1-9]\d{7,14})", digits)
    if abroad and not abroad.group(1).startswith("86"):
        return f"+{abroad.group(1)}"
    text = _("手机号码应为11位数字（以13至19开头）；境外号码请以+和国家或地区代码开头。")
    raise Refusal([Reason(text, code="phone", field="phone")])


def masked(number: str) -> str:
    """Return a number as screens show it: enough to recognise one's own, too little to use.

    Eighteen signs keep six and four, eleven digits (a mobile) three and four, others two and two.
    """
    head, tail = {18: (6, 4), 11: (3, 4)}.get(len(number), (2, 2))
    if len(number) <= head + tail:
        return "*" * len(number)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def compact(typed: str) -> str:
    """Return what was typed without spaces and hyphens, in half-width and upper case."""
    half_width = typed.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return re.sub(r"[\s\-]", "", half_width).upper()


def person_check(head: str) -> str:
    """Return the check character of an eighteen-digit number from its first seventeen digits (MOD 11-2)."""
    return ric.calc_check_digit(head + "0")


def unit_check(serial: str) -> str:
    """Return the check character of an eight-character organisation code (GB 11714)."""
    total = sum(UNIT_SIGNS.index(sign) * weight for sign, weight in zip(serial, UNIT_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


_EIGHTEEN_DIGITS = {
    DocumentKind.RESIDENT_ID: _("居民身份证号码"),
    DocumentKind.HMT_RESIDENCE_PERMIT: _("港澳台居民居住证号码"),
    DocumentKind.FOREIGN_RESIDENT_ID: _("外国人永久居留身份证号码"),
}


def _identify_citizen_number(kind: DocumentKind, number: str, on: dt.date) -> Identified:
    name = _EIGHTEEN_DIGITS[kind]
    if len(number) != FULL_LENGTH:
        raise _refused("length", _("%(name)s应为18位，现有%(count)s位。") % {"name": name, "count": len(number)})
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise _refused("signs", _("%(name)s前17位应为数字，末位为数字或X。") % {"name": name})
    if not _region_fits(kind, number):
        raise _refused("region", _("%(name)s的前几位与证件种类不符，请核对证件种类和号码。") % {"name": name})
    if number[17] != person_check(number[:17]):
        raise _refused("check", _("%(name)s末位校验码不符，请核对。") % {"name": name})
    born_on = _birth_date(number)
    if born_on is None or not EARLIEST_BIRTH <= born_on < on:
        raise _refused("birth", _("%(name)s中的出生日期不存在或不早于今天，请核对。") % {"name": name})
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Identified(kind, number, born_on, sex)


def _region_fits(kind: DocumentKind, number: str) -> bool:
    if kind == DocumentKind.RESIDENT_ID:
        return number[:2] in MAINLAND
    if kind == DocumentKind.HMT_RESIDENCE_PERMIT:
        return number[:6] in HONG_KONG_MACAO_TAIWAN
    return number.startswith("9") and number[1:3] in MAINLAND


def _birth_date(number: str) -> dt.date | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _refused(code: str, text: object) -> Refusal:
    return Refusal([Reason(text, code=f"number_{code}", field="number")])  # type: ignore[arg-type]


def _credit_refused(code: str, text: object) -> Refusal:
    return Refusal([Reason(text, code=f"credit_code_{code}", field="credit_code")])  # type: ignore[arg-type]
