"""Applications that reached a state by the real steps; dull on purpose."""

import datetime as dt
from typing import Any

from applications.domain import (
    archiving,
    drafting,
    lookups,
    publicising,
    receiving,
    recommending,
    submitting,
)
from applications.domain.receiving import Found
from applications.domain.recommending import Opinion
from applications.enums import LookupState, System
from applications.models import Application, ArchiveItem, Lookup, Recommendation
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.models import CatalogueEntry
from portal.deadlines.ringing import ring_due
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.publicity.models import Notice
from portal.shared import clock
from review.domain import checking, checklist, deciding
from review.enums.checking import Proposal, Verdict
from tests.factories import accounts

NOW = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
POST = {
    "department": "研发部",
    "post": "研发工程师",
    "field": "电子信息",
    "professional_since": "2013-08",
    "is_civil_servant": False,
    "is_retired": False,
    "is_institution_staff": False,
    "is_sanctioned": False,
}
SUMMARY = {
    "character": "遵守宪法和法律，恪守职业道德。",
    "ability": "熟练掌握本专业理论和技术，能够解决复杂问题。",
    "achievement": "主持完成低功耗信号处理芯片的设计与量产。",
}
RESULT = {
    "heading": "achievement",
    "name": "低功耗信号处理芯片",
    "role": "lead",
    "finished_on": "2024-05-20",
    "summary": "功耗降低三成，已量产。",
}
OPINION = Opinion("该同志业绩突出，同意推荐。", "近三年考核均为优秀", truth=True)
DEFECTS = {"summary": "请在工作总结中补充业绩说明", "result": "请更换清晰的业绩证明材料"}
CONTACT = "人力资源部，电话010-00000000"


def employer(district: str = "110108", **fields: Any) -> Organisation:
    return accounts.organisation(OrganisationKind.EMPLOYER, district=district, **fields)


def clerk_of(organisation: Organisation) -> Actor:
    return _staff(organisation, Role.EMPLOYER_CLERK)


def head_of(organisation: Organisation) -> Actor:
    return _staff(organisation, Role.EMPLOYER_HEAD)


def agency_clerk_of(application: Application) -> Actor:
    agency = application.entry.agency
    assert agency is not None
    return _staff(agency, Role.AGENCY_CLERK)


def agency_lead_of(application: Application) -> Actor:
    agency = application.entry.agency
    assert agency is not None
    return _staff(agency, Role.AGENCY_LEAD)


def _staff(organisation: Organisation, role: Role) -> Actor:
    held = Membership.objects.filter(organisation=organisation, role=role).select_related("person").first()
    who = held.person if held else accounts.person()
    if held is None:
        Membership.objects.create(person=who, organisation=organisation, role=role, since=accounts.SINCE)
    return acting_for(who, organisation, frozenset({role}))


def applicant(of: Organisation | None = None, **fields: Any) -> Actor:
    """Return a person whom the registers know: a master of 2013, an engineer since 2019, insured by ``of``."""
    who = accounts.person(**fields)
    accounts.document(who)
    know(who, of or employer())
    return acting_personally(who)


def know(who: Person, of: Organisation | None, *, at: dt.datetime = NOW, **answers: Any) -> None:
    """Let the registers have answered about a person."""
    told = {**_answers(of), **answers}
    for system in System:
        lookup, _new = Lookup.objects.get_or_create(person=who, system=system, defaults={"asked_at": at, "next_at": at})
        if told[system] is not None and lookup.state == LookupState.WAITING:
            lookups.settle(lookup, told[system], at=at)


def _answers(of: Organisation | None) -> dict[str, Any]:
    unit = {"credit_code": of.credit_code, "name": of.name, "district": of.district} if of else None
    spells = [{"employer": unit, "since": "2013-08-01", "until": None}] if unit else []
    return {
        "education": {
            "schooling": [
                {
                    "level": "master",
                    "degree": "master",
                    "school": "燕京理工大学",
                    "major": "电子信息工程",
                    "study_mode": "full_time",
                    "enrolled_on": "2010-09-01",
                    "graduated_on": "2013-07-01",
                    "certificate_number": "900041201302000123",
                    "degree_number": None,
                }
            ]
        },
        "insurance": {
            "insured_as": "employee" if unit else "flexible",
            "months_paid": 156,
            "months_in_a_row": 156,
            "employer": unit,
            "work_unit": None,
            "spells": spells,
        },
        "titles": {
            "titles": [
                {
                    "certificate_number": "JX2019014238",
                    "series": "工程技术",
                    "specialty": "电子信息",
                    "title": "工程师",
                    "level": "intermediate",
                    "passed_on": "2019-10-18",
                    "authority": "北京市人力资源和社会保障局",
                    "district_limited": False,
                    "standing": "valid",
                }
            ],
            "unanswered": [],
        },
        "credit": {"records": []},
    }


