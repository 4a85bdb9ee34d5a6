"""The fonts that draw certificates: which characters they have, and how wide a text becomes."""

import functools
import subprocess
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

# In the order in which the style sheets of the papers ask for them, after the faces that come with the portal.
OF_THE_SYSTEM = ("Noto Serif CJK SC", "HanaMinB")
OWN = Path(settings.BASE_DIR) / "static" / "fonts"
BOLD, LATIN_BOLD = OWN / "certificate-bold.woff2", OWN / "certificate-latin-bold.woff2"


def undrawn(text: str) -> list[str]:
    """Return the characters of ``text`` for which none of the fonts has a glyph, each once; microseconds for a name."""
    covered = _covered()
    return [sign for sign in dict.fromkeys(text) if ord(sign) not in covered]


def is_rare(text: str) -> bool:
    """Whether ``text`` needs a font of the system, which has one weight only: then all of it is set in that weight."""
    return not _common().issuperset(map(ord, text))


def width_of(text: str) -> float:
    """Return how wide ``text`` is in the bold face, in squares of a Chinese character."""
    widths = _widths()
    return sum(widths.get(ord(sign), 1.0) for sign in text)


@functools.cache
def _common() -> frozenset[int]:
    return _codes(BOLD) | _codes(LATIN_BOLD)


@functools.cache
def _covered() -> frozenset[int]:
    places = [found for family in OF_THE_SYSTEM if (found := _file_of(family))]
    return _common().union(*(_codes(path, index) for path, index in places))


@functools.cache
def _widths() -> dict[int, float]:
    """Return the widths of all characters that are not square."""
    return {code: width for code, width in (_widths_in(LATIN_BOLD) | _widths_in(BOLD)).items() if width != 1.0}


def _widths_in(path: Path) -> dict[int, float]:
    with TTFont(path, lazy=True) as font:
        square, advances = font["head"].unitsPerEm, font["hmtx"]
        return {code: advances[name][0] / square for code, name in font.getBestCmap().items()}


def _codes(path: Path, index: int = -1) -> frozenset[int]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _file_of(family: str) -> tuple[Path, int] | None:
    """Ask fontconfig, as the layout will, for the regular face of ``family``: its file and its number in a collection."""
    form = "%{family}\t%{file}\t%{index}"
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command and our own words
            ["fc-match", "--format", form, f"{family}:weight=80"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except FileNotFoundError:
        return None
    families, _, place = asked.stdout.partition("\t")
    if family not in families.split(","):
        return None
    path, _, index = place.partition("\t")
    return Path(path), int(index or 0)
