"""What the members have before them of one case: the file with effect, the employer's opinion, the written opinions (R-113)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from applications.domain import reading
from applications.domain.reading import Part
from applications.models import Recommendation
from review.models import AgendaItem

# The committee sees who the person is, but neither identity number nor telephone (domain §9).
KEPT_BACK = frozenset({"person"})


@dataclass(frozen=True)
class Opinion:
    """One written opinion: of an expert of the panel, who stays unnamed, or of a member of the session."""

    who: str
    text: str
    scores: int | None = None


@dataclass(frozen=True)
class CasePapers:
    """The papers of one case."""

    parts: tuple[Part, ...]
    recommendation: Recommendation | None
    panel: tuple[Opinion, ...]
    members: tuple[Opinion, ...]


def papers_of(item: AgendaItem) -> CasePapers:
    """Return everything that the members weigh."""
    application, content = item.application, _content_of(item)
    parts = [part for part in reading.parts_of(content) if part.key not in KEPT_BACK] if content else []
    found = Recommendation.objects.filter(application=application).exclude(signed_at=None)
    recommendation = found.select_related("organisation").first()
    members = item.member_opinions().select_related("member__person").order_by("written_at", "pk")
    return CasePapers(
        parts=tuple(parts),
        recommendation=recommendation,
        panel=tuple(_of_panel(item)),
        members=tuple(Opinion(one.member.person.full_name, one.text) for one in members),
    )


def works_of(item: AgendaItem) -> dict[tuple[str, str], list[str]]:
    """Return the names of the results that the person shows, by indicator and text of the criterion (R-044)."""
    works: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in _content_of(item).get("items", []):
        if one["criterion"]:
            works[one["criterion"]["indicator"], one["criterion"]["text"]].append(str(one["content"].get("name", "")))
    return works


def _content_of(item: AgendaItem) -> dict[str, Any]:
    snapshot = item.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    return snapshot.content if snapshot is not None else {}


def _of_panel(item: AgendaItem) -> list[Opinion]:
    rows = item.panel_opinions().order_by("pk")
    return [Opinion("", one.opinion, sum(one.scores.values()) if one.scores else None) for one in rows]
