"""Many files to clerks at once: shared out evenly, each given by itself, what cannot be given with its reasons."""

import datetime as dt
import heapq
import logging
import time
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import actor_of, people_holding
from portal.accounts.roles import AGENCY_STAFF
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from review.domain import checking
from review.enums.checking import OPEN
from review.enums.queueing import LONGEST_NOTE
from review.models import AgencyReview, Allotment, AllottedFile

logger = logging.getLogger(__name__)

# Up to so many files are given while the person who asked waits; the others are given in the background.
AT_ONCE = 20
MOST = 5_000


def clerks_of(agency: Organisation, at: dt.datetime) -> list[Person]:
    """Return who can check files of the agency on the day."""
    return list(people_holding(AGENCY_STAFF, agency, on=clock.day_of(at)).only("code", "full_name"))


def clerks_named(codes: Iterable[str], *, by: Actor, at: dt.datetime) -> list[Person]:
    """Return the clerks of the actor's agency with the codes, in their order; raises Refusal where one is none of them."""
    known = {one.code: one for one in clerks_of(by.organisation, at)} if by.organisation else {}
    named = list(dict.fromkeys(codes))
    if set(named) - known.keys():
        raise Refusal([_no_colleague()])
    return [known[code] for code in named]


def at_hand(agency: Organisation) -> dict[int, int]:
    """Return how many files that are not decided yet each clerk has, by the person's key."""
    rows = AgencyReview.objects.filter(agency=agency, state__in=sorted(OPEN), assignee__isnull=False)
    return {row["assignee"]: row["files"] for row in rows.values("assignee").annotate(files=Count("pk")).order_by()}


def ask(
    reviews: Sequence[AgencyReview], to: Sequence[Person], *, note: str = "", by: Actor, at: dt.datetime
) -> Allotment:
    """Note that the files shall be given to ``to``, shared out evenly; few are given at once.

    Of several clerks each gets as many of the files as the others, but for one; who has the fewest at hand begins.
    Raises Refusal for no file or too many, and for nobody or somebody who is none of the agency's.
    """
    agency = by.organisation
    assert agency is not None and by.person is not None  # noqa: S101, PT018 - the desk is for staff only
    _must_fit(reviews, to, agency, at)
    words = note.strip()[:LONGEST_NOTE]
    with transaction.atomic():
        allotment = Allotment.objects.create(agency=agency, person=by.person, asked_at=at, note=words)
        AllottedFile.objects.bulk_create(
            AllottedFile(allotment=allotment, review=review, to=clerk)
            for review, clerk in zip(reviews, shared_out(len(reviews), to, at_hand(agency)), strict=True)
        )
        facts = {"files": len(reviews), "to": sorted(clerk.code for clerk in to)}
        record(allotment, "ask", by=by, at=at, note=words, facts=facts, basis="R-090")
        if len(reviews) <= AT_ONCE:
            while allotment.finished_at is None and go_on(allotment):
                allotment.refresh_from_db()
    return allotment


def shared_out(count: int, to: Sequence[Person], have: dict[int, int]) -> list[Person]:
    """Return who gets the first, the second … of ``count`` files: in turns, beginning with whoever has the fewest."""
    turns = [(0, have.get(clerk.pk, 0), place) for place, clerk in enumerate(to)]
    heapq.heapify(turns)
    given = []
    for _each in range(count):
        new, old, place = turns[0]
        given.append(to[place])
        heapq.heapreplace(turns, (new + 1, old, place))
    return given


def work_off(*, seconds: float) -> int:
    """Go on with waiting bulk assignments for about ``seconds`` and return how many steps were made; any number may run."""
    made, ends = 0, time.monotonic() + seconds
    failed: set[int] = set()
    while time.monotonic() < ends:
        allotment = Allotment.objects.waiting().exclude(pk__in=failed).order_by("pk").first()
        if allotment is None:
            break
        if not go_on(allotment):
            failed.add(allotment.pk)
        made += 1
    return made


def go_on(allotment: Allotment) -> bool:
    """Give the next file in a transaction of its own, or finish; False where other workers are at what is left."""
    with transaction.atomic():
        waiting = allotment.files.filter(handled_at=None).order_by("pk")
        file = waiting.select_for_update(of=("self",), skip_locked=True).select_related("to").first()
        if file is None:
            return _finished(allotment)
        review = AgencyReview.objects.with_all().get(pk=file.review_id)
        try:
            with transaction.atomic():
                checking.assign(review, file.to, by=_who(allotment), at=allotment.asked_at, note=allotment.note)
        except Refusal as refusal:
            file.reasons = [reason.as_dict() for reason in refusal.reasons]
        except Exception:
            # One file's fault must not stop the others behind it; this one can be given from its own page.
            logger.exception("%s could not be assigned", review)
            file.reasons = [Reason(_("系统故障，没有分配，请在本件页面重新分配。"), code="fault").as_dict()]
        file.handled_at = allotment.asked_at
        file.save(update_fields=["handled_at", "reasons"])
    return True


def _finished(allotment: Allotment) -> bool:
    held = Allotment.objects.waiting().select_for_update(of=("self",), skip_locked=True).filter(pk=allotment.pk).first()
    if held is None or held.files.filter(handled_at=None).exists():
        return False
    held.finished_at = clock.now()
    held.save(update_fields=["finished_at", "updated_at"])
    return True


def _must_fit(reviews: Sequence[AgencyReview], to: Sequence[Person], agency: Organisation, at: dt.datetime) -> None:
    reasons = []
    if not 0 < len(reviews) <= MOST:
        text = _("请选择1至%(most)s件一并分配。") % {"most": MOST}
        reasons.append(Reason(text, "R-090", "how_many"))
    if not to:
        reasons.append(Reason(_("请选择审核人。"), "R-090", "nobody_chosen", "to"))
    elif {clerk.pk for clerk in to} - {clerk.pk for clerk in clerks_of(agency, at)}:
        reasons.append(_no_colleague())
    if reasons:
        raise Refusal(reasons)


def _no_colleague() -> Reason:
    return Reason(_("只能分配给本机构的在任人员。"), "R-090", "not_a_colleague", "to")


def _who(allotment: Allotment) -> Actor:
    """Return who asked, in the roles held when asking; whoever lost them since is refused by the rules."""
    return actor_of(allotment.person, allotment.agency.code, on=clock.day_of(allotment.asked_at))
