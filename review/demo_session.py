"""A committee of the demonstration: its experts, its filing, and two sessions, on paper today and on devices tomorrow.

Every step is the real one. Eleven are filed and eleven are drawn, so that whoever logs in as an expert has a seat.
"""

import datetime as dt

from applications.demo import staff
from applications.domain import lookups
from applications.enums import ApplicationState, System
from applications.models import Application, Lookup
from portal.accounts.actors import acting_for, acting_personally
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import CatalogueEntry, Committee, Level
from portal.connectors import titles
from portal.shared import clock
from review.domain import agenda, appointing, drawing, filing_roll, filing_steps, nominating, scoring, seating, sitting
from review.enums.filing import Duty
from review.enums.sitting import BallotMode
from review.models import AgendaItem, CommitteeFiling, CommitteeSession, ExpertTerm

EXPERTS = ("expert", *(f"expert-{number}" for number in range(2, 12)))
TERM = dt.date(2026, 6, 16), dt.date(2029, 6, 15)


def _on(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


NOMINATED, VETTED, SUBMITTED, FILED = _on(6, 16, 9), _on(6, 16, 14), _on(6, 17, 10), _on(6, 18, 10)
PLANNED, DRAWN, ACCEPTED, CONVENED = _on(6, 29, 10), _on(7, 7, 16), _on(7, 7, 17), _on(7, 7, 18)
ON_PAPER = sitting.Plan("2026年第一次评审会议", _on(7, 8, 14), "北京市朝阳区示例路1号三层会议室", BallotMode.PAPER)
ON_DEVICES = sitting.Plan(
    "2026年第二次评审会议", _on(7, 9, 14), "北京市朝阳区示例路1号三层会议室", BallotMode.ELECTRONIC
)


def load(entry: CatalogueEntry) -> list[ExpertTerm]:
    """Bring the committee of ``entry`` from the nomination of its experts to two convened sessions.

    People heard are on the first one's agenda, and the first expert has begun to score one of them. Returns the experts.
    """
    committee = entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    terms = [
        _appointed(Person.objects.get(username=username), entry, number) for number, username in enumerate(EXPERTS)
    ]
    file_committee(entry, terms)
    first = convened(committee, ON_PAPER)
    heard = Application.objects.filter(entry__committee=committee, state=ApplicationState.READY_FOR_COMMITTEE)
    for application in heard.with_all().order_by("pk"):
        agenda.put_on(first, application, by=staff("agency-clerk"), at=CONVENED)
    _begun_to_score(first)
    convened(committee, ON_DEVICES)
    return terms


def _appointed(person: Person, entry: CatalogueEntry, number: int) -> ExpertTerm:
    clerk, lead, own = staff("agency-clerk"), staff("agency-lead"), acting_personally(person)
    assert clerk.organisation is not None  # noqa: S101 - who works for the agency acts for it
    assert entry.committee is not None  # noqa: S101 - what is reviewed has a committee
    series = entry.specialty.series
    scope = nominating.Scope(clerk.organisation, series, entry.committee.band)
    level, certificate = Level.objects.get(key=LevelKey.FULL), f"京高2015{number:04d}"
    facts = nominating.Facts(
        f"示例研究院{number + 1}所", series, level, "正高级工程师", "集成电路", certificate_number=certificate
    )
    term = nominating.nominate(person, scope, facts, grounds="长期从事集成电路研发和教学。", by=clerk, at=NOMINATED)
    nominating.consent(term, by=own, at=NOMINATED)
    title = {
        "certificate_number": certificate,
        "series": series.name,
        "specialty": "集成电路",
        "title": "正高级工程师",
        "level": titles.Level.SENIOR_FULL.value,
        "passed_on": "2015-12-01",
        "authority": "北京市人力资源和社会保障局",
        "district_limited": False,
        "standing": "valid",
    }
    asked = Lookup.objects.get(person=person, system=System.TITLES)
    lookups.settle(asked, {"titles": [title], "unanswered": []}, at=NOMINATED)
    nominating.forward(_fresh(term), opinion="材料齐全，建议入库。", by=clerk, at=VETTED)
    nominating.vet(_fresh(term), by=staff("bureau-clerk"), at=VETTED)
    appointing.appoint(_fresh(term), starts_on=TERM[0], ends_on=TERM[1], by=lead, at=VETTED)
    appointing.promise(_fresh(term), promised=True, by=own, at=VETTED)
    return _fresh(term)


def _fresh(term: ExpertTerm) -> ExpertTerm:
    return ExpertTerm.objects.with_all().get(pk=term.pk)


def file_committee(entry: CatalogueEntry, terms: list[ExpertTerm]) -> CommitteeFiling:
    """File the committee of ``entry`` with these experts, the first as its chair, the second as the deputy."""
    clerk, committee = staff("agency-clerk"), entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    specialty = None if committee.is_by_series else entry.specialty
    told = filing_roll.Told(committee.name, committee.band, entry.specialty.series, specialty, size=len(terms))
    filing = filing_roll.start(committee.agency, told, by=clerk, at=SUBMITTED)
    for member, duty in zip(
        filing_roll.put(filing, terms, by=clerk, at=SUBMITTED), (Duty.CHAIR, Duty.DEPUTY), strict=False
    ):
        filing_roll.give_duty(filing, member, duty, by=clerk, at=SUBMITTED)
    filing_steps.submit(filing, by=clerk, at=SUBMITTED)
    first, last = clock.day_of(FILED), clock.day_of(FILED).replace(year=FILED.year + 3) - dt.timedelta(days=1)
    number = f"京评备2026{filing.pk:04d}"
    return filing_steps.record(
        filing, number=number, valid_from=first, valid_to=last, by=staff("bureau-lead"), at=FILED
    )


def convened(committee: Committee, plan: sitting.Plan) -> CommitteeSession:
    """Plan a session, draw and invite its members, who all accept, and convene it."""
    clerk, commissioner = staff("agency-clerk"), staff("commissioner")
    assert commissioner.person is not None  # noqa: S101 - a commissioner is a person
    session = sitting.plan(committee, plan, by=clerk, at=PLANNED)
    sitting.name_commissioner(session, commissioner.person, by=clerk, at=PLANNED)
    drawing.share(drawing.freeze(session, by=clerk, at=DRAWN), "20260707", by=commissioner, at=DRAWN)
    seating.invite_all(session, by=clerk, at=DRAWN)
    members = list(session.members.select_related("person", "session__committee__agency").order_by("place"))
    for member in members:
        own = acting_for(member.person, committee.agency, frozenset({Role.EXPERT}))
        seating.accept(member, promise=True, by=own, at=ACCEPTED)
    sitting.name_chair(session, next(one for one in members if one.duty == Duty.CHAIR), by=clerk, at=CONVENED)
    sitting.convene(session, by=clerk, at=CONVENED)
    present = CommitteeSession.objects.with_all().get(pk=session.pk)
    names = [Person.objects.get(username=username).pk for username in EXPERTS[1:4]]
    counting = [one for one in present.members.all() if one.person_id in names]
    sitting.name_scrutineers(present, counting, by=clerk, at=CONVENED)
    return present


def _begun_to_score(session: CommitteeSession) -> None:
    """Leave a sheet half filled in, as a member does who reads the files the evening before."""
    item = AgendaItem.objects.with_all().filter(session=session).order_by("order").first()
    if item is None:
        return
    guide = scoring.standard_of(item)
    assert guide is not None  # noqa: S101 - every committee of the demonstration published one
    first = guide.criteria.scored_by_people().order_by("order")[:3]
    points = {str(one.order): one.max_score - 2 for one in first}
    own = acting_for(Person.objects.get(username=EXPERTS[0]), session.committee.agency, frozenset({Role.EXPERT}))
    scoring.save(item, points, based_on=0, by=own, at=CONVENED)
