"""Signs that no paper could show, found while they can still be changed: a form with empty boxes is worse than none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.gathering import Gathered
from applications.sections import SECTIONS, Section
from portal.documents import glyphs, pdf
from portal.shared.errors import Reason

# What every font of the house draws: plain Latin, the basic ideographs, the marks of Chinese writing, full-width forms.
SURELY_DRAWN = (
    range(0x20, 0x7F),
    range(0x2014, 0x2027),
    range(0x3000, 0x3003),
    range(0x3008, 0x3012),
    range(0x4E00, 0x9FA6),
    range(0xFF01, 0xFF5F),
)
BREAKS = frozenset("\n\t")


def reasons_against(gathered: Gathered) -> Iterator[Reason]:
    """Yield one reason for every field with signs that no font draws; what registers and identity say blocks nobody."""
    for section, where, content in _typed(gathered):
        for field in section.fields:
            signs = undrawable(str(content.get(field.name) or ""))
            if signs:
                known = {"section": section.name, "field": field.label, "signs": glyphs.in_words(signs)}
                text = _("「%(section)s」的「%(field)s」中有不能显示的字符：%(signs)s，请更换或者用文字说明。") % known
                yield Reason(text, basis="R-063", code="sign_undrawable", field=f"{where}.{field.name}")


def undrawable(text: str) -> list[str]:
    """Return the signs of ``text`` that a paper could not show; asks the fonts about unusual ones only."""
    unusual = "".join(dict.fromkeys(sign for sign in text if sign not in BREAKS and not _is_sure(sign)))
    return pdf.undrawable(unusual) if unusual else []


def _typed(gathered: Gathered) -> Iterable[tuple[Section, str, Mapping[str, Any]]]:
    for kind, content in gathered.sheets.items():
        yield SECTIONS[kind], kind, content
    for item in gathered.items:
        if item.is_editable:
            yield SECTIONS[item.kind], f"{item.kind}.{item.code}", item.content


def _is_sure(sign: str) -> bool:
    return any(ord(sign) in drawn for drawn in SURELY_DRAWN)
