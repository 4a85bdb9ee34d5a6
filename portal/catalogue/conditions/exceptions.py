"""Ways beside the ordinary one: exceptional application, 3+1, targeted evaluation (R-230 to R-234, R-205, R-221)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from portal.catalogue.conditions.case import Case
from portal.catalogue.conditions.lines import Line
from portal.catalogue.conditions.routes import Conditions, Route
from portal.catalogue.enums import Channel, LevelKey, Verdict

# What a way asks for; and what an exceptional application may do without: all of that, and the level below.
ASKED = frozenset({"education", "work", "title", "title_years", "skill", "skill_years"})
EXCUSED = ASKED | {"level_order"}


def excused(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of an exceptional application: what it lacks is for the experts to outweigh (R-230)."""
    for line in lines:
        if line.verdict is Verdict.UNMET and line.code in EXCUSED:
            detail = _("按破格申报，须符合本系列破格条件。")
            yield replace(line, verdict=Verdict.WARNING, basis=f"{line.basis}, R-230", detail=line.detail or detail)
        else:
            yield line


def exceptional(case: Case, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield what speaks for and against an exceptional application itself (R-230 to R-234, A-28)."""
    if case.entry.specialty.exception_forbidden:
        text = _("法律法规规定本专业不接受破格申报。")
        yield case.line("exception_forbidden", Verdict.UNMET, text, "R-233", field="channel")
    if not case.entry.level.is_senior and not case.candidate.is_recommended_by_principal:
        text = _("两名同行专家推荐的破格申报只适用于高级职称。")
        yield case.line("exception_level", Verdict.UNMET, text, "R-232, A-28", field="channel")
    if not any(line.verdict is not Verdict.MET for line in lines if line.code in EXCUSED):
        text = _("已符合学历、资历条件，不需要破格申报。")
        yield case.line("exception_needless", Verdict.WARNING, text, "R-230", field="channel")


def direct(case: Case) -> Iterator[Line]:
    """Yield that 3+1 leads to a senior title without education, years or lower levels, and to a senior one only (R-205)."""
    if case.entry.level.is_senior:
        text = _("考核认定可以直接申报高级职称，不受学历、资历和逐级限制。")
        yield case.line("direct", Verdict.MET, text, "R-205", field="channel")
    else:
        text = _("考核认定只适用于高级职称。")
        yield case.line("direct", Verdict.UNMET, text, "R-205", field="channel")


def targeted(case: Case, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of targeted evaluation under its own rules; it leads to the senior-associate level only (A-29)."""
    if case.entry.level.key != LevelKey.ASSOCIATE:
        text = _("定向评价只评副高级职称。")
        yield case.line("targeted_level", Verdict.UNMET, text, "A-29", field="channel")
    for line in lines:
        yield replace(line, basis="R-221, R-222, A-30") if line.code in ASKED else line


def conditions_in_use(case: Case) -> Conditions | None:
    """Return what the channel asks for: policy's own years in targeted evaluation, otherwise the entry's conditions."""
    if case.candidate.channel != Channel.TARGETED:
        return case.conditions
    route = Route(
        work_years=case.policy.number("targeted.years_total"),
        title=LevelKey.INTERMEDIATE,
        title_years=case.policy.number("targeted.years_since_intermediate"),
    )
    if case.conditions is None:
        return Conditions(code="", routes=(route,))
    return replace(case.conditions, routes=(route,), may_be_first=False)
