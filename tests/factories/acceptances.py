"""Reported results that reached a state by the real steps, after the session of scenario S5 on Saturday 10 October 2026."""

import datetime as dt
from collections.abc import Sequence

from applications.models import Application
from portal.accounts.actors import Actor, acting_for
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.publicity.models import Notice
from review.domain import accepting, result_notices
from review.domain.acceptance_papers import PURPOSE
from review.models import AcceptedCase, CommitteeSession, ResultAcceptance
from tests.factories import accounts, sessions
from tests.factories.defences import on

REPORTED, TAKEN, DECIDED = on(10, 12), on(10, 13), on(10, 16, 9)
CONTACT = "市人力资源社会保障局，电话12333"


def bureau() -> Organisation:
    """Return the one bureau, made on first use."""
    found = Organisation.objects.filter(kind=OrganisationKind.BUREAU).first()
    return found or accounts.organisation(OrganisationKind.BUREAU)


def officer(role: Role = Role.BUREAU_CLERK, *, another: bool = False) -> Actor:
    """Return somebody of the bureau in ``role``, or ``another`` one."""
    place = bureau()
    held = Membership.objects.filter(organisation=place, role=role).select_related("person").first()
    if held is not None and not another:
        return acting_for(held.person, place, frozenset({role}))
    return accounts.actor(role, at=place)


def clerk() -> Actor:
    return officer()


def lead() -> Actor:
    return officer(Role.BUREAU_LEAD)


def voted(
    cases: Sequence[Application], agreeing: Sequence[int], *, present: int = 13, size: int = 15
) -> CommitteeSession:
    """Return a signed session of ``size`` in which so many of those present agreed to each case."""
    committee = cases[0].entry.committee
    session = sessions.opened(sessions.planned(committee, members=size + 2, size=size), cases, present=present)
    for item, agree in zip(sessions.items(session), agreeing, strict=True):
        sessions.decided(item, agree=agree, against=present - agree)
    return sessions.signed(session)


def paper(session: CommitteeSession, *, at: dt.datetime = REPORTED) -> StoredFile:
    agency = session.committee.agency
    return keep(b"%PDF-1.4 report", name="报告.pdf", purpose=PURPOSE, kind=Kind.PDF, owner=agency, at=at)


def reported(session: CommitteeSession, *, at: dt.datetime = REPORTED) -> ResultAcceptance:
    batch = accepting.report(session, paper=paper(session, at=at), by=sessions.clerk(session), at=at)
    return fresh(batch)


def taken(session: CommitteeSession, *, at: dt.datetime = TAKEN) -> ResultAcceptance:
    return accepting.take(reported(session), by=clerk(), at=at)


def accepted(session: CommitteeSession, *, at: dt.datetime = DECIDED) -> ResultAcceptance:
    return accepting.accept(taken(session), by=lead(), at=at)


def posted(batch: ResultAcceptance, *, at: dt.datetime = DECIDED) -> Notice:
    return result_notices.post(batch, contact=CONTACT, by=clerk(), at=at)


def fresh(batch: ResultAcceptance) -> ResultAcceptance:
    return ResultAcceptance.objects.with_all().get(pk=batch.pk)


def case_of(application: Application) -> AcceptedCase:
    return AcceptedCase.objects.with_all().filter(application=application).order_by("-pk")[:1].get()
