"""Taking out of free texts what tells who the person is or for whom they work (A-49): more rather than less."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from applications.sections import SECTIONS
from portal.accounts.names import HAN, sort_key
from portal.accounts.surnames import COMPOUND_SURNAMES
from review.domain.naming_words import ADDRESSED, GENERIC, LEGAL_FORM, PLACE, TRADE

BETWEEN = r"[\s·・.,，\-'’]*"
FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD])
FEWEST_SIGNS, FEWEST_OF_HIDDEN = 2, 4
# Shorter names of people (高超, in pinyin 胡曼) and of employers (自由职业) are words that anybody writes.
FEWEST_OF_PERSON, FEWEST_OF_UNIT = 3, 6
MOST_NAMED = 5
NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"\d{17}[\dXx]"  # resident identity numbers
    r"|[0-9A-HJ-NPQRTUWXY]{18}"  # credit codes
    r"|(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}"  # mobile numbers
    r"|0(?:10|2\d|[3-9]\d{2})[\s-]?\d{7,8}"  # telephones with an area code
    r"|[A-Z]{1,3}-[2-9A-HJ-NP-Z]{8,16}"  # codes of this portal
    r")(?![0-9A-Za-z])"
)
MAIL = r"[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+"
ADDRESSES = re.compile(rf"{MAIL}|https?://\S+|www\.\S+", re.IGNORECASE)
MAIL_ADDRESSES = re.compile(MAIL)


class Mask:
    """Replaces what identifies one person or their employers, in Chinese and in Latin letters, spaced or not."""

    def __init__(self, names: Iterable[str], employers: Iterable[str], hidden: Iterable[str] = ()) -> None:
        people, units = list(filter(None, names)), list(filter(None, employers))
        employed = _any_of({_spaced(word) for unit in units for word in _short_names(unit)})
        named = _any_of({form for name in people for form in _forms_of(name)})
        self._steps = [
            (ADDRESSES, _("〔链接〕")),
            (employed, _("〔单位〕")),
            (_any_of({_spaced(word) for word in hidden if len(word) >= FEWEST_OF_HIDDEN}), _("〔略〕")),
            (named, _("〔申报人〕")),
            (NUMBERS, _("〔号码〕")),
        ]
        whole = {form for name in people if len(name) >= FEWEST_OF_PERSON for form in _whole_forms(name)}
        whole |= {_spaced(unit) for unit in units if len(unit) >= FEWEST_OF_UNIT}
        self._telling = (MAIL_ADDRESSES, _any_of(whole), NUMBERS)
        self._resembling = (employed, named)

    def finds(self, text: str) -> bool:
        """Return whether ``text`` tells who or for whom: a link, or a word that is merely not shown, tells it of nobody."""
        plain = _plain(text)
        return any(pattern.search(plain) for pattern in self._telling)

    def resembling(self, text: str) -> list[str]:
        """Return the first words of ``text`` that may be a short form of a name or be ordinary: 何涛 is also "T. He", "the"."""
        plain = _plain(text)
        found = (" ".join(one[0].split()) for pattern in self._resembling for one in pattern.finditer(plain))
        return list(islice(dict.fromkeys(found), MOST_NAMED))

    def __call__(self, text: str) -> str:
        """Return ``text`` without anything that the mask knows."""
        plain = _plain(text)
        for pattern, word in self._steps:
            plain = pattern.sub(word, plain)
        return plain


def _plain(text: str) -> str:
    return text.translate(FULL_WIDTH).translate(INVISIBLE)


def of_content(content: Mapping[str, Any], *, names: Iterable[str], employers: Iterable[str], shown: Any) -> Mask:
    """Return the mask for a frozen application: who, for whom now and before, and every value that is not ``shown``.

    ``shown`` maps each section to the fields that experts see.
    """
    employer = content.get("employer", {})
    units = [employer.get("name", ""), employer.get("work_unit", ""), *employers]
    units += [str(content["sheets"].get("post", {}).get("work_unit") or "")]
    units += [str(item["content"].get("unit") or "") for item in content["items"]]
    return Mask([content["person"]["name"], *names], units, _hidden_values(content, shown))


def occurrences_of(name: str) -> Callable[[str], bool]:
    """Return what tells whether a text writes ``name`` out: in Chinese, spaced or not, or in pinyin in either order."""
    pattern = _any_of(set(_whole_forms(name)))
    return lambda text: pattern.search(_plain(text)) is not None


def _hidden_values(content: Mapping[str, Any], shown: Mapping[str, frozenset[str]]) -> Iterator[str]:
    own = [(kind, values) for kind, values in content["sheets"].items()]
    own += [(item["kind"], item["content"]) for item in content["items"]]
    for kind, values in own:
        for field in SECTIONS[kind].fields:
            value = values.get(field.name)
            is_word = isinstance(value, str) and field.choices is None and len(value) <= field.most
            if field.name not in shown[kind] and is_word and not _is_text_or_date(field.entry):
                yield str(value)
    yield from (str(content["person"].get(name) or "") for name in ("number", "phone", "code"))
    yield from (content["application"]["code"], content.get("employer", {}).get("credit_code", ""))


def _is_text_or_date(entry: str) -> bool:
    return entry in {"text", "date", "month", "year"}


def _whole_forms(name: str) -> Iterator[str]:
    """Yield patterns of the whole name: as it is written, and in pinyin."""
    yield rf"(?<![A-Za-z]){_spaced(name)}(?![A-Za-z])"
    if _is_han(name):
        yield from _whole_in_latin(name)


def _forms_of(name: str) -> Iterator[str]:
    """Yield patterns of the ways in which a name is written."""
    surname = _surname_of(name)
    given = name.removeprefix(surname)
    yield _spaced(name)
    if len(given) >= FEWEST_SIGNS:
        yield _spaced(given)
    if _is_han(name):
        yield f"{re.escape(surname)}(?:{ADDRESSED})"
        yield from _in_latin(name)
    else:
        yield from (re.escape(part) for part in re.split(r"[\s·]+", name) if len(part) >= FEWEST_SIGNS)


def _surname_of(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND_SURNAMES and name[2:] else name[:1]


def _sounds_of(name: str) -> tuple[list[str], list[str]]:
    """Return the pinyin of surname and given name, sign by sign, as patterns."""
    sounds = [sound.rstrip("12345") for sound in sort_key(name).split()[::2]]
    sounds = [re.escape(sound).replace("v", "(?:v|u|ü|yu)") for sound in sounds]
    length = len(_surname_of(name))
    return sounds[:length], sounds[length:]


def _whole_in_latin(name: str) -> Iterator[str]:
    """Yield the whole name in pinyin: both orders, joined or apart."""
    surname, given = (BETWEEN.join(sounds) for sounds in _sounds_of(name))
    for pair in ((surname, given), (given, surname)):
        yield rf"(?<![A-Za-z]){BETWEEN.join(pair)}(?![A-Za-z])"


def _in_latin(name: str) -> Iterator[str]:
    """Yield the name in pinyin: both orders, joined or apart, the given name whole or as initials."""
    yield from _whole_in_latin(name)
    before, after = _sounds_of(name)
    surname, given = BETWEEN.join(before), BETWEEN.join(after)
    initials = r"\.?[\s\-]*".join(sound[0] for sound in after) + r"\.?"
    yield rf"(?<![A-Za-z]){surname}[\s,，]+{initials}(?![A-Za-z])"
    yield rf"(?<![A-Za-z]){initials}[\s,，]*{surname}(?![A-Za-z])"
    if len(after) > 1:
        yield rf"(?<![A-Za-z]){given}(?![A-Za-z])"


def _short_names(unit: str) -> set[str]:
    """Return the name of an employer with what people call it for short: 北京华芯科技有限公司, 华芯科技, 华芯."""
    whole = unit.translate(FULL_WIDTH).strip()
    bare = PLACE.sub("", whole)
    stem = LEGAL_FORM.sub("", bare)
    found = {whole, bare, stem, TRADE.sub("", stem), LEGAL_FORM.sub("", whole)}
    return {word for word in found if len(word) >= FEWEST_SIGNS and word not in GENERIC}


def _spaced(word: str) -> str:
    """Return the pattern of a word whose signs may stand apart."""
    return r"\s*".join(re.escape(sign) for sign in word.translate(FULL_WIDTH) if not sign.isspace())


def _is_han(name: str) -> bool:
    return re.fullmatch(f"{HAN}+", name) is not None


def _any_of(patterns: set[str]) -> re.Pattern[str]:
    """Return one pattern for all, the longest first; without any it never fits."""
    ordered = sorted(filter(None, patterns), key=lambda one: (-len(one), one))
    return re.compile("|".join(ordered) or r"(?!)", re.IGNORECASE)
