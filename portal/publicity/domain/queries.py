"""What a reader, a publisher and a handler may see of notices and objections."""

import datetime as dt

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind
from portal.documents.models import StoredFile
from portal.publicity import rules
from portal.publicity.enums import OPEN_TO_READERS, RESULTS
from portal.publicity.models import Line, Notice, Objection, Proof
from portal.publicity.registry import owner_of
from portal.shared import clock

LONGEST_NUMBER = 6


def board(q: str = "", kind: str = "") -> QuerySet[Notice]:
    """Return the notices that everybody may read, those still open to objection first, newest first.

    ``q`` looks in the titles and the publishers' names; ``kind`` is a NoticeKind.
    """
    notices = Notice.objects.on_the_board().select_related("publisher").order_by("-state", "-posted_at")
    if q:
        notices = notices.filter(Q(title__contains=q) | Q(publisher__name__contains=q))
    return notices.filter(kind=kind) if kind else notices


def results_of(year: int) -> QuerySet[Notice]:
    """Return the notices of results that were posted in ``year``, Beijing time, and may be read now, the newest first."""
    first, after = clock.start_of(dt.date(year, 1, 1)), clock.start_of(dt.date(year + 1, 1, 1))
    notices = Notice.objects.on_the_board().filter(kind__in=RESULTS, posted_at__gte=first, posted_at__lt=after)
    return notices.select_related("publisher").order_by("-posted_at", "-pk")


def results_found(year: int, words: str) -> QuerySet[Line]:
    """Return whom the notices of results of ``year`` show, found by the beginning of a name or by a notice's number."""
    lines = Line.objects.filter(notice__in=results_of(year)).select_related("notice__publisher")
    found = Q(name__startswith=words) | Q(notice__code=words.upper())
    return lines.filter(found).order_by("-notice__posted_at", "notice", "number")


def opened_by_link(access_code: str) -> Notice | None:
    """Return the notice behind a link handed to those concerned, while it may be read."""
    return readable().filter(access_code=access_code).first()


def readable() -> QuerySet[Notice]:
    """Return the notices that whoever has their link may read."""
    return Notice.objects.filter(state__in=OPEN_TO_READERS).select_related("publisher")


def lines_shown(notice: Notice, words: str = "") -> QuerySet[Line]:
    """Return the lines of a notice, found by the beginning of a name, by number, or by unit."""
    lines = notice.lines.with_hold().order_by("number")
    if not words:
        return lines
    found = Q(name__startswith=words) | Q(content__unit__contains=words)
    if words.isdecimal() and len(words) <= LONGEST_NUMBER:
        found |= Q(number=int(words))
    return lines.filter(found)


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the notices of the actor's organisation, newest first, with how many objections are open."""
    open_ones = Objection.objects.awaiting().filter(line__notice=OuterRef("pk")).order_by().values("line__notice")
    open_objections = Coalesce(Subquery(open_ones.annotate(number=Count("pk")).values("number")), 0)
    mine = Notice.objects.of_publisher(actor) if rules.staff.test(actor) else Notice.objects.none()
    return mine.select_related("publisher").annotate(open_objections=open_objections).order_by("-created_at")


def may_read_proof(actor: Actor, file: StoredFile) -> bool:
    """Return whether the actor may read a proof of publicity: the publisher, the person it speaks of, whom its kind admits."""
    proof = Proof.objects.filter(file=file).select_related("notice", "line").first()
    if proof is None:
        return False
    is_about = actor.acts_personally and proof.line is not None and proof.line.person == actor.person
    is_publisher = rules.publishes.test(actor, proof.notice)
    return is_about or is_publisher or owner_of(proof.notice.kind).reads_proof(actor, proof.notice, proof.line)


def objections_of(actor: Actor) -> QuerySet[Objection]:
    """Return the objections that the actor's organisation answers, open ones first, oldest first."""
    staff = rules.staff.test(actor)
    mine = Objection.objects.handled_by(actor) if staff else Objection.objects.none()
    return mine.select_related("line__notice__publisher", "handler", "investigator").order_by(
        "closed_at", "received_at"
    )


def may_see_objector(actor: Actor, objection: Objection) -> bool:
    """Return whether the handler may know who objects: an employer only where the objector agreed (domain §9)."""
    if not rules.handles.test(actor, objection):
        return False
    is_employer = objection.handler.kind in {OrganisationKind.EMPLOYER, OrganisationKind.ASSOCIATION}
    return objection.may_be_named_to_employer or not is_employer
