"""Posting the letters of a session, each in the transaction of its step, in the office's language; they name no applicant."""

import datetime as dt

from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, OrganisationKind
from portal.notifications.post import post
from portal.notifications.recipients import holders_at
from portal.shared.office import in_office_language
from review.domain.telling_defence import when_words
from review.letters import sitting as letters
from review.models import CommitteeSession, SessionMember


@in_office_language
def tell_invited(member: SessionMember, at: dt.datetime) -> None:
    """An expert learns when and where, and is asked whether they come."""
    session = member.session
    facts = {
        "title": session.title,
        "committee": session.committee.name,
        "starts_at": when_words(session.starts_at),
        "place": session.place,
    }
    post(letters.SessionInvited, to=member.person, about=session, at=at, facts=facts)


@in_office_language
def tell_cancelled(session: CommitteeSession, at: dt.datetime) -> None:
    """Everybody who was asked, and the commissioner, learn that nobody meets."""
    asked = session.members.seated().exclude(invited_at=None).select_related("person")
    people = [one.person for one in asked]
    if session.commissioner is not None:
        people.append(session.commissioner)
    facts = {"title": session.title, "starts_at": when_words(session.starts_at), "reason": session.end_reason}
    if people:
        post(letters.SessionCancelled, to=people, about=session, at=at, facts=facts)


@in_office_language
def tell_commissioner(session: CommitteeSession, at: dt.datetime) -> None:
    """The commissioner learns of the draw and the meeting."""
    facts = {"title": session.title, "starts_at": when_words(session.starts_at), "place": session.place}
    if session.commissioner is not None:
        post(letters.SessionWatched, to=session.commissioner, about=session, at=at, facts=facts)


@in_office_language
def tell_seat_free(member: SessionMember, following: SessionMember | None, at: dt.datetime) -> None:
    """The agency learns that a member does not come, and whether the order had another one."""
    session = member.session
    facts = {"title": session.title, "name": member.person.full_name, "follows": following is not None}
    post(letters.SeatFellFree, to=holders_at(session.committee.agency, AGENCY_STAFF), about=session, at=at, facts=facts)


@in_office_language
def tell_stop_asked(session: CommitteeSession, reason: str, at: dt.datetime) -> None:
    """The bureau learns that the commissioner asks to stop the meeting (A-47)."""
    facts = {"title": session.title, "reason": reason}
    for bureau in Organisation.objects.filter(kind=OrganisationKind.BUREAU):
        post(letters.StopAsked, to=holders_at(bureau, BUREAU_DECIDERS), about=session, at=at, facts=facts)


@in_office_language
def tell_voided(session: CommitteeSession, at: dt.datetime) -> None:
    """The agency learns that its session was voided, and why."""
    facts = {"title": session.title, "reason": session.end_reason}
    post(
        letters.SessionVoided, to=holders_at(session.committee.agency, AGENCY_STAFF), about=session, at=at, facts=facts
    )
