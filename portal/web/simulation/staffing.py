"""Who works for the season besides the applicants: agencies' staff, committees on file with their experts, the bureau."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest

from applications.domain import lookups
from applications.enums import System
from applications.models import Lookup
from portal.accounts import invented
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.models import IdentityDocument, Membership, Organisation, Person, VerificationSource
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.enums import Band, LevelKey, Method
from portal.catalogue.models import CatalogueEntry, Committee, Level
from portal.connectors import titles
from portal.shared import clock
from portal.web.simulation.names import name_of
from portal.web.simulation.season import EDITION, PREPARES, Block, Season, moment
from portal.web.simulation.stories import luck_of, tossed
from review.domain import appointing, filing_roll, filing_steps, nominating
from review.domain.filing import filing_of
from review.enums.filing import Duty
from review.models import CommitteeFiling, ExpertTerm

LEVELS = (LevelKey.ASSOCIATE, LevelKey.INTERMEDIATE, LevelKey.ASSISTANT)
ENGINEERING = "05"
OTHERS = ("11", "06", "09", "20")
SIZES = {Band.SENIOR: 11, Band.INTERMEDIATE: 11, Band.JUNIOR: 7}
SPARE = 4
# A season has at least so many committees, and more where each has so many sessions.
FEWEST, TURNS = 2, 3
SESSION_DAYS = 30
AREA_OF_STAFF = "119901"
SINCE = dt.date(2024, 1, 1)


@dataclass(frozen=True)
class Office:
    """Who acts for an agency."""

    clerk: Actor
    lead: Actor
    commissioner: Actor


@dataclass(frozen=True)
class Desk:
    """A committee of the season with the rows of the catalogue that lead to it, its office and its experts."""

    committee: Committee
    entries: tuple[CatalogueEntry, ...]
    office: Office
    experts: tuple[Actor, ...]


@dataclass
class Cast:
    """Everybody who works for the season; a few dozen, whatever the number of applicants."""

    season: Season
    committees: list[tuple[Committee, tuple[CatalogueEntry, ...]]]
    clerk: Actor
    lead: Actor
    desks: dict[int, Desk] = field(default_factory=dict)
    papers: int = 0

    def desk(self, block: Block) -> Desk:
        """Return the committee before which the block goes, made ready on first use."""
        committee, entries = self.committees[block.number % len(self.committees)]
        if committee.pk not in self.desks:
            self.desks[committee.pk] = self._made_ready(committee, entries)
        return self.desks[committee.pk]

    def turn(self, block: Block) -> int:
        """Return the how many-th block it is before its committee."""
        return block.number // len(self.committees)

    def _made_ready(self, committee: Committee, entries: tuple[CatalogueEntry, ...]) -> Desk:
        agency = committee.agency
        office = Office(
            clerk=staff_of(agency, Role.AGENCY_CLERK),
            lead=staff_of(agency, Role.AGENCY_LEAD),
            commissioner=staff_of(agency, Role.COMMISSIONER),
        )
        filing = filing_of(committee, moment(PREPARES, 12).date() + dt.timedelta(days=1))
        if filing is None:
            terms = [self._appointed(entries[0], office, number) for number in range(self._number_on_roll(committee))]
            self._file(committee, entries[0], terms, office)
        else:
            terms = [one.term for one in filing.members.select_related("term__expert__person").order_by("pk")]
        experts = tuple(acting_for(one.expert.person, agency, frozenset({Role.EXPERT})) for one in terms)
        return Desk(committee, entries, office, experts)

    def _number_on_roll(self, committee: Committee) -> int:
        """Return how many experts the committee needs: as many seats as it may have on one day, and some who cannot come."""
        each = -(-self.season.count // len(self.committees))
        return SIZES[Band(committee.band)] * (1 + -(-each // SESSION_DAYS)) + SPARE

    def _appointed(self, entry: CatalogueEntry, office: Office, number: int) -> ExpertTerm:
        assert entry.committee is not None  # noqa: S101 - what is reviewed has a committee
        series, level = entry.specialty.series, Level.objects.get(key=LevelKey.FULL)
        person = _expert(entry.committee, number)
        own, at = acting_personally(person), moment(PREPARES, 9)
        certificate = f"京高2015{entry.committee.pk:04d}{number:03d}"
        title = f"正高级{series.name}专业技术职务"[:30]
        scope = nominating.Scope(entry.committee.agency, series, entry.committee.band)
        facts = nominating.Facts(
            f"示例研究院{number + 1}所", series, level, title, entry.specialty.name, certificate_number=certificate
        )
        term = nominating.nominate(person, scope, facts, grounds="长期从事本专业研究和教学。", by=office.clerk, at=at)
        nominating.consent(term, by=own, at=at)
        found = {
            "certificate_number": certificate,
            "series": series.name,
            "specialty": entry.specialty.name,
            "title": title,
            "level": titles.Level.SENIOR_FULL.value,
            "passed_on": "2015-12-01",
            "authority": "北京市人力资源和社会保障局",
            "district_limited": False,
            "standing": "valid",
        }
        asked = Lookup.objects.get(person=person, system=System.TITLES)
        lookups.settle(asked, {"titles": [found], "unanswered": []}, at=at)
        nominating.forward(_fresh(term), opinion="材料齐全，建议入库。", by=office.clerk, at=at)
        nominating.vet(_fresh(term), by=self.clerk, at=at)
        ends = PREPARES.replace(year=PREPARES.year + 3) - dt.timedelta(days=1)
        appointing.appoint(_fresh(term), starts_on=PREPARES, ends_on=ends, by=office.lead, at=at)
        appointing.promise(_fresh(term), promised=True, by=own, at=at)
        return _fresh(term)

    def _file(self, committee: Committee, entry: CatalogueEntry, terms: list[ExpertTerm], office: Office) -> None:
        at = moment(PREPARES, 14)
        specialty = None if committee.is_by_series else entry.specialty
        size = SIZES[Band(committee.band)]
        told = filing_roll.Told(committee.name, committee.band, entry.specialty.series, specialty, size=size)
        filing = filing_roll.start(committee.agency, told, by=office.clerk, at=at)
        members = filing_roll.put(filing, terms, by=office.clerk, at=at)
        for place, member in enumerate(members):
            # Every session needs somebody of the roll who may chair it, whoever is drawn.
            if place == 0 or place % 4 == 0:
                filing_roll.give_duty(filing, member, Duty.DEPUTY if place else Duty.CHAIR, by=office.clerk, at=at)
        filing_steps.submit(filing, by=office.clerk, at=at)
        last = PREPARES.replace(year=PREPARES.year + 3) - dt.timedelta(days=1)
        number = f"京评备{PREPARES.year}{filing.pk:04d}"
        filing_steps.record(filing, number=number, valid_from=PREPARES, valid_to=last, by=self.lead, at=at)


def cast_for(season: Season) -> Cast:
    """Return who works for the season; committees come up in turn, those of engineering more often."""
    bureau = Organisation.objects.get(kind=OrganisationKind.BUREAU)
    return Cast(
        season=season,
        committees=list(islice(_committees(), max(FEWEST, season.count // TURNS))),
        clerk=staff_of(bureau, Role.BUREAU_CLERK),
        lead=staff_of(bureau, Role.BUREAU_LEAD),
    )


def staff_of(place: Organisation, role: Role) -> Actor:
    """Return the season's own person in a role of an organisation, entered on first use."""
    username = f"season-{role}-{place.pk}"
    person = Person.objects.filter(username=username).first()
    if person is None:
        dice = luck_of(0, place.pk, role)
        person = Person.objects.create_user(username, full_name=name_of(dice, is_man=tossed(dice)))
        Membership.objects.create(person=person, organisation=place, role=role, since=SINCE)
    return acting_for(person, place, frozenset({role}))


