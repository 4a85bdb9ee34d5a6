"""Can a name be drawn? Rare characters in names need fonts that hold them, on paper above all."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError

FONT_FILES = ("*.ttf", "*.otf", "*.ttc", "*.otc")


def undrawable(name: str, fonts: Iterable[Path] | None = None) -> list[str]:
    """Return the characters of ``name``, each once, that none of ``fonts`` can draw; empty means the name can be printed.

    Without ``fonts`` asks those of ``settings.FONT_DIRS``. Where there are no fonts at all, nothing is said to be
    undrawable: the question cannot be answered there.
    """
    chosen = list(fonts) if fonts is not None else fonts_at_hand()
    if not chosen:
        return []
    missing = list(dict.fromkeys(sign for sign in name if not sign.isspace()))
    for font in chosen:
        if not missing:
            break
        drawn = _code_points(font)
        missing = [sign for sign in missing if ord(sign) not in drawn]
    return missing


def fonts_at_hand() -> list[Path]:
    """Return the font files of the configured folders, in their order."""
    return [
        font for folder in settings.FONT_DIRS for pattern in FONT_FILES for font in sorted(Path(folder).rglob(pattern))
    ]


@lru_cache(maxsize=64)
def _code_points(font: Path) -> frozenset[int]:
    try:
        with font.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except TTLibError:  # a file that is no font draws nothing
        return frozenset()
