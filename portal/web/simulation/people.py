"""The applicants and their employers: numbers right by every algorithm, and what the registers know of each."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from applications.domain import lookups
from applications.enums import System
from applications.models import Lookup
from portal.accounts import invented
from portal.accounts.actors import Actor, acting_for
from portal.accounts.districts import District
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.models import IdentityDocument, Membership, Organisation, Person, VerificationSource
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import CatalogueEntry, TitleName
from portal.connectors import titles
from portal.web.simulation.names import name_of
from portal.web.simulation.season import AT_ONE_EMPLOYER, YEAR
from portal.web.simulation.staffing import SINCE
from portal.web.simulation.stories import Ending, Story, luck_of, tossed

SIGNS = 6  # of a number in a user name: enough for a million
# So many people share a day's serial numbers, a man's odd and a woman's even ones.
SERIALS = 499
# How long people of a level have been at work, and how wide their years of birth spread (days).
BORN_AGES_AGO = {LevelKey.ASSOCIATE: 48, LevelKey.INTERMEDIATE: 38, LevelKey.ASSISTANT: 31}
SPREAD = 2500
BEFORE = {
    LevelKey.ASSOCIATE: (LevelKey.INTERMEDIATE, titles.Level.INTERMEDIATE, 6),
    LevelKey.INTERMEDIATE: (LevelKey.ASSISTANT, titles.Level.ASSISTANT, 5),
}
TOO_FEW_YEARS = 1
COMPANIES = ("科技", "工程技术", "电子", "设计研究院", "智能装备", "信息", "建设", "检测")
PLACES = ("云衡", "京畿", "燕山", "通惠", "永定", "海淀湾", "长河", "望京", "丰远", "卢沟", "怀柔", "密云")
SCHOOLS = ("燕京理工大学", "华北工业大学", "海河大学", "北方农林大学", "长城财经大学")


def username(number: int) -> str:
    """Return the account of the applicant with this number."""
    return f"season-{number:0{SIGNS}d}"


@dataclass(frozen=True)
class Employer:
    """An employer with whoever acts for it."""

    place: Organisation
    clerk: Actor
    head: Actor


def employer_of(number: int, seed: int, district: str) -> Employer:
    """Return the employer of the applicant with this number, entered on first use."""
    serial = number // AT_ONE_EMPLOYER
    dice = luck_of(seed, serial, "employer")
    where = district or dice.choice([one.value for one in District if one.isdigit()])
    area = where if where.isdigit() else "110000"
    name = f"北京{dice.choice(PLACES)}{dice.choice(COMPANIES)}{serial + 1}号有限公司"
    code = invented.credit_code(200_000 + serial, "91", area)
    fields = {"name": name, "kind": OrganisationKind.EMPLOYER, "district": where}
    place, _is_new = Organisation.objects.get_or_create(credit_code=code, defaults=fields)
    return Employer(
        place, _staff(place, serial, Role.EMPLOYER_CLERK, dice), _staff(place, serial, Role.EMPLOYER_HEAD, dice)
    )


def applicant(story: Story, entry: CatalogueEntry, employer: Organisation, seed: int, *, at: dt.datetime) -> Person:
    """Enter a person with a verified document, and let the registers have answered about them."""
    dice = luck_of(seed, story.number, "person")
    is_man = tossed(dice)
    level = LevelKey(entry.level.key)
    born_on = _born_on(story.number, level)
    serial = 2 * (story.number % SERIALS) + (1 if is_man else 2)
    person = Person.objects.create_user(
        username(story.number),
        full_name=name_of(dice, is_man=is_man),
        born_on=born_on,
        sex=Sex.MALE if is_man else Sex.FEMALE,
        phone=invented.mobile_number(1_000_000 + story.number),
    )
    IdentityDocument.objects.create(
        person=person,
        kind=DocumentKind.RESIDENT_ID,
        number=invented.resident_number(born_on, serial),
        verified_at=at,
        source=VerificationSource.IDENTITY_REGISTER,
    )
    lookups.ask(person, at=at)
    known = Known(story, entry, employer, born_on, dice)
    for lookup in Lookup.objects.filter(person=person):
        lookups.settle(lookup, known.answer(System(lookup.system)), at=at)
    return person


def graduation(born_on: dt.date, story: Story, level: str) -> dt.date:
    """Return when somebody left the university: a bachelor at twenty-three, or this very year who applies too early."""
    if story.ending is Ending.TOO_EARLY and level not in BEFORE:
        return dt.date(YEAR, 1, 15)
    return dt.date(born_on.year + 23, 7, 1)


def first_month(graduated: dt.date) -> str:
    """Return the month, as 2010-08, in which somebody began to work."""
    return f"{graduated.year}-{graduated.month + 1:02d}"


@dataclass(frozen=True)
class Known:
    """What the registers know of one person."""

    story: Story
    entry: CatalogueEntry
    employer: Organisation
    born_on: dt.date
    dice: Random

    def answer(self, system: System) -> dict[str, Any]:
        """Return the answer of one register, as its connector would."""
        answers = {
            System.EDUCATION: self._education,
            System.INSURANCE: self._insurance,
            System.TITLES: self._titles,
            System.CREDIT: self._credit,
        }
        return answers[system]()

    def _education(self) -> dict[str, Any]:
        graduated = graduation(self.born_on, self.story, self.entry.level.key)
        schooling = {
            "level": "bachelor",
            "degree": "bachelor",
            "school": self.dice.choice(SCHOOLS),
            "major": self.entry.specialty.name,
            "study_mode": "full_time",
            "enrolled_on": graduated.replace(year=graduated.year - 4, month=9).isoformat(),
            "graduated_on": graduated.isoformat(),
            "certificate_number": f"91{graduated:%Y}05{self.story.number:08d}",
            "degree_number": None,
        }
        return {"schooling": [schooling]}

    def _insurance(self) -> dict[str, Any]:
        since = graduation(self.born_on, self.story, self.entry.level.key)
        months = (YEAR - since.year) * 12 + 7 - since.month
        unit = {
            "credit_code": self.employer.credit_code,
            "name": self.employer.name,
            "district": self.employer.district,
        }
        is_insured = self.story.ending is not Ending.UNINSURED
        return {
            "insured_as": "employee" if is_insured else "flexible",
            "months_paid": months,
            "months_in_a_row": months,
            "employer": unit if is_insured else None,
            "work_unit": None,
            "spells": [{"employer": unit, "since": f"{first_month(since)}-01", "until": None}] if is_insured else [],
        }

    def _titles(self) -> dict[str, Any]:
        level = LevelKey(self.entry.level.key)
        if level not in BEFORE:
            return {"titles": [], "unanswered": []}
        lower, registered, years = BEFORE[level]
        if self.story.ending is Ending.TOO_EARLY:
            years = TOO_FEW_YEARS
        series = self.entry.specialty.series
        name = TitleName.objects.filter(series=series, level__key=lower).order_by("order").first()
        title = {
            "certificate_number": f"JX{YEAR - years}{self.story.number:07d}",
            "series": series.name,
            "specialty": self.entry.specialty.name,
            "title": name.name if name else "",
            "level": registered.value,
            "passed_on": f"{YEAR - years}-10-18",
            "authority": "北京市人力资源和社会保障局",
            "district_limited": False,
            "standing": "valid",
        }
        return {"titles": [title], "unanswered": []}

    def _credit(self) -> dict[str, Any]:
        if self.story.ending is not Ending.DISHONEST:
            return {"records": []}
        record = {
            "record_number": f"SX{self.story.number:08d}",
            "behaviour": "提供虚假职称申报材料",
            "decision": "取消申报资格",
            "decided_by": "外省市人力资源社会保障部门",
            "decided_on": f"{YEAR - 1}-05-20",
            "record_until": f"{YEAR + 2}-05-20",
        }
        return {"records": [record]}


def _born_on(number: int, level: LevelKey) -> dt.date:
    """Return a day of birth that nobody of the same serial number has."""
    turn, serial = divmod(number, SERIALS)
    day = dt.date(YEAR - BORN_AGES_AGO[level], 1, 1)
    return day + dt.timedelta(days=(turn * 1009 + serial * 37) % SPREAD)


def _staff(place: Organisation, serial: int, role: Role, dice: Random) -> Actor:
    name = f"season-{role}-u{serial}"
    person = Person.objects.filter(username=name).first()
    if person is None:
        person = Person.objects.create_user(name, full_name=name_of(dice, is_man=tossed(dice)))
        Membership.objects.create(person=person, organisation=place, role=role, since=SINCE)
    return acting_for(person, place, frozenset({role}))
