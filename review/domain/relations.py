"""Which experts have a relation to an applicant that the records show by themselves (A-48, A-54)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from applications.models import Application, Snapshot
from portal.accounts.models import Person
from review.domain import name_matches, recusing
from review.domain.masking import occurrences_of
from review.enums.defending import Relation
from review.enums.sitting import RecusalSource
from review.models import ItemRecusal, NameMatch, Recusal

SHORTEST_NAME = 2


def found_between(
    applications: Sequence[Application], people: Iterable[Person], *, on: dt.date
) -> dict[int, dict[int, Relation]]:
    """Return by application and by person the relation that the records show; pairs without any are left out.

    From the registers: the same person, the same employer. From earlier: whatever was declared or ordered, for the panel
    or in another session; what a session found by itself is looked for anew.
    From the file: who recommended (A-54), and whose name stands among the works. A constant number of queries.
    """
    known = list(people)
    employers = recusing.employers_of(known, on=on)
    declared = _declared(applications)
    given = recusing.recommended_by(applications)
    named = _named_in_works(applications, known)
    found: dict[int, dict[int, Relation]] = {}
    for application in applications:
        of_it = dict.fromkeys(named[application.pk], Relation.CO_AUTHOR)
        of_it |= declared[application.pk]
        for one in known:
            relation = recusing.relation_to(application, one.pk, employers, given)
            if relation is not None:
                of_it[one.pk] = relation
        found[application.pk] = {one.pk: of_it[one.pk] for one in known if one.pk in of_it}
    return found


def _declared(applications: Sequence[Application]) -> dict[int, dict[int, Relation]]:
    found: dict[int, dict[int, Relation]] = defaultdict(dict)
    of_panel = Recusal.objects.filter(application__in=applications)
    of_sessions = ItemRecusal.objects.filter(item__application__in=applications).exclude(source=RecusalSource.COMPUTED)
    for application, expert, relation in (
        *of_sessions.values_list("item__application", "member__person", "relation"),
        *of_panel.values_list("application", "expert", "relation"),
    ):
        found[application][expert] = Relation(relation)
    return found


def _named_in_works(applications: Sequence[Application], people: Sequence[Person]) -> dict[int, set[int]]:
    """Return by application whose full name its works mention: co-authors and co-inventors, or somebody of that name.

    A namesake keeps out of one case too many, which harms nobody; a co-author who votes harms everybody. Of whom the
    agency found that it is somebody else, the name says nothing any more.
    """
    others = set(
        NameMatch.objects.filter(application__in=applications, is_related=False).values_list("application", "expert")
    )
    stands_in = {one.pk: occurrences_of(one.full_name) for one in people if len(one.full_name) >= SHORTEST_NAME}
    found: dict[int, set[int]] = defaultdict(set)
    latest = Snapshot.objects.filter(application__in=applications, discarded_at=None)
    for snapshot in latest.order_by("application", "-number").distinct("application"):
        text = "\n".join(passage for _place, passage in name_matches.passages_in(snapshot.content))
        found[snapshot.application_id] = {
            pk for pk, is_in in stands_in.items() if (snapshot.application_id, pk) not in others and is_in(text)
        }
    return found
