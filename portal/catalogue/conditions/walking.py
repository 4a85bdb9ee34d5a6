"""Holding the ways to a level against what a person has; reads neither the database nor the clock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.catalogue.conditions.facts import Candidate, Education, HeldTitle, Skill
from portal.catalogue.conditions.routes import Conditions, Route, years_words
from portal.catalogue.conditions.spans import Seniority, day_words, length, seniority
from portal.catalogue.enums import (
    EDUCATION_RANK,
    LEVEL_RANK,
    SKILL_RANK,
    Audience,
    EducationLevel,
    LevelKey,
    SkillGrade,
    Verdict,
)


@dataclass(frozen=True)
class Finding:
    """How one thing that a way asks for stands; ``due_on`` is the day on which time brings it, None where it does not."""

    code: str
    verdict: Verdict
    text: str
    basis: str
    field: str
    due_on: dt.date | None = None

    @property
    def lacks_time_only(self) -> bool:
        """Whether nothing but time is lacking."""
        return self.verdict is Verdict.UNMET and self.due_on is not None


@dataclass(frozen=True)
class RouteReport:
    """How one way stands, thing by thing; ``words`` is the way as a sentence."""

    route: Route
    words: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Unmet where anything is, otherwise missing where a fact is, otherwise met."""
        verdicts = {finding.verdict for finding in self.findings}
        return next((found for found in (Verdict.UNMET, Verdict.MISSING) if found in verdicts), Verdict.MET)

    @property
    def due_on(self) -> dt.date | None:
        """The day on which the way opens by itself, None unless nothing but time is lacking."""
        lacking = [finding for finding in self.findings if finding.verdict is not Verdict.MET]
        days = [finding.due_on for finding in lacking if finding.lacks_time_only and finding.due_on]
        return max(days) if days and len(days) == len(lacking) else None

    @property
    def distance(self) -> tuple[int, int, int, int, dt.date]:
        """How far the way is from open, for choosing the one to explain: a further education is the longest way round."""
        education, unmet, missing = 0, 0, 0
        for finding in self.findings:
            if finding.code == "education" and finding.verdict is Verdict.UNMET and self.route.education:
                education = EDUCATION_RANK[self.route.education]
            unmet += finding.verdict is Verdict.UNMET and not finding.lacks_time_only
            missing += finding.verdict is Verdict.MISSING
        return NEAREST.index(self.verdict), education, unmet, missing, self.due_on or dt.date.min


NEAREST = (Verdict.MET, Verdict.MISSING, Verdict.UNMET)


@dataclass(frozen=True)
class Count:
    """A number of years that a way asks for: in which words, from which fact, and what to ask where a day is unknown."""

    code: str
    words: str
    years: int
    field: str
    question: str