def draft(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Application:
    """Return a draft in which nothing is filled in."""
    return drafting.open_draft(entry, by=by or applicant(), at=at)


def filled(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Application:
    """Return a draft that can be submitted."""
    who = by or applicant()
    application = draft(entry, who, at=at)
    fill(application, who, at=at)
    return application


def fill(application: Application, who: Actor, *, at: dt.datetime = NOW) -> None:
    """Fill in what a draft needs."""
    employer_name = lookups.insured_employer(application.applicant)
    unit = employer_name.name if employer_name else "示例单位"
    for kind, values in ((SheetKind.POST, {**POST, "work_unit": unit}), (SheetKind.SUMMARY, SUMMARY)):
        versions = application.sheets.get(kind=kind).versions
        drafting.save_sheet(application, kind, values, based_on=versions, by=who, at=at)
    work = {"unit": unit, "post": "工程师", "duty": "芯片设计", "since": "2013-08", "is_professional": True}
    archiving.add_item(ItemKind.WORK, work, by=who, at=at)
    archiving.add_item(ItemKind.ASSESSMENT, {"year": 2025, "result": "excellent"}, by=who, at=at)
    result, _saved = archiving.add_item(ItemKind.RESULT, RESULT, by=who, at=at)
    prove(result, who, at=at)
    drafting.show_work(application, result, by=who, at=at)


def prove(item: ArchiveItem, who: Actor, *, at: dt.datetime = NOW) -> None:
    """Attach a small file as evidence."""
    assert who.person is not None
    content = b"%PDF-1.4 " + item.code.encode()
    file = keep(content, name="证明.pdf", purpose=archiving.EVIDENCE, kind=Kind.PDF, owner=who.person, at=at, by=who)
    archiving.prove(item, file.code, by=who, at=at)


def submitted(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Application:
    who = by or applicant()
    return submitting.submit(filled(entry, who, at=at), commitment=True, by=who, at=at)


def received(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Recommendation:
    """Return a recommendation in which the employer checks."""
    application = submitted(entry, by, at=at)
    return receiving.receive(application.recommendation, by=clerk_of(application.employer), at=at)


def checked(recommendation: Recommendation, *, at: dt.datetime = NOW) -> Recommendation:
    """Find every part of the present snapshot right."""
    parts = receiving.present_snapshot(recommendation).content["parts"]
    found = {part: Found(is_right=True) for part in parts}
    return receiving.check(recommendation, found, by=clerk_of(recommendation.organisation), at=at)


def publicised(
    entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW
) -> tuple[Recommendation, Notice]:
    """Return a recommendation on a running notice, and the notice."""
    recommendation = checked(received(entry, by, at=at), at=at)
    clerk = clerk_of(recommendation.organisation)
    notice = publicising.publicise([recommendation], contact=CONTACT, by=clerk, at=at)
    return Recommendation.objects.get(pk=recommendation.pk), notice


def recommended(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Application:
    """Return an application that was recommended two weeks after ``at``."""
    recommendation, _notice = publicised(entry, by, at=at)
    later = at + dt.timedelta(days=14)
    ring_due(at=later)
    done = recommending.recommend(recommendation, OPINION, by=head_of(recommendation.organisation), at=later)
    return Application.objects.get(pk=done.application_id)


def returned(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = NOW) -> Application:
    """Return an application that the agency returned three weeks after ``at``."""
    application = recommended(entry, by, at=at)
    clerk, lead, later = agency_clerk_of(application), agency_lead_of(application), at + dt.timedelta(days=21)
    review = checking.take(application.review, by=clerk, at=later)
    items = checklist.items_of(review.snapshot, review.committee)
    fine = {item.key: checking.Found(Verdict.FINE) for item in items}
    defects = {
        item.key: checking.Found(Verdict.DEFECT, DEFECTS[item.part.section], item.basis)
        for item in items
        if item.part is not None and item.part.section in DEFECTS
    }
    checking.find(review, {**fine, **defects}, by=clerk, at=later)
    deciding.return_once(checking.propose(review, Proposal.RETURN, by=clerk, at=later), by=lead, at=later)
    return Application.objects.get(pk=application.pk)


def corrected(application: Application, *, at: dt.datetime) -> Recommendation:
    """Rename the representative work of a returned application and submit again; the employer has it to check anew."""
    who, item = acting_personally(application.applicant), application.works.get().item
    archiving.save_item(item, {"name": "更名后的成果"}, based_on=item.versions, by=who, at=at)
    submitting.resubmit(application, commitment=True, by=who, at=at)
    return Recommendation.objects.get(application=application)
