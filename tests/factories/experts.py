"""Experts of a pool: many at once in the state wanted, or one by the real steps in ``tests/review``."""

import datetime as dt
import itertools

from applications.domain import lookups
from applications.enums import System
from applications.models import Lookup
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.roles import Role
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.models import Series
from portal.shared import clock
from portal.shared.codes import new_code
from review.domain import nominating
from review.enums.pooling import Origin, TermState
from review.models import Expert, ExpertTerm
from tests.factories import accounts, catalogue

_serial = itertools.count(1)
STARTS, ENDS = dt.date(2026, 1, 1), dt.date(2028, 12, 31)
NOMINATED = dt.datetime(2025, 11, 3, 10, 0, tzinfo=clock.BEIJING)
PROMISED = dt.datetime(2026, 1, 5, 10, 0, tzinfo=clock.BEIJING)


def series(code: str = "05") -> Series:
    return Series.objects.get(code=code)


def expert(of: Person | None = None, **fields: object) -> Expert:
    """Return what a person of title 正高级 in engineering brings."""
    number = next(_serial)
    defaults: dict[str, object] = {
        "employer_name": f"示例研究院{number}",
        "series": series(),
        "level": catalogue.level(LevelKey.FULL),
        "title": "正高级工程师",
        "field": "集成电路设计",
    }
    return Expert.objects.create(person=of or accounts.person(), **{**defaults, **fields})


def appointed(
    agency: Organisation,
    number: int = 1,
    *,
    of: Series | None = None,
    band: str = Band.SENIOR,
    starts_on: dt.date = STARTS,
    ends_on: dt.date = ENDS,
    born_on: dt.date = dt.date(1975, 6, 1),
    known: list[Person] | None = None,
) -> list[ExpertTerm]:
    """Return so many appointed experts of a pool who gave the promise; two steps for all of them at once.

    ``known`` are people who work for the agency as experts already.
    """
    scope = of or series()
    by = accounts.person()
    new = [] if known else [accounts.person(born_on=born_on) for _each in range(number)]
    people = known or new
    rows = [
        ExpertTerm(
            code=new_code(ExpertTerm.CODE_PREFIX),
            expert=expert(one, series=scope),
            agency=agency,
            series=scope,
            band=band,
            origin=Origin.AGENCY,
            nominated_at=NOMINATED,
            nominated_by=by,
            nominator=agency,
            consented_at=NOMINATED,
            forwarded_at=NOMINATED,
            opinion="同意推荐。",
        )
        for one in people
    ]
    ExpertTerm.objects.bulk_create(rows)
    made = ExpertTerm.objects.filter(pk__in=[row.pk for row in rows])
    made.update(state=TermState.VETTED)
    made.update(state=TermState.APPOINTED, number=1, starts_on=starts_on, ends_on=ends_on, promised_at=PROMISED)
    Membership.objects.bulk_create(
        Membership(person=one, organisation=agency, role=Role.EXPERT, since=starts_on, until=ends_on) for one in new
    )
    return list(made.with_all().order_by("pk"))


def acting(term: ExpertTerm) -> Actor:
    """Return the expert of a term acting as one at the agency."""
    return acting_for(term.expert.person, term.agency, frozenset({Role.EXPERT}))


def personally(term: ExpertTerm) -> Actor:
    return acting_personally(term.expert.person)


def facts(**fields: object) -> nominating.Facts:
    """Return what a nomination tells of a person of title 正高级 in engineering."""
    defaults: dict[str, object] = {
        "employer_name": "示例研究院",
        "series": series(),
        "level": catalogue.level(LevelKey.FULL),
        "title": "正高级工程师",
        "field": "集成电路设计",
    }
    return nominating.Facts(**{**defaults, **fields})  # type: ignore[arg-type]


def nominated(
    agency: Organisation, person: Person | None = None, *, by: Actor, at: dt.datetime, **fields: object
) -> ExpertTerm:
    scope = nominating.Scope(agency, series(), Band.SENIOR)
    who = person or accounts.person()
    return nominating.nominate(who, scope, facts(**fields), grounds="长期从事集成电路研发。", by=by, at=at)


def title_found(person: Person, *, at: dt.datetime, level: str = "senior_full", **fields: object) -> None:
    """Have the registers of titles answer with one certificate, whenever they were asked."""
    held = {"series": series().name, "level": level, "standing": "valid", "certificate_number": "京高20150001"}
    rest = {"specialty": "电子信息", "title": "正高级工程师", "passed_on": "2015-12-01", "authority": "北京市"}
    answer = {"titles": [{**held, **rest, "district_limited": False, **fields}], "unanswered": []}
    lookups.ask(person, at=at, systems=[System.TITLES])
    lookup = Lookup.objects.get(person=person, system=System.TITLES)
    lookups.settle(lookup, answer, at=at)


def vetted(agency: Organisation, *, clerk: Actor, bureau: Actor, at: dt.datetime) -> ExpertTerm:
    """Lead a person through nomination, consent, the agency's opinion and the bureau's vetting."""
    term = nominated(agency, by=clerk, at=at)
    nominating.consent(term, by=personally(term), at=at)
    title_found(term.expert.person, at=at)
    nominating.forward(term, opinion="业务水平高，同意推荐。", by=clerk, at=at)
    return nominating.vet(term, by=bureau, at=at)
