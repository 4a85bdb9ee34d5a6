"""The order in which rows of a session are locked, and the number that live screens follow.

Applications come first, in the order of their keys, then the session, then its cases and seats: whoever takes a step
in a session goes through here, so that two steps wait for each other and never in a circle.
"""

from collections.abc import Iterable

from django.db.models import F

from applications.models import Application
from portal.workflow.carry_out import locked
from review.models import AgendaItem, CommitteeSession, SessionMember


def held(session: CommitteeSession) -> CommitteeSession:
    """Return the session, locked; must stand in a transaction."""
    return locked(session)


def held_with_applications(session: CommitteeSession, applications: Iterable[int]) -> CommitteeSession:
    """Return the session, locked after the applications with these keys."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(applications))
    list(rows.order_by("pk").values_list("pk", flat=True))
    return locked(session)


def held_item(item: AgendaItem) -> AgendaItem:
    """Return the case as it stands now, its application and its session locked before it."""
    held_with_applications(item.session, [item.application_id])
    return locked(item)


def held_member(member: SessionMember) -> SessionMember:
    """Return the seat as it stands now, its session locked before it."""
    locked(member.session)
    return locked(member)


def moved(session: CommitteeSession) -> None:
    """Let every screen of the session know that something visible changed; the session must be held."""
    CommitteeSession.objects.filter(pk=session.pk).update(revision=F("revision") + 1)
