"""Lists and counts of defences by desk."""

import datetime as dt

from django.db.models import Count, F, Q, QuerySet

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import AGENCY_STAFF
from portal.catalogue.models import Committee
from portal.documents.models import StoredFile
from portal.shared import clock
from review.enums.defending import DefenceState, OpinionState, RequestState
from review.models import ChangeRequest, Defence, DefenceRound, PanelOpinion, Slot

CAUSE = "defence_cause"


def rounds_of(actor: Actor) -> QuerySet[DefenceRound]:
    """Return the rounds of the actor's agency, the latest first."""
    counted = {
        "heard": Count("panels__slots__defences", filter=Q(panels__slots__defences__state=DefenceState.COMPLETED)),
        "placed": Count("panels__slots__defences", filter=~Q(panels__slots__defences__state=DefenceState.CLOSED)),
    }
    rows = DefenceRound.objects.of_agency(actor).select_related("committee__edition")
    return rows.annotate(**counted).order_by("-first_day", "-pk")


def committees_of(actor: Actor) -> QuerySet[Committee]:
    """Return the committees of the actor's agency, those of the latest year first."""
    if actor.organisation is None or not AGENCY_STAFF & actor.roles:
        return Committee.objects.none()
    own = Committee.objects.filter(agency=actor.organisation).select_related("edition")
    return own.order_by("-edition__year", "name", "pk")


def unplaced(actor: Actor) -> QuerySet[Application]:
    """Return who paid, has to be heard and has no slot yet, before the actor's agency."""
    rows = Application.objects.of_agency(actor)
    return rows.filter(state=ApplicationState.PAID, entry__level__needs_defence=True)


def slots_of(round_: DefenceRound) -> QuerySet[Slot]:
    """Return the slots of a round in their order, each with its people counted as ``occupied``."""
    occupied = Count("defences", filter=~Q(defences__state=DefenceState.CLOSED))
    rows = Slot.objects.filter(panel__round=round_).select_related("panel__round__committee", "room")
    return rows.annotate(occupied=occupied).order_by("starts_at", "pk")


def defences_of(round_: DefenceRound) -> QuerySet[Defence]:
    """Return the defences of a round in the order of their slots."""
    rows = Defence.objects.with_all().filter(slot__panel__round=round_).exclude(state=DefenceState.CLOSED)
    return rows.order_by("slot__starts_at", "pk")


def free_slots_for(defence: Defence, *, at: dt.datetime) -> QuerySet[Slot]:
    """Return the coming slots before the same committee that have room, for one person to be moved by hand."""
    occupied = Count("defences", filter=~Q(defences__state=DefenceState.CLOSED))
    rows = Slot.objects.filter(panel__round__committee=defence.application.entry.committee, starts_at__gt=at)
    with_room = rows.annotate(occupied=occupied).filter(occupied__lt=F("capacity"))
    return with_room.select_related("panel__round", "room").order_by("starts_at", "pk")


def waiting_requests(actor: Actor) -> QuerySet[ChangeRequest]:
    """Return the requests that wait for the agency's answer, oldest first."""
    mine = Defence.objects.of_agency(actor).values("pk")
    return ChangeRequest.objects.filter(state=RequestState.ASKED, defence__in=mine).order_by("asked_at", "pk")


def to_be_rearranged(actor: Actor) -> QuerySet[Defence]:
    """Return whose change of date was agreed and who have no new slot yet."""
    return Defence.objects.of_agency(actor).filter(state=DefenceState.RESCHEDULED)


def panel_list(actor: Actor, *, at: dt.datetime) -> QuerySet[Defence]:
    """Return what the expert hears today and later, and what is past and not handed in, in the order of the slots.

    Ordered by blind number within a slot: any other order would follow the applications.
    """
    handed_in = PanelOpinion.objects.filter(expert=actor.person, state=OpinionState.HANDED_IN).values("defence")
    rows = Defence.objects.of_expert(actor).filter(
        Q(slot__starts_at__gte=clock.start_of(clock.day_of(at))) | ~Q(pk__in=handed_in)
    )
    shown = rows.select_related("slot__panel__round", "slot__room", "application__entry__specialty__series")
    return shown.select_related("application__entry__level").order_by("slot__starts_at", "blind_number")


def opinions_waiting(actor: Actor) -> QuerySet[Defence]:
    """Return whom the expert hears and has not handed in an opinion about."""
    handed_in = PanelOpinion.objects.filter(expert=actor.person, state=OpinionState.HANDED_IN).values("defence")
    return Defence.objects.of_expert(actor).exclude(pk__in=handed_in).exclude(state=DefenceState.COMPLETED)


def reads_cause(actor: Actor, file: StoredFile) -> bool:
    """Hold for the agency that was asked with ``file`` as proof."""
    mine = Defence.objects.of_agency(actor).values("pk")
    return ChangeRequest.objects.filter(file=file, defence__in=mine).exists()


def reads_notice(actor: Actor, file: StoredFile) -> bool:
    """Hold for the agency that sent the notice ``file``."""
    return Defence.objects.of_agency(actor).filter(notice=file).exists()
