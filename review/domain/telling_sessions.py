"""Posting the letters of a session, each in the transaction of its step, in the office's language; they name no applicant."""

import datetime as dt

from applications.domain.telling import last_day_words
from applications.models import Application
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, OrganisationKind
from portal.notifications.post import cancel, post
from portal.notifications.recipients import holders_at
from portal.shared import clock
from portal.shared.office import in_office_language
from review.domain.telling_defence import when_words
from review.letters import sitting as letters
from review.models import AgendaItem, CommitteeSession, ItemRecusal, SessionMember


@in_office_language
def tell_invited(member: SessionMember, answer_by: dt.datetime | None, at: dt.datetime) -> None:
    """An expert learns when and where, and is asked whether they come, and until when to say so."""
    session = member.session
    facts = {
        "title": session.title,
        "committee": session.committee.name,
        "starts_at": when_words(session.starts_at),
        "place": session.place,
        "answer_by": _end_words(answer_by),
    }
    post(letters.SessionInvited, to=member.person, about=session, at=at, facts=facts)


@in_office_language
def remind_invited(member: SessionMember, remaining: int, answer_by: dt.datetime, at: dt.datetime) -> None:
    """An expert who did not answer learns how many working days are left."""
    session = member.session
    facts = {
        "title": session.title,
        "starts_at": when_words(session.starts_at),
        "remaining": remaining,
        "answer_by": _end_words(answer_by),
    }
    post(letters.InvitationReminder, to=member.person, about=session, at=at, facts=facts)


def drop_reminders(session: CommitteeSession, at: dt.datetime) -> None:
    """Take back what reminded of invitations that need no answer any more."""
    cancel(letters.InvitationReminder, about=session, at=at)


@in_office_language
def tell_unanswered(member: SessionMember, at: dt.datetime) -> None:
    """An expert learns that the seat went to somebody else, for there was no answer in time."""
    session = member.session
    facts = {"title": session.title, "starts_at": when_words(session.starts_at)}
    post(letters.InvitationLapsed, to=member.person, about=member, at=at, facts=facts)


@in_office_language
def tell_case_voided(item: AgendaItem, at: dt.datetime) -> None:
    """The agency learns that the outcome of one case is void, and why; the case stands there by its number."""
    session = item.session
    facts = {"title": session.title, "number": item.order, "reason": item.reason}
    post(letters.CaseVoided, to=holders_at(session.committee.agency, AGENCY_STAFF), about=session, at=at, facts=facts)


@in_office_language
def tell_voted_again(application: Application, at: dt.datetime) -> None:
    """A person learns that other members will vote, and nothing of the vote that is void."""
    facts = {"title": application.title}
    post(letters.VotedAgain, to=application.applicant, about=application, at=at, facts=facts)


def _end_words(instant: dt.datetime | None) -> str:
    """Return the end of a day as its last day, and any other instant as itself."""
    if instant is None or instant == clock.start_of(clock.day_of(instant)):
        return last_day_words(instant)
    return when_words(instant)


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
def tell_convened(session: CommitteeSession, at: dt.datetime) -> None:
    """Those who come, and the commissioner, learn that the meeting takes place, and what they promised (E-11)."""
    people = [one.person for one in session.members.seated().select_related("person")]
    if session.commissioner is not None:
        people.append(session.commissioner)
    facts = {"title": session.title, "starts_at": when_words(session.starts_at), "place": session.place}
    post(letters.SessionConvened, to=people, about=session, at=at, facts=facts)


@in_office_language
def tell_left_agenda(item: AgendaItem, at: dt.datetime) -> None:
    """The agency learns that a case was put off or taken off, and why; the case stands there by its number."""
    session = item.session
    facts = {"title": session.title, "number": item.order, "state": item.get_state_display(), "reason": item.reason}
    staff = holders_at(session.committee.agency, AGENCY_STAFF)
    post(letters.CaseLeftAgenda, to=staff, about=session, at=at, facts=facts)


@in_office_language
def tell_signed(session: CommitteeSession, at: dt.datetime) -> None:
    """The agency learns that the results can be reported; nothing of them stands here."""
    staff = holders_at(session.committee.agency, AGENCY_STAFF)
    post(letters.SessionSigned, to=staff, about=session, at=at, facts={"title": session.title})


@in_office_language
def tell_seat_free(member: SessionMember, following: SessionMember | None, at: dt.datetime) -> None:
    """The agency learns that a member does not come, and whether the order had another one."""
    session = member.session
    facts = {"title": session.title, "name": member.person.full_name, "follows": following is not None}
    post(letters.SeatFellFree, to=holders_at(session.committee.agency, AGENCY_STAFF), about=session, at=at, facts=facts)


@in_office_language
def tell_keeps_out(recusal: ItemRecusal, at: dt.datetime) -> None:
    """The agency and the commissioner learn which member keeps out of a case, why, and who said so; the case by its number."""
    session = recusal.item.session
    facts = {
        "title": session.title,
        "number": recusal.item.order,
        "name": recusal.member.person.full_name,
        "relation": recusal.get_relation_display(),
        "source": recusal.get_source_display(),
    }
    told = [holders_at(session.committee.agency, AGENCY_STAFF), session.commissioner]
    post(letters.MemberKeepsOut, to=[one for one in told if one is not None], about=session, at=at, facts=facts)


@in_office_language
def tell_stop_asked(session: CommitteeSession, reason: str, at: dt.datetime) -> None:
    """The bureau learns that the commissioner asks to stop the meeting (A-47)."""
    facts = {"title": session.title, "reason": reason}
    for bureau in Organisation.objects.filter(kind=OrganisationKind.BUREAU):
        post(letters.StopAsked, to=holders_at(bureau, BUREAU_DECIDERS), about=session, at=at, facts=facts)


@in_office_language
def tell_stop_answered(session: CommitteeSession, at: dt.datetime) -> None:
    """The agency, the commissioner who asked and the chair learn what the bureau decided, and why (A-47)."""
    facts = {
        "title": session.title,
        "decision": session.get_stop_decision_display(),
        "reason": session.stop_answer,
    }
    chairs = [one.person for one in session.members.filter(is_chair=True).select_related("person")]
    told = [holders_at(session.committee.agency, AGENCY_STAFF), session.commissioner, *chairs]
    post(letters.StopAnswered, to=[one for one in told if one is not None], about=session, at=at, facts=facts)


@in_office_language
def tell_voided(session: CommitteeSession, at: dt.datetime) -> None:
    """The agency learns that its session was voided, and why."""
    facts = {"title": session.title, "reason": session.end_reason}
    post(
        letters.SessionVoided, to=holders_at(session.committee.agency, AGENCY_STAFF), about=session, at=at, facts=facts
    )