@dataclass(frozen=True)
class Walker:
    """One person before the ways to one level, on the day of the check, with years counted to the cut-off day."""

    candidate: Candidate
    series: str
    conditions: Conditions
    day: dt.date
    cutoff: dt.date
    takes_skilled: bool = False

    def reports(self) -> tuple[RouteReport, ...]:
        """Return how every way stands that is for people like this one, in the order of the conditions."""
        return tuple(self.walk(route) for route in self.conditions.routes if self.concerns(route))

    def concerns(self, route: Route) -> bool:
        """Return whether the way is for people like this one (R-062, R-250)."""
        if route.audience == Audience.MOVER:
            return self.candidate.is_mover
        if route.audience == Audience.SKILLED:
            return self.takes_skilled and bool(self.candidate.skills)
        return True

    def walk(self, route: Route) -> RouteReport:
        """Return how one way stands."""
        findings = (
            self._education(route.education) if route.education else None,
            self._title(route, route.title) if route.title else None,
            self._skill(route, route.skill) if route.skill else None,
            self._work(route) if route.work_years else None,
        )
        return RouteReport(route, self.conditions.words_of(route), tuple(each for each in findings if each))

    def _education(self, least: EducationLevel) -> Finding:
        if self.candidate.education is None:
            text = _("请填写学历或者学位。")
            return Finding("education", Verdict.MISSING, text, "R-057, R-058", "education")
        known = {"least": least.label, "highest": highest_words(self._educations())}
        if self._qualifying(least):
            text = _("须具备%(least)s及以上学历或者学位，%(highest)s。") % known
            return Finding("education", Verdict.MET, text, "R-057, R-058", "education")
        text = _("须具备%(least)s及以上学历或者学位（具备其一即可），%(highest)s。") % known
        return Finding("education", Verdict.UNMET, text, "R-057, R-058", "education")

    def _educations(self) -> list[Education]:
        return [each for each in self.candidate.education or () if each.level and each.is_held_on(self.day)]

    def _qualifying(self, least: EducationLevel) -> list[Education]:
        return [each for each in self._educations() if each.reaches(least)]

    def _work(self, route: Route) -> Finding:
        if self.candidate.work is None:
            return Finding("work", Verdict.MISSING, _("请填写专业技术工作经历。"), "R-057", "work")
        graduated = [each.graduated_on for each in self._qualifying(route.education)] if route.education else []
        words = _("毕业后从事本专业技术工作") if route.education else _("从事本专业技术工作")
        count = Count("work", words, route.work_years, "work", _("请填写毕业时间。"))
        if graduated and not any(graduated):
            return asked(count)
        lasted = seniority(self.candidate.work, after=earliest(graduated), on=self.cutoff)
        return self._counted(route, count, lasted, is_complete=all(graduated))

    def _title(self, route: Route, level: LevelKey) -> Finding:
        if self.candidate.titles is None:
            text = _("请填写已取得的职称，没有的请确认没有。")
            return Finding("title", Verdict.MISSING, text, "A-26, R-068", "titles")
        name = self.conditions.title_of(level)
        known = {"by": route.heading, "title": name, "years": years_words(route.title_years)}
        held = [title for title in titles_in(self.candidate, self.series, self.day) if title.rank >= LEVEL_RANK[level]]
        if not held:
            text = _("%(by)s须先取得同一系列的%(title)s。")
            text = _("%(by)s须先取得同一系列的%(title)s，并满%(years)s。") if route.title_years else text
            return Finding("title", Verdict.UNMET, text % known, "A-26", "titles")
        if not route.title_years:
            return Finding("title", Verdict.MET, _("已取得%(title)s或者以上职称。") % known, "A-26", "titles")
        question = _("请填写取得%(title)s的时间。") % known
        count = Count("title_years", _("取得%(title)s后") % known, route.title_years, "titles", question)
        return self._since(route, count, [title.obtained_on for title in held])

    def _skill(self, route: Route, grade: SkillGrade) -> Finding:
        known = {"grade": grade.label}
        held = [skill for skill in self._skills() if skill.rank >= SKILL_RANK[grade]]
        if not held or not route.skill_years:
            text = _("按高技能人才申报，须具备%(grade)s及以上职业技能等级或者职业资格。") % known
            return Finding("skill", Verdict.MET if held else Verdict.UNMET, text, "R-250", "skills")
        question = _("请填写取得%(grade)s的时间。") % known
        words = _("取得%(grade)s后从事技术技能工作") % known
        count = Count("skill_years", words, route.skill_years, "skills", question)
        return self._since(route, count, [skill.obtained_on for skill in held])

    def _skills(self) -> list[Skill]:
        held = self.candidate.skills
        return [skill for skill in held if skill.obtained_on is None or skill.obtained_on <= self.day]

    def _since(self, route: Route, count: Count, days: Sequence[dt.date | None]) -> Finding:
        """Return how the years since the earliest of ``days`` stand."""
        first = earliest(days)
        if first is None:
            return asked(count)
        return self._counted(route, count, Seniority(first, self.cutoff), is_complete=all(days))

    def _counted(self, route: Route, count: Count, lasted: Seniority | None, *, is_complete: bool) -> Finding:
        """Return how the years stand; where a day that nobody stated may decide it, ask for that."""
        known = {
            "by": route.heading,
            "since": count.words,
            "years": years_words(count.years),
            "cutoff": day_words(self.cutoff),
            "lasted": length(lasted.months) if lasted else "",
            "lacking": lasted.lacking(count.years) if lasted else "",
        }
        if lasted is not None and lasted.reaches(count.years):
            text = _("%(by)s%(since)s须满%(years)s，计算至%(cutoff)s为%(lasted)s。") % known
            return Finding(count.code, Verdict.MET, text, "R-057, A-30", count.field, lasted.due(count.years))
        if not is_complete:
            return asked(count)
        if lasted is None:
            text = _("%(by)s%(since)s须满%(years)s，计算至%(cutoff)s没有可计算的年限。") % known
            return Finding(count.code, Verdict.UNMET, text, "R-057, A-30", count.field)
        text = _("%(by)s%(since)s须满%(years)s，计算至%(cutoff)s为%(lasted)s，还差%(lacking)s。") % known
        return Finding(count.code, Verdict.UNMET, text, "R-057, A-30", count.field, lasted.due(count.years))


def titles_in(candidate: Candidate, series: str, day: dt.date) -> list[HeldTitle]:
    """Return the titles that stand in the order of levels of ``series`` on ``day``.

    Left out are those of other series, those limited to a district (A-29), and those that were revoked or refused.
    """
    return [
        title
        for title in candidate.titles or ()
        if title.series == series
        and title.is_recognised is not False
        and not title.is_district_limited
        and (title.obtained_on is None or title.obtained_on <= day)
    ]


def highest_words(held: Sequence[Education]) -> str:
    """Return in words the highest education or degree of those given."""
    ranked = [level for level in EducationLevel if any(each.level is level for each in held)]
    return _("目前最高为%(highest)s") % {"highest": ranked[0].label} if ranked else _("目前没有可以认定的学历或者学位")


def asked(count: Count) -> Finding:
    """Return that a day must be told before the years can be counted."""
    return Finding(count.code, Verdict.MISSING, count.question, "R-057", count.field)


def earliest(days: Sequence[dt.date | None]) -> dt.date | None:
    """Return the earliest day that is known."""
    return min((day for day in days if day), default=None)
