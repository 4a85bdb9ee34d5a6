"""Values of fields: the one check that forms, API and domain share, and the words in which they are shown."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.sections import Entry, Field

Value = str | int | bool | None

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR, LAST_YEAR = 1940, 2100
YES, NO = frozenset({True, "true", "yes", "1", "on"}), frozenset({False, "false", "no", "0"})
KEPT_CONTROLS = {"\n", "\t"}


class Unfit(ValueError):  # noqa: N818 - an answer to the person, not a fault
    """A value that a field does not take; the text says what to do."""


def clean(field: Field, raw: Any) -> Value:
    """Return ``raw`` as it is stored, None for an empty one; raises Unfit. Whether it may be empty is judged at submission."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if not isinstance(raw, str | int | bool):
        raise Unfit(_("这里只能填写文字。"))
    return _CLEANERS[field.entry](field, raw)


def shown(field: Field, value: Value) -> str:
    """Return a stored value in the words that pages and papers show; an empty text for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.choices is not None:
        return str(dict(field.choices.choices).get(str(value), value))
    if field.entry is Entry.DATE:
        return dateformat.format(dt.date.fromisoformat(str(value)), _("Y年n月j日"))
    if field.entry is Entry.MONTH:
        return dateformat.format(dt.date.fromisoformat(f"{value}-01"), _("Y年n月"))
    return str(value)


def _text(field: Field, raw: Any) -> str:
    text = unicodedata.normalize("NFC", str(raw).replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(sign for sign in text if sign in KEPT_CONTROLS or unicodedata.category(sign) not in {"Cc", "Cs"})
    kept = kept.strip() if field.entry is Entry.TEXT else " ".join(kept.split())
    if len(kept) > field.most:
        raise Unfit(_("最多%(most)s字，现在%(length)s字。") % {"most": field.most, "length": len(kept)})
    return kept


def _date(field: Field, raw: Any) -> str:
    try:
        day = dt.date.fromisoformat(_parts(raw))
    except ValueError:
        raise Unfit(_("请填写真实存在的日期，如2019-10-18。")) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unfit(_("请核对年份。"))
    return day.isoformat()


def _month(field: Field, raw: Any) -> str:
    text = _parts(raw)
    found = MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Unfit(_("请填写年月，如2019-10。"))
    return text


def _year(field: Field, raw: Any) -> int:
    year = _whole(raw)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit(_("请填写四位年份，如2025。"))
    return year


def _number(field: Field, raw: Any) -> int:
    number = _whole(raw)
    if not 0 <= number <= field.most:
        raise Unfit(_("请填写0到%(most)s之间的整数。") % {"most": field.most})
    return number


def _whole(raw: Any) -> int:
    text = _narrow(raw)
    if isinstance(raw, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004 - fits any column
        raise Unfit(_("请填写整数。"))
    return int(text)


def _parts(raw: Any) -> str:
    """Return a day or month as typed in its boxes, 2019-1-5 or full-width, with two signs for each part."""
    return "-".join(part.zfill(2) for part in _narrow(raw).split("-"))


def _narrow(raw: Any) -> str:
    """Return digits as keyboards without full-width signs write them."""
    return unicodedata.normalize("NFKC", str(raw)).strip()


def _choice(field: Field, raw: Any) -> str:
    assert field.choices is not None  # noqa: S101 - a choice without choices is a mistake of ours
    if str(raw) not in field.choices.values:
        raise Unfit(_("请从列表中选择。"))
    return str(raw)


def _yes_no(field: Field, raw: Any) -> bool:
    plain = raw.strip().lower() if isinstance(raw, str) else raw
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise Unfit(_("请选择是或者否。"))


_CLEANERS: dict[Entry, Callable[[Field, Any], Value]] = {
    Entry.LINE: _text,
    Entry.TEXT: _text,
    Entry.DATE: _date,
    Entry.MONTH: _month,
    Entry.YEAR: _year,
    Entry.NUMBER: _number,
    Entry.CHOICE: _choice,
    Entry.YES_NO: _yes_no,
}
