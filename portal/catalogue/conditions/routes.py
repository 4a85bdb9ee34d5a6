"""The ways on which education, years and the title before lead to a level; one that is open is enough (R-057)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.catalogue.enums import Audience, EducationLevel, LevelKey, SkillGrade


@dataclass(frozen=True)
class Route:
    """One way: what it asks for, all of it together. Years are whole calendar years to the cut-off day.

    ``work_years`` count from the education that the way asks for, ``title_years`` from the title, ``skill_years`` from
    the grade. Without an education, title or grade it asks for none.
    """

    education: EducationLevel | None = None
    work_years: int = 0
    title: LevelKey | None = None
    title_years: int = 0
    audience: Audience = Audience.GENERAL
    skill: SkillGrade | None = None
    skill_years: int = 0
    text: str = ""

    @property
    def heading(self) -> str:
        """Return under which heading a sentence counts the years: 按本科学历，."""
        if self.audience == Audience.SKILLED:
            return _("按高技能人才，")
        return _("按%(education)s学历，") % {"education": self.education.label} if self.education else ""


@dataclass(frozen=True)
class Words:
    """One way in the words of a printed table; what it does not ask for is an empty text."""

    audience: str
    education: str
    before: str
    work: str
    text: str


@dataclass(frozen=True)
class Conditions:
    """What a level of a series asks for in one year: its ways, and whether it may be a person's first title by education.

    ``titles`` names the titles of each level of the series, for sentences. ``is_illustrative`` says that the numbers
    come from no document available to us.
    """

    code: str
    routes: tuple[Route, ...]
    may_be_first: bool = False
    titles: Mapping[LevelKey, str] = field(default_factory=dict)
    source: str = ""
    note: str = ""
    exceptional: str = ""
    is_illustrative: bool = False

    def title_of(self, level: LevelKey) -> str:
        """Return what a title of ``level`` is called: 工程师, or 中级职称 where the catalogue names none."""
        return self.titles.get(level) or _("%(level)s职称") % {"level": LevelKey(level).label}

    @property
    def rows(self) -> tuple[Words, ...]:
        """The ways as the lines of a table."""
        return tuple(self.cells(route) for route in self.routes)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The ways as sentences."""
        return tuple(self.words_of(route) for route in self.routes)

    def cells(self, route: Route) -> Words:
        """Return one way as the line of a table."""
        least = {"least": route.education.label if route.education else ""}
        before = [_obtained(self.title_of(route.title), route.title_years)] if route.title else []
        before += [_obtained(str(route.skill.label), route.skill_years)] if route.skill else []
        years = {"years": years_words(route.work_years)}
        return Words(
            audience=str(route.audience.label) if route.audience != Audience.GENERAL else "",
            education=_("%(least)s及以上学历或者学位") % least if route.education else "",
            before=_("，").join(before),
            work=_("从事本专业技术工作满%(years)s") % years if route.work_years else "",
            text=route.text,
        )

    def words_of(self, route: Route) -> str:
        """Return one way as a sentence without its full stop: 本科及以上学历或者学位，取得工程师满5年."""
        cells = self.cells(route)
        return _("，").join(filter(None, (cells.audience, cells.education, cells.before, cells.work)))


def years_words(years: int) -> str:
    """Return a number of years in words."""
    return ngettext("%(n)s年", "%(n)s年", years) % {"n": years}


def _obtained(name: str, years: int) -> str:
    known = {"title": name, "years": years_words(years)}
    return (_("取得%(title)s满%(years)s") if years else _("取得%(title)s")) % known
