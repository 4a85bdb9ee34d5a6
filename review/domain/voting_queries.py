"""What waits for an expert's own hand while a meeting votes on devices."""

from django.db.models import F

from portal.accounts.actors import Actor
from review.enums.sitting import BallotMode, ItemState, MemberState
from review.enums.voting import KeyState
from review.models import AgendaItem


def cases_to_vote_on(actor: Actor) -> list[AgendaItem]:
    """Return the cases on whose roll the actor is, in the room, without having voted."""
    mine = AgendaItem.objects.shown_to_member(actor).filter(
        state=ItemState.VOTING,
        session__mode=BallotMode.ELECTRONIC,
        roll__member__person=actor.person,
        roll__member__state=MemberState.PRESENT,
        roll__ballot=None,
    )
    return list(mine.select_related("session").order_by("order"))


def cases_to_open(actor: Actor) -> list[AgendaItem]:
    """Return the closed cases to whose opening the actor, a scrutineer, has not contributed."""
    mine = AgendaItem.objects.shown_to_member(actor).filter(
        state=ItemState.COUNTED,
        session__mode=BallotMode.ELECTRONIC,
        session__joint_keys__state=KeyState.READY,
        session__joint_keys__seats__member__person=actor.person,
    )
    given = AgendaItem.objects.filter(
        opening_parts__seat=F("session__joint_keys__seats__seat"),
        session__joint_keys__state=KeyState.READY,
        session__joint_keys__seats__member__person=actor.person,
    )
    return list(mine.exclude(pk__in=given.values("pk")).select_related("session").order_by("order").distinct())
