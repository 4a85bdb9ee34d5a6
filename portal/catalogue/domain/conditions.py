"""Entering the conditions of levels in the revision in hand: what is published goes on holding until the next one."""

import datetime as dt
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, fields

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.conditions.reading import route_of
from portal.catalogue.conditions.routes import Route
from portal.catalogue.domain.rows import locked_for_preparation
from portal.catalogue.enums import LEVEL_RANK, Audience
from portal.catalogue.models import Condition, ConditionSet, Edition, Level, Series, Specialty, TitleName
from portal.catalogue.models.condition import MOST_YEARS
from portal.ledger.record import record
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal

Place = tuple[int, int, int | None]
NAMED = 50  # as many sets as a ledger entry names


@dataclass(frozen=True)
class Terms:
    """The conditions of one level of a series, or of one specialty in it, as they shall stand in the working revision."""

    series: Series
    level: Level
    routes: tuple[Route, ...]
    specialty: Specialty | None = None
    may_be_first: bool = False
    note: str = ""
    exceptional: str = ""
    source: str = ""
    is_illustrative: bool = False

    @property
    def place(self) -> Place:
        """What tells the set from all others of its edition."""
        return self.series.pk, self.level.pk, self.specialty.pk if self.specialty else None

    def __str__(self) -> str:
        """Name the place in words."""
        return f"{self.specialty or self.series} {self.level}"


def terms_of(conditions: ConditionSet) -> Terms:
    """Return a stored set as a plain value."""
    plain = {field.name: getattr(conditions, field.name) for field in fields(Terms) if field.name != "routes"}
    return Terms(**plain, routes=tuple(route_of(row) for row in conditions.routes.all()))


@transaction.atomic
def put(edition: Edition, wanted: Sequence[Terms], *, by: Actor, at: dt.datetime) -> int:
    """Write sets into the working revision, new or in the place of those that stand, and return how many differed.

    Raises Refusal unless the edition is being prepared, with every reason against every set.
    """
    row = locked_for_preparation(edition)
    levels = {(name.series_id, name.level_id) for name in TitleName.objects.all()}
    found = [reason for terms in wanted for reason in _reasons_against(terms, levels)]
    if found:
        raise Refusal(found)
    standing = {terms_of(each).place: each for each in row.condition_sets.working().with_all()}
    new = [terms for terms in wanted if terms.place not in standing or terms_of(standing[terms.place]) != terms]
    _end(row, [standing[terms.place] for terms in new if terms.place in standing])
    _begin(row, new)
    if new:
        named = [str(terms) for terms in new[:NAMED]]
        facts = {"count": len(new), "revision": row.working_revision, "sets": named}
        record(row, "change_conditions", by=by, at=at, basis="R-057", facts=facts)
    return len(new)


@transaction.atomic
def add(edition: Edition, terms: Terms, *, by: Actor, at: dt.datetime) -> None:
    """Write a set where none stands; raises Refusal as ``put`` does, and where one stands already."""
    row = locked_for_preparation(edition)
    series, level, specialty = terms.place
    if row.condition_sets.working().filter(series=series, level=level, specialty=specialty).exists():
        text = _("%(place)s已有申报条件，请在原有条件上修改。") % {"place": terms}
        raise Refusal([Reason(text, basis="R-057", code="conditions_stand_already")])
    put(row, [terms], by=by, at=at)


@transaction.atomic
def drop(conditions: ConditionSet, *, by: Actor, at: dt.datetime) -> None:
    """Take a set out of the working revision; raises Refusal unless its edition is being prepared."""
    row = locked_for_preparation(conditions.edition)
    _end(row, [conditions])
    facts = {"revision": row.working_revision, "sets": [str(conditions)]}
    record(row, "drop_conditions", by=by, at=at, basis="R-057", facts=facts)


def copy(old: Edition, new: Edition, *, by: Actor, at: dt.datetime) -> None:
    """Give ``new`` the conditions of another year's edition; numbers that were illustrative stay so."""
    held = old.condition_sets.at_revision(old.revision) if old.revision else old.condition_sets.working()
    put(new, [terms_of(each) for each in held.with_all().in_order()], by=by, at=at)


def _end(edition: Edition, held: Sequence[ConditionSet]) -> None:
    rows = ConditionSet.objects.filter(pk__in=[each.pk for each in held], edition=edition)
    rows.filter(since_revision=edition.working_revision).delete()
    rows.filter(since_revision__lt=edition.working_revision).update(until_revision=edition.working_revision)


