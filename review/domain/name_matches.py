"""Finding experts' names in what a person shows of their work (A-48).

Works name collaborators in free text alone. The same name may be another person's: what is found is to be checked by
the agency and forces nobody out.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Snapshot
from applications.sections import RESULT, SUMMARY
from portal.accounts.actors import SYSTEM
from portal.accounts.models import Person
from portal.ledger.record import record
from portal.shared.office import in_office_language
from review.domain.masking import occurrences_of
from review.models import Defence, NameMatch

LONGEST_PLACE = 200


@in_office_language
def note(application: Application, experts: Iterable[Person], *, at: dt.datetime) -> None:
    """Write down whose name stands in the person's works, once for each expert; the applicant's own name is none."""
    met = set(NameMatch.objects.filter(application=application).values_list("expert", flat=True))
    fresh = [one for one in experts if one.pk not in met and one.full_name != application.applicant.full_name]
    passages = list(_passages_of(application)) if fresh else []
    for expert in fresh:
        occurs = occurrences_of(expert.full_name)
        place = next((place for place, text in passages if occurs(text)), None)
        if place is None:
            continue
        match = NameMatch.objects.create(
            application=application, expert=expert, place=place[:LONGEST_PLACE], found_at=at
        )
        record(match, "find", by=SYSTEM, at=at, basis="A-48", facts={"expert": expert.code})


def pending(defences: QuerySet[Defence]) -> QuerySet[NameMatch]:
    """Return what is to be judged still in these people's cases, of experts who do not keep out already."""
    rows = NameMatch.objects.filter(application__in=defences.values("application"), is_related=None)
    rows = rows.filter(application__defence__slot__sittings__expert=F("expert"))
    return rows.select_related("expert", "application__applicant", "application__defence").order_by("pk")


def _passages_of(application: Application) -> Iterator[tuple[str, str]]:
    found = Snapshot.objects.filter(application=application, discarded_at=None).order_by("-number").first()
    return passages_in(found.content) if found is not None else iter(())


def passages_in(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each text of a submitted version in which collaborators may be named, with the place that it stands in."""
    for name, value in content["sheets"].get(SUMMARY.key, {}).items():
        if isinstance(value, str) and name in SUMMARY.names:
            yield f"{SUMMARY.name}{_('：')}{SUMMARY.field(name).label}", value
    for item in content["items"]:
        if item["kind"] == RESULT.key:
            texts = [value for value in item["content"].values() if isinstance(value, str)]
            yield f"{RESULT.name}{_('：')}{item['content'].get('name') or ''}", "\n".join(texts)
