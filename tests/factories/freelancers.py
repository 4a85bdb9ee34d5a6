"""Freelancers and the association that recommends them; dull on purpose."""

import datetime as dt
from typing import Any

from applications.domain import archiving, associating, drafting
from applications.enums import SealedPaper
from applications.models import Application
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import SYSTEM, Actor, acting_personally
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.domain import recognising
from portal.catalogue.domain.recognising import Recognised
from portal.catalogue.enums import Recogniser
from portal.catalogue.models import CatalogueEntry
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.shared import clock
from portal.workflow import carry_out
from tests.factories import accounts, applications, catalogue

RECOGNISED_ON = dt.date(2025, 3, 3)
WORK = {"work": "动画短片角色设计", "since": "2025-05", "in_beijing": True, "in_field": True}
SEALED = {
    "notice_since": "2026-07-09",
    "notice_until": "2026-07-16",
    "sealed_on": "2026-07-17",
    "opinion": "经审核公示无异议，同意推荐。",
}
SUBMITTED_AT = dt.datetime(2026, 7, 20, 10, 0, tzinfo=clock.BEIJING)


def entry(series: str = "12") -> CatalogueEntry:
    return catalogue.published_entry(specialty=catalogue.specialty(series))


def association(*, is_recognised: bool = True) -> Organisation:
    """Return an association, by default recognised since March 2025."""
    made = accounts.organisation(OrganisationKind.ASSOCIATION)
    if is_recognised:
        told = Recognised(made, Recogniser.CULTURE, "示例文件（2025）1号", RECOGNISED_ON)
        carry_out(recognising.propose(told, by=SYSTEM, at=applications.NOW), "approve", by=SYSTEM, at=applications.NOW)
    return made


def clerk_of(organisation: Organisation) -> Actor:
    return accounts.actor(Role.ASSOCIATION_CLERK, at=organisation)


def head_of(organisation: Organisation) -> Actor:
    return accounts.actor(Role.ASSOCIATION_HEAD, at=organisation)


def freelancer() -> Actor:
    """Return a person whom nobody insures."""
    who = accounts.person()
    accounts.document(who)
    applications.know(who, None)
    return acting_personally(who)


def filled(row: CatalogueEntry, who: Actor, by: Organisation, *, on_paper: bool = False, **work: Any) -> Application:
    """Return a draft that can be submitted through the association, but for its sealed papers."""
    application = applications.filled(row, who)
    works(who, **work)
    return associating.choose(application, by, on_paper=on_paper, by=who, at=applications.NOW)


def works(who: Actor, **work: Any) -> None:
    """Tell what the person does freely, with its proof."""
    item, _saved = archiving.add_item(ItemKind.FREELANCE, {**WORK, **work}, by=who, at=applications.NOW)
    applications.prove(item, who)


def seal(application: Application, who: Actor, *, at: dt.datetime = SUBMITTED_AT, **told: str) -> None:
    """Hand in the three scans, and what they say."""
    for paper in SealedPaper:
        scan(application, who, paper, at=at)
    sheet = application.sheets.get(kind=SheetKind.SEALED)
    drafting.save_sheet(application, SheetKind.SEALED, {**SEALED, **told}, based_on=sheet.versions, by=who, at=at)


def scan(application: Application, who: Actor, paper: SealedPaper, *, at: dt.datetime = SUBMITTED_AT) -> None:
    assert who.person is not None
    content = f"%PDF-1.4 {application.code} {paper} {at}".encode()
    file = keep(content, name="盖章.pdf", purpose=archiving.EVIDENCE, kind=Kind.PDF, owner=who.person, at=at, by=who)
    associating.attach(application, paper, file.code, by=who, at=at)
