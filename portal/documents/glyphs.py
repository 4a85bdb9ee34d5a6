"""Signs that must not be printed: no font draws them, or they only look like a name.

A certificate with an empty box for a rare character is worse than none, and nobody may replace a character of a name.
"""

import unicodedata

from django.utils.translation import gettext as _

from portal.shared.phrases import joined

GETA = "\u3013"  # the full block that editors put where a character is missing
WHITE_SQUARE = "\u25a1"
REPLACEMENT = "\ufffd"
PLACEHOLDERS = frozenset({GETA, WHITE_SQUARE, REPLACEMENT})
DESCRIPTIONS = range(0x2FF0, 0x3000)  # ⿰王龙: a description of a character, not the character
IDEOGRAPHIC_PLANES = range(0x20000, 0x40000)  # newer than this Python's tables perhaps; the fonts decide
USUAL = frozenset("\n\r\t\u00ad\u200b")  # breaks, and the hints where a line may break


def misleading(text: str) -> list[str]:
    """Return the signs of ``text`` that stand for something else, each once, in order.

    Private codes of old identity cards, placeholders, descriptions of characters, control signs, unassigned codes, and
    compatibility ideographs that normalisation would silently change.
    """
    return [sign for sign in dict.fromkeys(text) if sign not in USUAL and _misleads(sign)]


def in_words(signs: list[str]) -> str:
    """Name signs for people: the sign and its code, ``䶮（U+4DAE）``."""
    return joined(
        _("%(sign)s（U+%(code)s）") % {"sign": sign if sign.isprintable() else "", "code": f"{ord(sign):04X}"}
        for sign in signs
    )


def _misleads(sign: str) -> bool:
    if sign in PLACEHOLDERS or ord(sign) in DESCRIPTIONS:
        return True
    if unicodedata.category(sign) == "Cn" and ord(sign) in IDEOGRAPHIC_PLANES:
        return False
    if unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}:
        return True
    return (
        unicodedata.name(sign, "").startswith("CJK COMPATIBILITY IDEOGRAPH")
        and unicodedata.normalize("NFC", sign) != sign
    )
