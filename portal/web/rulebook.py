"""The rules and decisions as people read them, from ``rules.toml``: what a link such as R-112 leads to."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("rules.toml")

KINDS: dict[str, str | Promise] = {
    "H": _("硬性条件：不满足时系统不予办理"),
    "W": _("提醒：由人判断，不阻止办理"),
    "T": _("期限"),
    "P": _("职权：规定由谁办理"),
    "D": _("应当具备的信息、材料或者记录"),
    "N": _("告知与公开"),
    "F": _("平台应当提供的功能"),
    "X": _("政策原则"),
    "A": _("文件没有规定或者规定不一致时的处理口径"),
    "E": _("国家规定；条文依公开转载整理，使用前须与正式文本核对"),
}


@dataclass(frozen=True)
class Rule:
    """One rule (R-…) from the city's documents or (E-…) from national law, or one decision (A-…) where they are silent or disagree."""

    number: str
    kind: str
    name: str
    zh: str
    en: str
    source: str

    @property
    def text(self) -> str:
        """Return the sentence in the reader's language."""
        return self.en if get_language() == "en" else self.zh

    @property
    def heading(self) -> str:
        """Return the title of the rule's page; the short names exist in Chinese only."""
        return self.number if get_language() == "en" else self.name

    @property
    def kind_name(self) -> str | Promise:
        """Return what the rule means for the portal."""
        return KINDS[self.kind[0]]


@dataclass(frozen=True)
class Chapter:
    """Rules on one subject."""

    title: str
    title_en: str
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """Return the title in the reader's language."""
        return self.title_en if get_language() == "en" else self.title


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return every rule by chapter, in the order of the file."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Chapter(chapter["title"], chapter["title_en"], tuple(Rule(**row) for row in chapter["rules"]))
        for chapter in data["chapters"]
    )


@cache
def by_number() -> dict[str, tuple[Rule, Chapter]]:
    """Return every rule with its chapter under its number."""
    return {rule.number: (rule, chapter) for chapter in chapters() for rule in chapter.rules}
