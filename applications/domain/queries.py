"""Lists and counts of applications by desk."""

import datetime as dt
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from applications.domain import reading
from applications.enums import AWAITING_EMPLOYER, EDITABLE, RecommendationState
from applications.models import Application, Recommendation, Snapshot, SnapshotFile
from applications.models.recommendation import RecommendationQuerySet
from applications.sections import SECTIONS, ItemKind
from applications.values import shown
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.catalogue.models import AnnualSchedule
from portal.catalogue.queries import last_safe_posting
from portal.documents.models import StoredFile
from portal.shared.phrases import joined
from portal.shared.prepared import Asked, Prepared

# Below this number a usual time would be one person's.
FEWEST_SAMPLES, LARGEST_SAMPLE = 20, 1000
MIDDLE_OF_A_SAMPLE = """
WITH sample AS (
  SELECT recommended_at - first_submitted_at AS span FROM applications_application
  WHERE entry_id = %(entry)s AND return_count = 0 AND recommended_at IS NOT NULL AND first_submitted_at IS NOT NULL
  LIMIT %(largest)s
), ranked AS (
  SELECT span, row_number() OVER (ORDER BY span) AS place, count(*) OVER () AS size FROM sample
)
SELECT ceil(extract(epoch FROM span) / 86400) FROM ranked WHERE place = size / 2 + 1 AND size >= %(fewest)s
"""
BEFORE_PUBLICITY = (RecommendationState.PENDING, RecommendationState.CHECKING)


def own(actor: Actor) -> QuerySet[Application]:
    """Return the applications of the person who acts personally, newest first."""
    return Application.objects.of(actor).with_all().order_by("-year", "-pk")


def own_list(actor: Actor) -> list[Application]:
    """Return the same applications, by a statement that is written once."""
    return _own().all(person=actor.person.pk) if actor.person and actor.acts_personally else []


def own_one(actor: Actor, code: str) -> Application | None:
    """Return the one of these applications with the public code, None where the person has none such."""
    return _own_one().first(person=actor.person.pk, code=code) if actor.person and actor.acts_personally else None


@cache
def _own() -> Prepared[Application]:
    rows = Application.objects.filter(applicant=Asked("person"))
    return Prepared(rows.with_all().order_by("-year", "-pk"))


@cache
def _own_one() -> Prepared[Application]:
    return Prepared(Application.objects.filter(applicant=Asked("person"), code=Asked("code")).with_all())


def queue(
    actor: Actor, *, state: str = "", level: str = "", words: str = "", on_notice: str = ""
) -> RecommendationQuerySet:
    """Return what the actor's organisation recommends, what waits longest first.

    ``state`` is a RecommendationState, or ``open`` for everything that still waits for the organisation; ``level`` a
    LevelKey; ``words`` look in name and number; ``on_notice`` is the code of a notice.
    """
    rows = Recommendation.objects.at(actor).with_all()
    if state == "open":
        rows = rows.filter(state__in=AWAITING_EMPLOYER)
    elif state:
        rows = rows.filter(state=state)
    if level:
        rows = rows.filter(application__entry__level__key=level)
    if words:
        rows = rows.filter(Q(application__applicant__full_name__contains=words) | Q(application__code=words.upper()))
    if on_notice:
        rows = rows.filter(notice__code=on_notice)
    return rows.order_by("state_since", "pk")


def counts(actor: Actor) -> dict[str, int]:
    """Return how many of the organisation's recommendations stand in each state."""
    rows = Recommendation.objects.at(actor).values("state").annotate(number=Count("pk")).order_by()
    found = {row["state"]: row["number"] for row in rows}
    return {state.value: found.get(state.value, 0) for state in RecommendationState}


