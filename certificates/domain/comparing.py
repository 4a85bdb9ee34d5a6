"""When two spellings of a name, a number or a code count as the same; characters themselves are never exchanged."""

import hmac
import re

# Signs that people type between the parts of a name, whatever their keyboard offers.
DOTS = "·•‧・･∙⋅．."
DOT = "·"
# Full-width forms of ASCII. A whole NFKC would also turn one hanzi into another one.
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
SPELLINGS = {ord(dot): DOT for dot in DOTS}
BREAKS = re.compile(r"[\s\u200b\u2060\ufeff]+")
HYPHENS = re.compile(r"[-‐‑–—]+")


def name_in_full(name: str) -> str:
    """Return a name as it is compared: without spaces, with one kind of middle dot, Latin letters narrow and small."""
    return BREAKS.sub("", name.translate(SPELLINGS).translate(NARROW)).casefold()


def number_in_full(number: str) -> str:
    """Return a certificate's number as it is printed: narrow capitals without spaces and hyphens."""
    return HYPHENS.sub("", BREAKS.sub("", number.translate(NARROW))).upper()


code_in_full = number_in_full


def is_same(one: str, other: str) -> bool:
    """Return whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def masked_name(name: str) -> str:
    """Return a name of which whoever knows it recognises the beginning: 张*."""
    return f"{name[:1]}{'*' * min(len(name) - 1, 2)}"
