"""The person's own part: an account, the archive with its evidence, the form, mistakes, and the submission."""

import datetime as dt
from typing import Any

from applications.domain import archiving, drafting, submitting
from applications.models import Application, ArchiveItem
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import Organisation, Person
from portal.catalogue.models import CatalogueEntry, Criterion
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.shared.errors import Refusal
from portal.web.simulation import evidence, people
from portal.web.simulation.season import YEAR
from portal.web.simulation.stories import NEVER_SUBMITTED, Ending, Story, luck_of

WORKS = ("关键部件设计与验证", "检测平台建设", "工艺改进与量产", "标准编制与推广", "系统集成与应用", "数据治理与服务")
CHARACTER = "遵守宪法和法律，恪守职业道德，近三年无违规违纪行为。"
LATER = dt.timedelta(minutes=20)


class NotRefusedError(Exception):
    """Something went through that the rules forbid."""


def begin(story: Story, entry: CatalogueEntry, employer: Organisation, seed: int, *, at: dt.datetime) -> Application:
    """Enter the person and fill in a draft; what keeps some from submitting lies in it already."""
    person = people.applicant(story, entry, employer, seed, at=at)
    who = acting_personally(person)
    application = drafting.open_draft(entry, by=who, at=at)
    _fill_sheets(application, story, who, at)
    if story.ending is not Ending.FORGOTTEN:
        _fill_archive(application, story, seed, who, at)
    return application


def submit(application: Application, story: Story, *, at: dt.datetime) -> None:
    """Submit as the story goes: refused first, perhaps for good; taken back and submitted again; given up afterwards."""
    who = acting_personally(application.applicant)
    if story.ending is Ending.FORGOTTEN:
        return
    if story.forgets_the_promise or story.ending in NEVER_SUBMITTED:
        _is_refused(application, who, commitment=story.ending in NEVER_SUBMITTED, at=at)
    if story.ending in NEVER_SUBMITTED:
        return
    done = submitting.submit(application, commitment=True, by=who, at=at + LATER)
    if story.takes_back:
        draft = submitting.take_back(done, by=who, at=at + 2 * LATER)
        _mend_summary(draft, "补充近三年主持项目情况。", who, at + 2 * LATER)
        done = submitting.submit(draft, commitment=True, by=who, at=at + 3 * LATER)
    if story.ending is Ending.WITHDRAWN:
        submitting.withdraw(done, reason="个人工作安排有变化，本年度不再申报。", by=who, at=at + 4 * LATER)


def submit_again(application: Application, *, at: dt.datetime) -> None:
    """Put right what the employer sent back, and submit."""
    who = acting_personally(application.applicant)
    _mend_summary(application, "工作起始时间已与参保记录核对一致。", who, at)
    submitting.submit(application, commitment=True, by=who, at=at)


def correct(application: Application, *, at: dt.datetime) -> None:
    """Put right what the agency returned the file for, and submit once more."""
    who = acting_personally(application.applicant)
    _mend_summary(application, "已补充近三年主持项目的进度、本人分工和完成情况。", who, at)
    submitting.resubmit(application, commitment=True, by=who, at=at)


def _is_refused(application: Application, who: Actor, *, commitment: bool, at: dt.datetime) -> None:
    try:
        submitting.submit(application, commitment=commitment, by=who, at=at)
    except Refusal:
        return
    raise NotRefusedError(f"{application.code} was submitted, although it must not be.")


def _mend_summary(application: Application, words: str, who: Actor, at: dt.datetime) -> None:
    sheet = application.sheets.get(kind=SheetKind.SUMMARY)
    values = {"ability": f"{sheet.content['ability']}{words}"}  # nothing that was publicised
    drafting.save_sheet(application, SheetKind.SUMMARY, values, based_on=sheet.versions, by=who, at=at)


def _fill_sheets(application: Application, story: Story, who: Actor, at: dt.datetime) -> None:
    person = _person(who)
    graduated = people.graduation(_born(person), story, application.entry.level.key)
    post = {
        "department": "技术研发部",
        "post": "技术岗位",
        "field": application.entry.specialty.name,
        "professional_since": people.first_month(graduated),
        "is_civil_servant": story.ending is Ending.CIVIL_SERVANT,
        "is_retired": False,
        "is_institution_staff": False,
        "is_sanctioned": False,
    }
    if story.ending is Ending.UNINSURED:
        post["work_unit"] = "自由执业"
    summary = {
        "character": CHARACTER,
        "ability": f"熟练掌握{application.entry.specialty.name}专业理论，能够独立解决复杂技术问题，指导青年技术人员。",
        "achievement": "主持完成多个项目的方案设计、验证和推广应用。",
    }
    for kind, values in ((SheetKind.POST, post), (SheetKind.SUMMARY, summary)):
        versions = application.sheets.get(kind=kind).versions
        drafting.save_sheet(application, kind, values, based_on=versions, by=who, at=at)


def _fill_archive(application: Application, story: Story, seed: int, who: Actor, at: dt.datetime) -> None:
    person, dice = _person(who), luck_of(seed, story.number, "archive")
    work = f"{application.entry.specialty.name}{dice.choice(WORKS)}"
    graduated = people.graduation(_born(person), story, application.entry.level.key)
    unit = application.sheets.get(kind=SheetKind.POST).content["work_unit"]
    items: list[tuple[ItemKind, dict[str, Any]]] = [
        (
            ItemKind.WORK,
            {
                "unit": unit,
                "post": "技术岗位",
                "duty": application.entry.specialty.name,
                "since": people.first_month(graduated),
                "is_professional": True,
            },
        ),
        (
            ItemKind.TRAINING,
            {"year": YEAR - 1, "subject": "专业技术人员公需科目", "hours": 72, "organiser": "行业协会"},
        ),
        *((ItemKind.ASSESSMENT, {"year": year, "result": _assessed(story)}) for year in range(YEAR - 3, YEAR)),
    ]
    for kind, values in items:
        archiving.add_item(kind, values, by=who, at=at)
    result, _saved = archiving.add_item(ItemKind.RESULT, _result(work, dice.randrange(1, 5)), by=who, at=at)
    _prove(result, person, work, who, at)
    drafting.show_work(application, result, criterion=_criterion(application), by=who, at=at)


def _assessed(story: Story) -> str:
    return "excellent" if story.excellent else "competent"


def _result(name: str, place: int) -> dict[str, Any]:
    return {
        "heading": "achievement",
        "name": name,
        "role": "lead" if place == 1 else "main",
        "ranking": f"{place}/5",
        "finished_on": f"{YEAR - 1}-05-20",
        "summary": f"承担{name}的主要技术工作，成果已在生产中应用。",
        "evidence_page": "第1页",
    }


def _prove(item: ArchiveItem, person: Person, work: str, who: Actor, at: dt.datetime) -> None:
    content = evidence.paper(f"兹证明{person.full_name}同志承担{work}的主要技术工作，情况属实。")
    file = keep(content, name="业绩证明.pdf", purpose=archiving.EVIDENCE, kind=Kind.PDF, owner=person, at=at, by=who)
    archiving.prove(item, file.code, by=who, at=at)


def _criterion(application: Application) -> Criterion | None:
    guide = getattr(application.entry.committee, "guide", None)
    return guide.criteria.filter(heading="achievement").order_by("order").first() if guide is not None else None


def _person(who: Actor) -> Person:
    assert who.person is not None  # noqa: S101 - who applies is a person
    return who.person


def _born(person: Person) -> dt.date:
    assert person.born_on is not None  # noqa: S101 - entered with it
    return person.born_on
