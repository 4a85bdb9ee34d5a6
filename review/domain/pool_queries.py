"""What the desks ask about pools: who is in one, how young and how busy it is, and how the duty was done."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.accounts.actors import Actor
from portal.catalogue.models import Series
from portal.catalogue.queries import policy_in_force
from portal.integrity.domain.terms import years_after
from portal.shared import clock
from review.enums.pooling import SERVING, Attendance, TermState
from review.models import DutyRecord, ExpertTerm, Sitting

WHOLE = 100


@dataclass(frozen=True)
class Wanted:
    """What the list of a pool is narrowed by; an empty text narrows nothing."""

    state: str = ""
    series: str = ""
    band: str = ""
    agency: str = ""
    words: str = ""
    only_non_public: bool = False
    ends_by: dt.date | None = None


def pool(actor: Actor, wanted: Wanted, at: dt.datetime) -> QuerySet[ExpertTerm]:
    """Return the terms that the actor's office sees, narrowed, each with ``session_count`` and ``hearing_count`` of this year."""
    rows = ExpertTerm.objects.at(actor).with_all()
    by_field = {
        "state": wanted.state,
        "series__code": wanted.series,
        "band": wanted.band,
        "agency__code": wanted.agency,
    }
    rows = rows.filter(**{field: value for field, value in by_field.items() if value})
    for word in wanted.words.split():
        expert = Q(expert__person__full_name__icontains=word) | Q(expert__employer_name__icontains=word)
        rows = rows.filter(expert | Q(expert__field__icontains=word) | Q(code=word.upper()))
    if wanted.only_non_public:
        rows = rows.filter(Q(expert__is_non_public=True) | Q(expert__is_new_research=True))
    if wanted.ends_by is not None:
        rows = rows.filter(state__in=sorted(SERVING), ends_on__lte=wanted.ends_by)
    return with_load(rows, clock.day_of(at).year).order_by("expert__person__sort_key", "pk")


def with_load(rows: QuerySet[ExpertTerm], year: int) -> QuerySet[ExpertTerm]:
    """Return ``rows`` with how many sessions and hearings each expert has in the year."""
    sessions = DutyRecord.objects.filter(term=OuterRef("pk"), held_on__year=year, attendance=Attendance.PRESENT)
    hearings = Sitting.objects.filter(
        expert=OuterRef("expert__person"),
        starts_at__year=year,
        slot__panel__round__committee__agency=OuterRef("agency"),
    )
    return rows.annotate(
        session_count=_number_of(sessions.values("term").annotate(n=Count("pk"))),
        hearing_count=_number_of(hearings.values("expert").annotate(n=Count("pk"))),
    )


def _number_of(counted: QuerySet) -> Coalesce:  # type: ignore[type-arg]
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Share:
    """How many of those who serve are young: ``percent`` of whose age is known, below the line or not (R-162)."""

    young: int
    known: int
    total: int
    age: int
    line: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down; 0 where nobody's age is known."""
        return self.young * WHOLE // self.known if self.known else 0

    @property
    def is_low(self) -> bool:
        """Whether the share lies below the line; a warning, never a refusal."""
        return self.known > 0 and self.young * WHOLE < self.line * self.known


def young_share(terms: QuerySet[ExpertTerm], at: dt.datetime) -> Share:
    """Return the share of the young among those who serve in ``terms``, each person counted once.

    Young is who has not had the birthday after the policy's age: 45 up to the day before the 46th.
    """
    day = clock.day_of(at)
    policy = policy_in_force(day)
    age = policy.number("expert.young_age")
    after = years_after(day, -(age + 1))  # who was born later is not past the age yet
    people = terms.filter(state__in=sorted(SERVING)).order_by()
    told = people.aggregate(
        total=Count("expert", distinct=True),
        known=Count("expert", distinct=True, filter=Q(expert__person__born_on__isnull=False)),
        young=Count("expert", distinct=True, filter=Q(expert__person__born_on__gt=after)),
    )
    return Share(**told, age=age, line=policy.number("expert.young_share_warn"))


def series_of(actor: Actor) -> list[Series]:
    """Return the series of the pools that the actor's office sees."""
    return list(Series.objects.filter(pk__in=ExpertTerm.objects.at(actor).order_by().values("series")).order_by("code"))


@dataclass(frozen=True)
class Duty:
    """How the duty of one term was done, in numbers; deviation of scores is shown, and sanctions nothing (R-164)."""

    sessions: int
    present: int
    absent: int
    missed_recusals: int
    complaints: int
    breaches: int


def duty_of(term: ExpertTerm) -> Duty:
    """Return the sums over the sessions of a term."""
    told = term.duties.aggregate(
        sessions=Count("pk"),
        present=Count("pk", filter=Q(attendance=Attendance.PRESENT)),
        absent=Count("pk", filter=Q(attendance=Attendance.ABSENT)),
        missed_recusals=Coalesce(Sum("missed_recusals"), 0),
        complaints=Coalesce(Sum("complaints"), 0),
        breaches=Count("pk", filter=Q(secrecy_breach=True)),
    )
    return Duty(**told)


def own_terms(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return the own terms of the person who acts, the latest first."""
    return ExpertTerm.objects.of(actor).with_all().order_by("-nominated_at", "-pk")


def to_consent(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return the nominations that wait for the person's word."""
    return ExpertTerm.objects.of(actor).filter(state=TermState.NOMINATED, consented_at=None)


def to_promise(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return the appointments for which the promise is not signed."""
    return ExpertTerm.objects.of(actor).filter(state=TermState.APPOINTED, promised_at=None)


def to_forward(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return who agreed and waits for the agency's opinion."""
    return ExpertTerm.objects.at(actor).filter(state=TermState.NOMINATED, consented_at__isnull=False, forwarded_at=None)


def to_vet(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return who waits for the bureau."""
    return ExpertTerm.objects.at(actor).filter(state=TermState.NOMINATED, forwarded_at__isnull=False)


def to_appoint(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return who was vetted and waits for the appointment."""
    return ExpertTerm.objects.at(actor).filter(state=TermState.VETTED)


def nominated_by(actor: Actor) -> QuerySet[ExpertTerm]:
    """Return whom the actor's office, or the person alone, named for a pool, the latest first."""
    rows = ExpertTerm.objects.with_all().order_by("-nominated_at", "-pk")
    if actor.organisation is not None:
        return rows.filter(nominator=actor.organisation)
    return rows.filter(nominated_by=actor.person, nominator=None)
