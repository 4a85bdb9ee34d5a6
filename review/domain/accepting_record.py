"""Everything that the checks of a batch look at, read once from the record: a constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef

from applications.enums import LIVE
from applications.models import Application, Recommendation, Snapshot
from portal.catalogue.models import PolicyVersion
from portal.catalogue.queries import policy_of
from portal.integrity import queries as integrity
from portal.integrity.models import IntegrityRecord
from review.domain import quotas, recounting, relations
from review.enums.checking import ReviewState
from review.enums.defending import DefenceState, Relation
from review.enums.paying import SETTLED
from review.enums.sitting import DECIDED
from review.models import (
    AgencyReview,
    AgendaItem,
    CommitteeSession,
    Defence,
    ItemOpinion,
    ItemRecusal,
    ItemVoter,
    KeptSum,
    PanelOpinion,
    PaperCount,
    Payment,
    Recount,
    SessionMember,
)


@dataclass(frozen=True)
class Record:
    """One signed session as the checks see it at ``at``; keys of the mappings are those of applications or of cases."""

    session: CommitteeSession
    items: tuple[AgendaItem, ...]
    seats: tuple[SessionMember, ...]
    at: dt.datetime

    @cached_property
    def rolls(self) -> Mapping[int, set[int]]:
        """Who could vote, by case: keys of seats."""
        return self._by_item(ItemVoter)

    @cached_property
    def recused(self) -> Mapping[int, set[int]]:
        """Who kept out, by case: keys of seats."""
        return self._by_item(ItemRecusal)

    @cached_property
    def related(self) -> dict[int, dict[int, Relation]]:
        """Which experts of the session have a relation to an applicant, by application, searched anew."""
        people = [seat.person for seat in self.seats]
        return relations.found_between(self.applications, people, on=self.session.day)

    @cached_property
    def opinions(self) -> Mapping[int, int]:
        """How many written opinions lay before the members, by application: of panel and members who did not keep out."""
        found: dict[int, int] = defaultdict(int)
        kept_out = ItemRecusal.objects.filter(item__in=self.items)
        panel = (
            PanelOpinion.objects.counted()
            .filter(defence__application__in=self._keys)
            .exclude(
                Exists(
                    kept_out.filter(
                        item__application=OuterRef("defence__application"), member__person=OuterRef("expert")
                    )
                )
            )
        )
        for application, number in panel.values_list("defence__application").annotate(Count("pk")):
            found[application] += number
        members = ItemOpinion.objects.filter(item__in=self.items).exclude(
            Exists(kept_out.filter(item=OuterRef("item"), member=OuterRef("member")))
        )
        for application, number in members.values_list("item__application").annotate(Count("pk")):
            found[application] += number
        return found

    @cached_property
    def counted_on_paper(self) -> dict[int, PaperCount]:
        """The confirmed totals on paper, by case."""
        rows = PaperCount.objects.filter(item__in=self.items)
        return {one.item_id: one for one in rows}

    @cached_property
    def on_devices(self) -> tuple[AgendaItem, ...]:
        """The cases decided by encrypted ballots."""
        keys = set(self.session.items.decided_on_devices().values_list("pk", flat=True))
        return tuple(one for one in self.items if one.pk in keys)

    @cached_property
    def recounts(self) -> dict[int, Recount]:
        """By case, that its ballots were counted again: of the record as it is now, or as it was before they were deleted."""
        items = self.on_devices
        if not items:
            return {}
        digests = recounting.digests_of(recounting.read(self.session, items), items)
        gone = set(KeptSum.objects.filter(item__in=items).values_list("item", flat=True))
        rows = Recount.objects.filter(item__in=items).order_by("pk")
        return {one.item_id: one for one in rows if one.item_id in gone or one.digest == digests[one.item_id]}

    @cached_property
    def counted_before(self) -> frozenset[int]:
        """The cases whose ballots were counted again at any time, whatever the record was then."""
        return frozenset(Recount.objects.filter(item__in=self.on_devices).values_list("item", flat=True))

    @cached_property
    def beyond_quota(self) -> dict[int, str]:
        """Why a targeted pass finds no place in its quota, by case."""
        return quotas.against(self.items)

    @cached_property
    def paid(self) -> frozenset[int]:
        """The applications whose fee was paid, or was zero."""
        return frozenset(
            Payment.objects.filter(application__in=self._keys, state__in=SETTLED).values_list("application", flat=True)
        )

    @cached_property
    def heard(self) -> frozenset[int]:
        """The applications whose defence was completed."""
        rows = Defence.objects.filter(application__in=self._keys, state=DefenceState.COMPLETED)
        return frozenset(rows.values_list("application", flat=True))

    @cached_property
    def reviewed(self) -> frozenset[int]:
        """The applications that passed the agency's check."""
        rows = AgencyReview.objects.filter(application__in=self._keys, state=ReviewState.PASSED)
        return frozenset(rows.values_list("application", flat=True))

    @cached_property
    def recommended(self) -> frozenset[int]:
        """The applications whose recommendation was signed."""
        rows = Recommendation.objects.filter(application__in=self._keys, signed_at__isnull=False).exclude(opinion="")
        return frozenset(rows.values_list("application", flat=True))

    @cached_property
    def snapshots(self) -> dict[int, Snapshot]:
        """The content that has effect, by application."""
        rows = Snapshot.objects.filter(application__in=self._keys, discarded_at=None)
        return {one.application_id: one for one in rows.order_by("application", "-number").distinct("application")}

    @cached_property
    def barred(self) -> frozenset[int]:
        """The people whom a decided bar keeps out now."""
        return integrity.barred_among(self._people, at=self.at)

    @cached_property
    def investigated(self) -> frozenset[int]:
        """The people about whom a record is open."""
        rows = IntegrityRecord.objects.filter(person__in=self._people).undecided()
        return frozenset(rows.values_list("person", flat=True))

    @cached_property
    def doubled(self) -> frozenset[int]:
        """The people with another live application in the same year (A-25)."""
        rows = Application.objects.filter(applicant__in=self._people, state__in=sorted(LIVE)).exclude(pk__in=self._keys)
        others = set(rows.values_list("applicant", "year"))
        return (
            frozenset(one.applicant_id for one in self.applications if (one.applicant_id, one.year) in others)
            | self._twice_here
        )

    @cached_property
    def applications(self) -> list[Application]:
        """The applications of the cases, in their order."""
        return [item.application for item in self.items]

    def policy(self, code: str) -> PolicyVersion:
        """Return a policy version; each is read once."""
        if code not in self._policies:
            self._policies[code] = policy_of(code)
        return self._policies[code]

    @cached_property
    def _policies(self) -> dict[str, PolicyVersion]:
        return {}

    @property
    def _twice_here(self) -> frozenset[int]:
        people = [one.applicant_id for one in self.applications]
        return frozenset(one for one in people if people.count(one) > 1)

    @cached_property
    def _keys(self) -> list[int]:
        return [item.application_id for item in self.items]

    @cached_property
    def _people(self) -> list[int]:
        return [one.applicant_id for one in self.applications]

    def _by_item(self, model: type[ItemVoter] | type[ItemRecusal]) -> Mapping[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for item, member in model.objects.filter(item__in=self.items).values_list("item", "member"):
            found[item].add(member)
        return found


def record_of(session: CommitteeSession, at: dt.datetime) -> Record:
    """Return the record of a signed session; only what was voted on belongs to it."""
    items = AgendaItem.objects.with_all().filter(session=session, state__in=DECIDED).order_by("order")
    seats = session.members.seated().select_related("person", "term__expert__level").order_by("place")
    return Record(session, tuple(items), tuple(seats), at)
