"""Names of people: which signs they may hold, their stored form, and the key by which lists are sorted."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from portal.accounts.surnames import COMPOUND_SURNAMES, SURNAMES
from portal.shared.errors import Reason, Refusal

MAX_LENGTH = 50
MIDDLE_DOT = "·"
DOTS = dict.fromkeys(map(ord, "•・･‧∙．"), MIDDLE_DOT)
# Newer blocks of ideographs than the interpreter's own table knows: extensions H, I and J.
NEWER_IDEOGRAPHS = (range(0x31350, 0x323B0), range(0x2EBF0, 0x2EE5E), range(0x323B0, 0x3347A))
HAN = r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f]"


def normal_name(typed: str) -> str:
    """Return a name in its stored form (NFC, one kind of middle dot, no stray spaces); raises Refusal, field ``full_name``.

    Any letter of any script is a name's letter, rare ideographs included; signs of a font's private area are not,
    for they look different, or like nothing, everywhere else.
    """
    name = unicodedata.normalize("NFC", typed).translate(DOTS)
    name = re.sub(r"\s+", " ", name).strip()
    name = re.sub(rf"(?<={HAN}) (?={HAN})", "", name)
    if not name:
        raise _refused("empty", _("请填写姓名。"))
    if len(name) > MAX_LENGTH:
        text = _("姓名不得超过%(most)s个字，现有%(count)s个字。") % {"most": MAX_LENGTH, "count": len(name)}
        raise _refused("length", text)
    for sign in name:
        _refuse_unless_allowed(sign)
    if not any(unicodedata.category(sign).startswith("L") or _is_newer(sign) or sign == "〇" for sign in name):
        raise _refused("letters", _("姓名中没有文字，请填写证件上的姓名。"))
    return name


def sort_key(name: str) -> str:
    """Return the key by which names sort as people expect: by sound and tone of each character, surnames as surnames sound."""
    surname, given = _parted(name)
    sounds = [*_surname_sounds(surname), *_sounds(given)]
    return " ".join(f"{sound} {sign}" for sound, sign in zip(sounds, surname + given, strict=True))[:400]


def _parted(name: str) -> tuple[str, str]:
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES and name[2:] else name[:1]
    return surname, name.removeprefix(surname)


def _surname_sounds(surname: str) -> list[str]:
    known = COMPOUND_SURNAMES.get(surname) or SURNAMES.get(surname)
    return known.split() if known else _sounds(surname)


def _sounds(text: str) -> list[str]:
    """Return one sound per sign, with its tone; other letters stand for themselves without case and accents."""
    return [lazy_pinyin(sign, style=Style.TONE3, errors=_letters, neutral_tone_with_five=True)[0] for sign in text]


def _letters(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign).casefold()
    return "".join(each for each in bare if not unicodedata.combining(each)) or sign


def _refuse_unless_allowed(sign: str) -> None:
    category = unicodedata.category(sign)
    if category[0] in "LM" or _is_newer(sign) or sign in f"{MIDDLE_DOT} -'’〇":
        return
    code = f"U+{ord(sign):04X}"
    if category == "Co":
        text = _("姓名中有自造字（%(code)s），在其他设备上无法显示；请改用国家标准编码的同一汉字。") % {"code": code}
        raise _refused("private", text)
    if category in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"):
        raise _refused("invisible", _("姓名中有不可见或未编码的字符（%(code)s），请删除后重新输入。") % {"code": code})
    text = _("姓名中不能有「%(sign)s」；可以使用文字、间隔号「·」、空格和连字符。") % {"sign": sign}
    raise _refused("sign", text)


def _is_newer(sign: str) -> bool:
    return any(ord(sign) in block for block in NEWER_IDEOGRAPHS)


def _refused(code: str, text: object) -> Refusal:
    return Refusal([Reason(text, code=f"name_{code}", field="full_name")])  # type: ignore[arg-type]
