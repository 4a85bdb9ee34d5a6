"""People of the demonstration who are on their way when it begins: one application in each state that two days allow.

For demonstrations and tests only; the people do not exist. The sandbox of the registers knows them too.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from applications.domain import archiving, drafting, lookups, publicising, receiving, submitting
from applications.domain.receiving import Found
from applications.enums import System
from applications.models import Application, ArchiveItem, Lookup, Recommendation
from applications.sections import ItemKind, SheetKind
from portal.accounts import invented
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.models import IdentityDocument, Person, VerificationSource
from portal.accounts.queries import actor_of
from portal.catalogue.models import CatalogueEntry
from portal.documents import pdf
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.shared import clock

UNIT = {"credit_code": "91110108MX68523279", "name": "北京云衡电子有限公司", "district": "110108"}
BEGAN = dt.datetime(2026, 7, 7, 9, 0, tzinfo=clock.BEIJING)
NEXT = dt.datetime(2026, 7, 8, 9, 0, tzinfo=clock.BEIJING)
CONTACT = "人力资源部，电话010-00000000"


@dataclass(frozen=True)
class Figure:
    """One invented engineer: how far the application is, and what it shows."""

    username: str
    name: str
    born_on: dt.date
    serial: int
    sex: Sex
    result: str
    goes_to: str


FIGURES = [
    Figure("demo-draft", "高文静", dt.date(1989, 2, 11), 902, Sex.FEMALE, "工业网关时钟同步方案", "draft"),
    Figure("demo-submitted", "马志强", dt.date(1985, 6, 23), 903, Sex.MALE, "宽温域电源管理模块", "submitted"),
    Figure("demo-checking", "何雨桐", dt.date(1988, 9, 5), 904, Sex.FEMALE, "低噪声模数转换前端", "checking"),
    Figure("demo-publicising", "罗建国", dt.date(1983, 4, 17), 905, Sex.MALE, "多通道数据采集系统", "publicising"),
    Figure("demo-sent-back", "宋佳宁", dt.date(1990, 11, 30), 906, Sex.FEMALE, "边缘计算节点量产测试平台", "sent_back"),
    Figure("demo-refused", "唐立新", dt.date(1987, 1, 8), 907, Sex.MALE, "射频收发组件可靠性改进", "refused"),
]


def load(*, at: dt.datetime) -> None:
    """Bring each figure as far as its state says, by the real steps; a second run changes nothing."""
    if not settings.DEMO_CLOCK or Person.objects.filter(username=FIGURES[0].username).exists():
        return
    entry = (
        CatalogueEntry.objects.public()
        .with_all()
        .get(
            edition__code="BJ-2026-demo",
            specialty__name="电子信息",
            specialty__series__code="05",
            level__key="associate",
        )
    )
    clerk, head = staff("employer-clerk"), staff("employer-head")
    for figure in FIGURES:
        _bring(figure, entry, clerk, head)


def begun(figure: Figure, entry: CatalogueEntry, *, at: dt.datetime) -> Application:
    """Return a filled draft of the figure, who enters the house with it."""
    who = acting_personally(_person(figure, at))
    application = drafting.open_draft(entry, by=who, at=at)
    _fill(application, figure, who, at)
    return application


def checked(recommendation: Recommendation, clerk: Actor, *, at: dt.datetime) -> None:
    """Have the employer find everything right."""
    parts = receiving.present_snapshot(recommendation).content["parts"]
    receiving.check(recommendation, {part: Found(is_right=True) for part in parts}, by=clerk, at=at)


def _bring(figure: Figure, entry: CatalogueEntry, clerk: Actor, head: Actor) -> None:
    application = begun(figure, entry, at=BEGAN)
    if figure.goes_to == "draft":
        return
    submitting.submit(application, commitment=True, by=acting_personally(application.applicant), at=BEGAN)
    if figure.goes_to == "submitted":
        return
    recommendation = receiving.receive(Recommendation.objects.get(application=application), by=clerk, at=BEGAN)
    if figure.goes_to == "sent_back":
        reason = "工作经历与参保记录起始时间不一致，请核对后重新提交。"
        receiving.send_back(recommendation, reason=reason, by=clerk, at=NEXT)
    elif figure.goes_to == "refused":
        reason = "所列主要成果由其他同事主持完成，与本人作用不符。"
        receiving.refuse(recommendation, ground="untrue", reason=reason, by=head, at=NEXT)
    elif figure.goes_to == "publicising":
        checked(recommendation, clerk, at=BEGAN)
        publicising.publicise([recommendation], contact=CONTACT, by=clerk, at=BEGAN)


def _fill(application: Application, figure: Figure, who: Actor, at: dt.datetime) -> None:
    since = f"{figure.born_on.year + 25}-08"
    post = {
        "work_unit": UNIT["name"],
        "department": "研发中心",
        "post": "高级研发工程师",
        "field": "电子信息",
        "professional_since": since,
        "is_civil_servant": False,
        "is_retired": False,
        "is_institution_staff": False,
        "is_sanctioned": False,
    }
    summary = {
        "character": "遵守宪法和法律，恪守职业道德，近三年无违规违纪行为。",
        "ability": "熟练掌握电子信息专业理论，能够独立解决复杂技术问题，指导青年技术人员。",
        "achievement": f"主持完成{figure.result}的方案设计、验证和量产，成果已在多个项目中应用。",
    }
    for kind, values in ((SheetKind.POST, post), (SheetKind.SUMMARY, summary)):
        versions = application.sheets.get(kind=kind).versions
        drafting.save_sheet(application, kind, values, based_on=versions, by=who, at=at)
    for section, content in _items(figure, since):
        archiving.add_item(section, content, by=who, at=at)
    result = ArchiveItem.objects.get(person=application.applicant, kind=ItemKind.RESULT)
    _prove(result, who, at)
    guide = getattr(application.entry.committee, "guide", None)
    criterion = guide.criteria.filter(heading="achievement").first() if guide else None
    drafting.show_work(application, result, criterion=criterion, by=who, at=at)


def _items(figure: Figure, since: str) -> list[tuple[ItemKind, dict[str, Any]]]:
    work = {"unit": UNIT["name"], "post": "研发工程师", "duty": "电子系统设计", "since": since, "is_professional": True}
    result = {
        "heading": "achievement",
        "name": figure.result,
        "role": "lead",
        "ranking": "1/4",
        "finished_on": "2024-10-15",
        "summary": f"主持{figure.result}的总体设计，解决关键指标难题，已批量应用。",
        "evidence_page": "第2页",
    }
    training = {"year": 2025, "subject": "新一代信息技术前沿", "hours": 72, "organiser": "行业协会"}
    return [
        (ItemKind.WORK, work),
        (ItemKind.RESULT, result),
        (ItemKind.TRAINING, training),
        *((ItemKind.ASSESSMENT, {"year": year, "result": "excellent"}) for year in (2023, 2024, 2025)),
    ]


def _prove(item: ArchiveItem, who: Actor, at: dt.datetime) -> None:
    assert who.person is not None  # noqa: S101 - a figure is a person
    content = pdf.render("documents/applications/demo_proof.html", {"item": item}, at=at)
    name = "业绩证明（演示）.pdf"
    file = keep(content, name=name, purpose=archiving.EVIDENCE, kind=Kind.PDF, owner=who.person, at=at, by=who)
    archiving.prove(item, file.code, by=who, at=at)


def _person(figure: Figure, at: dt.datetime) -> Person:
    person = Person.objects.create_user(
        figure.username,
        full_name=figure.name,
        born_on=figure.born_on,
        sex=figure.sex,
        phone=invented.mobile_number(figure.serial),
    )
    IdentityDocument.objects.create(
        person=person,
        kind=DocumentKind.RESIDENT_ID,
        number=invented.resident_number(figure.born_on, figure.serial),
        verified_at=at,
        source=VerificationSource.IDENTITY_REGISTER,
    )
    lookups.ask(person, at=at)
    for lookup in Lookup.objects.filter(person=person):
        lookups.settle(lookup, _answer(System(lookup.system), figure), at=at)
    return person


def _answer(system: System, figure: Figure) -> dict[str, Any]:
    graduated = dt.date(figure.born_on.year + 25, 7, 1)
    schooling = {
        "level": "master",
        "degree": "master",
        "school": "燕京理工大学",
        "major": "电子信息工程",
        "study_mode": "full_time",
        "enrolled_on": graduated.replace(year=graduated.year - 3).isoformat(),
        "graduated_on": graduated.isoformat(),
        "certificate_number": f"90004{graduated:%Y}02{figure.serial:06d}",
        "degree_number": None,
    }
    months = (BEGAN.year - graduated.year) * 12
    title = {
        "certificate_number": f"JX{graduated.year + 5}0{figure.serial}",
        "series": "工程技术",
        "specialty": "电子信息",
        "title": "工程师",
        "level": "intermediate",
        "passed_on": f"{graduated.year + 5}-10-18",
        "authority": "北京市人力资源和社会保障局",
        "district_limited": False,
        "standing": "valid",
    }
    answers: dict[System, dict[str, Any]] = {
        System.EDUCATION: {"schooling": [schooling]},
        System.INSURANCE: {
            "insured_as": "employee",
            "months_paid": months,
            "months_in_a_row": months,
            "employer": UNIT,
            "work_unit": None,
            "spells": [{"employer": UNIT, "since": f"{graduated.year}-08-01", "until": None}],
        },
        System.TITLES: {"titles": [title], "unanswered": []},
        System.CREDIT: {"records": []},
    }
    return answers[system]


def staff(username: str) -> Actor:
    """Return one of the demonstration's accounts in its only role."""
    person = Person.objects.get(username=username)
    membership = person.memberships.select_related("organisation").get()
    return actor_of(person, membership.organisation.code, on=clock.day_of(BEGAN))