def _begin(edition: Edition, wanted: Sequence[Terms]) -> None:
    sets = ConditionSet.objects.bulk_create(
        ConditionSet(
            edition=edition,
            code=new_code(ConditionSet.CODE_PREFIX),
            since_revision=edition.working_revision,
            **{field.name: getattr(terms, field.name) for field in fields(Terms) if field.name != "routes"},
        )
        for terms in wanted
    )
    Condition.objects.bulk_create(
        _row(stored, order, route)
        for stored, terms in zip(sets, wanted, strict=True)
        for order, route in enumerate(terms.routes, start=1)
    )


def _row(conditions: ConditionSet, order: int, route: Route) -> Condition:
    return Condition(
        conditions=conditions,
        order=order,
        audience=route.audience,
        education=route.education or "",
        work_years=route.work_years,
        title_level=route.title or "",
        title_years=route.title_years,
        skill=route.skill or "",
        skill_years=route.skill_years,
        text=route.text,
    )


# --- What is wrong with a set ---------------------------------------------------------------
def _reasons_against(terms: Terms, levels: Container[tuple[int, int]]) -> Iterator[Reason]:
    """Yield everything that is wrong with one set; ``levels`` are those that have titles, by series."""
    yield from _against_the_place(terms, levels)
    yield from _against_the_whole(terms)
    yield from _against_the_routes(terms)


def _against_the_place(terms: Terms, levels: Container[tuple[int, int]]) -> Iterator[Reason]:
    known = {"series": terms.series, "level": terms.level}
    if terms.specialty is not None and terms.specialty.series_id != terms.series.pk:
        text = _("所选专业不属于「%(series)s」系列。") % known
        yield Reason(text, basis="R-057", code="specialty_of_another_series", field="specialty")
    if (terms.series.pk, terms.level.pk) not in levels:
        text = _("「%(series)s」系列不设%(level)s。") % known
        yield Reason(text, basis="R-057", code="level_without_title", field="level")


def _against_the_whole(terms: Terms) -> Iterator[Reason]:
    if not terms.routes:
        yield Reason(_("须至少设一条申报途径。"), basis="R-057", code="routes_missing")
    if not terms.source and not terms.is_illustrative:
        text = _("请填写依据文件；没有文件依据的，请标明为演示数据。")
        yield Reason(text, basis="R-039", code="source_missing", field="source")
    by_education = any(route.audience == Audience.GENERAL and route.title is None for route in terms.routes)
    if terms.may_be_first and not by_education:
        text = _("可以凭学历首次申报的级别，须有一条不要求已取得职称的途径。")
        yield Reason(text, basis="A-26", code="no_route_by_education", field="may_be_first")
    if by_education and not terms.may_be_first:
        text = _("有途径不要求已取得职称，请标明该级别可以凭学历首次申报，或者补充所要求的职称。")
        yield Reason(text, basis="A-26", code="route_skips_levels", field="may_be_first")


def _against_the_routes(terms: Terms) -> Iterator[Reason]:
    for number, route in enumerate(terms.routes, start=1):
        for code, text in _faults(route, terms):
            words = _("第%(number)s条途径：%(text)s") % {"number": number, "text": text}
            yield Reason(words, basis="R-057", code=code)


def _faults(route: Route, terms: Terms) -> Iterator[tuple[str, str]]:
    if not (route.education or route.title or route.skill):
        yield "route_asks_nothing", _("须至少要求学历、职称、职业技能等级之一。")
    if route.title and LEVEL_RANK[route.title] >= terms.level.rank:
        yield "title_not_below", _("要求已取得的职称须低于申报的级别。")
    if route.title_years and not route.title:
        yield "years_without_title", _("填写取得职称后年限的，须选择职称级别。")
    if (route.audience == Audience.SKILLED) != bool(route.skill):
        yield "skill_and_audience", _("面向高技能人才的途径须选择职业技能等级，其他途径不选。")
    if route.skill_years and not route.skill:
        yield "years_without_skill", _("填写取得技能等级后年限的，须选择职业技能等级。")
    if max(route.work_years, route.title_years, route.skill_years) > MOST_YEARS:
        yield "too_many_years", _("年限不能超过%(most)s年。") % {"most": MOST_YEARS}