def first_posting_limit(actor: Actor) -> tuple[AnnualSchedule, dt.date, int] | None:
    """Return whose window ends first among what is still to be publicised: the schedule, the last safe day to post, how many."""
    mine = Q(
        entries__applications__recommendation__organisation=actor.organisation,
        entries__applications__recommendation__state__in=BEFORE_PUBLICITY,
    )
    schedules = AnnualSchedule.objects.filter(mine).annotate(people=Count("pk")).order_by("employer_closes_at", "pk")
    first: Any = schedules.first() if actor.organisation else None
    safe = last_safe_posting(first) if first else None
    return (first, safe, first.people) if safe else None


def found_wrong(recommendation: Recommendation) -> str:
    """Return what the employer found wrong, one part a line, to begin a reason with."""
    snapshot = recommendation.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    if snapshot is None:
        return ""
    wrong = dict(recommendation.checks.filter(snapshot=snapshot, is_right=False).values_list("part", "remark"))
    lines = [
        _("%(part)s：%(remark)s") % {"part": part.title, "remark": wrong[part.key]}
        for part in reading.parts_of(snapshot.content)
        if part.key in wrong
    ]
    return "\n".join(lines)


def assessments_in(snapshot: Snapshot) -> str:
    """Return the yearly results that the person filled in and the employer checked, newest first (R-076)."""
    section = SECTIONS[ItemKind.ASSESSMENT]
    items = [one["content"] for one in snapshot.content["items"] if one["kind"] == ItemKind.ASSESSMENT]
    told = [
        _("%(year)s年%(result)s")
        % {"year": one.get("year"), "result": shown(section.field("result"), one.get("result"))}
        for one in sorted(items, key=lambda one: -int(one.get("year") or 0))
    ]
    return joined(told)


def drafts_waiting(actor: Actor) -> QuerySet[Application]:
    """Return the person's applications that wait for the person."""
    return Application.objects.of(actor).filter(state__in=EDITABLE)


def people_in_files_of(actor: Actor) -> QuerySet[Person]:
    """Return the people whose files the actor's agency has: their numbers may be read in full, on a click (domain §9)."""
    if actor.organisation is None or not AGENCY_STAFF & actor.roles:
        return Person.objects.none()
    return Person.objects.filter(pk__in=Application.objects.of_agency(actor).values("applicant"))


def reads_file(actor: Actor, file: StoredFile) -> bool:
    """Hold for whoever may read a submitted application that shows ``file``: employer, agency, and the bureau (domain §9).

    The bureau supervises agencies: it reads what came to one, nothing of what the person or the employer still prepares.
    """
    if actor.organisation is None:
        return False
    shown = SnapshotFile.objects.filter(file=file, snapshot__discarded_at=None)
    if BUREAU_DECIDERS & actor.roles:
        return shown.filter(snapshot__application__recommended_at__isnull=False).exists()
    at_employer = shown.filter(snapshot__application__in=Application.objects.of_employer(actor))
    at_agency = shown.filter(snapshot__application__in=Application.objects.of_agency(actor))
    return at_employer.exists() or at_agency.exists()


def readable(actor: Actor) -> QuerySet[Application]:
    """Return the applications whose papers the actor may read: own ones, or those at their employer or agency (domain §9)."""
    if actor.acts_personally:
        return own(actor)
    employers, agencys = Application.objects.of_employer(actor), Application.objects.of_agency(actor)
    return Application.objects.filter(Q(pk__in=employers.values("pk")) | Q(pk__in=agencys.values("pk"))).with_all()


def reads_form(actor: Actor, file: StoredFile) -> bool:
    """Hold for employer and agency of the application whose version with effect ``file`` prints."""
    if actor.organisation is None:
        return False
    return Snapshot.objects.filter(form=file, discarded_at=None, application__in=readable(actor)).exists()


def usual_days(entry_id: int) -> int | None:
    """Return within how many days most of this year's applications of a row were recommended; None while too few were.

    Counts begun days from the submission to the employer's first recommendation, corrections left out.
    """
    with connection.cursor() as cursor:
        told = {"entry": entry_id, "fewest": FEWEST_SAMPLES, "largest": LARGEST_SAMPLE}
        cursor.execute(MIDDLE_OF_A_SAMPLE, told)
        found = cursor.fetchone()
    return int(found[0]) if found else None