def _committees() -> Iterator[tuple[Committee, tuple[CatalogueEntry, ...]]]:
    rows = CatalogueEntry.objects.public().with_all().filter(edition__code=EDITION, method=Method.REVIEW)
    wanted = rows.filter(level__key__in=LEVELS, specialty__series__code__in=[ENGINEERING, *OTHERS])
    found: dict[Committee, list[CatalogueEntry]] = defaultdict(list)
    for entry in wanted.filter(specialty__requires_matching_major=False).order_by("pk"):
        assert entry.committee is not None  # noqa: S101 - what is reviewed has a committee
        if not (entry.committee.is_by_series and entry.committee.band != Band.JUNIOR and _is_engineering(entry)):
            found[entry.committee].append(entry)
    yield from _in_turn([(committee, rows) for committee, rows in found.items() if not _filed_later(committee)])


def _filed_later(committee: Committee) -> bool:
    """Whether a filing begins after the season does, as the demonstration's: one of the season's would lie over it (R-187)."""
    same = CommitteeFiling.objects.filter(agency=committee.agency_id, name=committee.name, band=committee.band)
    return same.filter(valid_from__gt=PREPARES).exists()


def _in_turn(
    found: list[tuple[Committee, list[CatalogueEntry]]],
) -> Iterator[tuple[Committee, tuple[CatalogueEntry, ...]]]:
    """Yield senior, intermediate and junior committees of engineering in turn, and now and then another series' one."""
    engineering = [one for one in found if _is_engineering(one[1][0])]
    by_band = [[one for one in engineering if one[0].band == band] for band in (Band.SENIOR, Band.INTERMEDIATE)]
    others = [one for one in found if not _is_engineering(one[1][0]) and one[0].band == Band.INTERMEDIATE]
    juniors = [one for one in engineering if one[0].band == Band.JUNIOR]
    columns: Iterable[tuple[tuple[Committee, list[CatalogueEntry]] | None, ...]] = zip_longest(
        *by_band, juniors[:4], others
    )
    for one in chain.from_iterable(columns):
        if one is not None:
            yield one[0], tuple(one[1])


def _is_engineering(entry: CatalogueEntry) -> bool:
    return bool(entry.specialty.series.code == ENGINEERING)


def _expert(committee: Committee, number: int) -> Person:
    dice = luck_of(0, committee.pk * 1000 + number, "expert")
    is_man = tossed(dice)
    born_on = dt.date(1963, 1, 1) + dt.timedelta(days=dice.randrange(6500))
    person = Person.objects.create_user(
        f"season-expert-{committee.pk}-{number}",
        full_name=name_of(dice, is_man=is_man),
        born_on=born_on,
        sex=Sex.MALE if is_man else Sex.FEMALE,
        phone=invented.mobile_number(9_000_000 + committee.pk * 200 + number),
    )
    IdentityDocument.objects.create(
        person=person,
        kind=DocumentKind.RESIDENT_ID,
        number=invented.resident_number(born_on, (committee.pk * 100 + number) % 998 + 1, AREA_OF_STAFF),
        verified_at=clock.start_of(SINCE),
        source=VerificationSource.IDENTITY_REGISTER,
    )
    return person


def _fresh(term: ExpertTerm) -> ExpertTerm:
    return ExpertTerm.objects.with_all().get(pk=term.pk)
