"""Where one recommendation stands: what can be done and why not, until when, what changed, and who did what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import rules
from applications.domain import publicising, reading, receiving
from applications.enums import EMPLOYER_WINDOW, RECHECK, RecommendationState
from applications.models import Application, Check, Recommendation, Snapshot
from portal.accounts.actors import Actor
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from portal.ledger.queries import Event, history_beside
from portal.publicity.models import Line, Objection
from portal.shared.errors import Reason
from portal.workflow import Attempt, OpenStep, label_of, open_steps
from portal.workflow.carry_out import reasons_against
from portal.workflow.machine import transitions_of

# What the application does when its recommendation moves; what is true only afterwards is no reason beforehand.
FOLLOWING = {
    RecommendationState.PENDING: {"open": "receive"},
    RecommendationState.CHECKING: {"send_back": "send_back"},
    RecommendationState.PUBLICISED: {"recommend": "recommend"},
    RecommendationState.RECHECKING: {"confirm": "confirm_again"},
}
TRUE_AFTERWARDS = frozenset({"employer_recommended", "employer_refused"})
ONWARDS_FIRST = ("open", "publicise", "recommend", "confirm", "send_back", "refuse")
# A notice is withdrawn on its own page, for everybody on it.
OF_THE_NOTICE = frozenset({"stop_publicising", "stop_publicising_again"})
TOLD_OF_THE_APPLICATION = (
    "submit",
    "take_back",
    "withdraw",
    "take",
    "return_once",
    "resubmit",
    "expire_correction",
    "pass_review",
    "reject",
    "pay",
    "expire_fee",
    "revive",
    "plan_defence",
    "skip_defence",
    "complete_defence",
    "miss_defence",
    "lapse",
    "disqualify",
    "reopen_draft",
    "reopen_correction",
    "reopen_check",
    "reopen_second_check",
    "reopen_fee",
    "reopen_defence",
)
NOT_TOLD = frozenset({"give_back", "arrive_again", "recheck", "read", "reopen", "go_on_correcting"})
OWN_WORDS = {
    "arrive": gettext_lazy("申报送达单位"),
    "check": gettext_lazy("逐项核对"),
    "carry_over": gettext_lazy("沿用此前的核对结果"),
    "sign": gettext_lazy("签署摘要存证"),
}


def steps_of(recommendation: Recommendation, *, by: Actor, at: dt.datetime) -> list[OpenStep]:
    """Return the steps that the present state offers to the organisation, each with every reason known against it.

    The reasons of the application, which follows, stand beside those of the recommendation; what only the head may
    do is shown to the clerk with just that reason.
    """
    facts = {}
    if recommendation.state == RecommendationState.RECHECKING:
        facts["shown"] = publicising.shown_of(recommendation)
    offered = [one for one in open_steps(recommendation, by=by, at=at, **facts) if one.name not in OF_THE_NOTICE]
    steps = [*(_with_application(one, recommendation, by, at) for one in offered), *_for_the_head(recommendation, by)]
    return sorted(steps, key=lambda one: ONWARDS_FIRST.index(one.name))


def _with_application(step: OpenStep, recommendation: Recommendation, by: Actor, at: dt.datetime) -> OpenStep:
    following = FOLLOWING.get(RecommendationState(recommendation.state), {}).get(step.name)
    application = recommendation.application
    attempt = Attempt(step=following or "", by=by, at=at)
    found = [
        reason
        for one in transitions_of(Application)
        if one.name == following and one.source == application.state
        for reason in reasons_against(one, application, attempt, known_only=True)
        if reason.code not in TRUE_AFTERWARDS
    ]
    return OpenStep(step.name, step.label, step.basis, step.caution, (*step.reasons, *found))


def _for_the_head(recommendation: Recommendation, by: Actor) -> list[OpenStep]:
    if not rules.speaks_for_it.test(by, recommendation) or rules.heads_it.test(by, recommendation):
        return []
    reason = Reason(_("须由本单位主要负责人办理。"), basis="R-073", code="head_only")
    return [
        OpenStep(one.name, one.custom["label"], one.custom["basis"], one.custom["caution"], (reason,))
        for one in transitions_of(Recommendation)
        if one.source == recommendation.state and one.custom["who"] is rules.heads_it
    ]


def dues_of(recommendations: Iterable[Recommendation]) -> dict[int, Deadline]:
    """Return until when the organisation must act, by the primary key of the application; one query."""
    keys = [one.application_id for one in recommendations]
    waiting = Deadline.objects.waiting().filter(
        subject_type=ContentType.objects.get_for_model(Application),
        subject_id__in=keys,
        kind__in=(EMPLOYER_WINDOW, RECHECK),
    )
    return {one.subject_id: one for one in waiting}


def due_of(recommendation: Recommendation) -> Deadline | None:
    """Return until when the organisation must act, or None where no time runs."""
    return dues_of([recommendation]).get(recommendation.application_id)


@dataclass(frozen=True)
class Progress:
    """How far the item-by-item check of the present snapshot is."""

    total: int
    done: int
    wrong: int

    @property
    def is_complete(self) -> bool:
        """Whether every part was looked at."""
        return self.done == self.total


def checks_of(recommendation: Recommendation, snapshot: Snapshot) -> dict[str, Check]:
    """Return what was found about the parts of ``snapshot``, by part."""
    return {one.part: one for one in recommendation.checks.filter(snapshot=snapshot).select_related("by")}


def progress_of(snapshot: Snapshot, checks: dict[str, Check]) -> Progress:
    """Return how many parts there are, were checked, and were found wrong."""
    parts = set(snapshot.content["parts"])
    found = [one for part, one in checks.items() if part in parts]
    return Progress(len(parts), len(found), sum(not one.is_right for one in found))


@dataclass(frozen=True)
class Difference:
    """What changed since the content that the employer last looked at, and which old findings still stand."""

    before: Snapshot
    changes: list[reading.Change]
    to_carry_over: dict[str, list[str]]

    @property
    def carried(self) -> int:
        """How many findings can be carried over."""
        return sum(len(parts) for parts in self.to_carry_over.values())


def difference_of(recommendation: Recommendation, snapshot: Snapshot) -> Difference | None:
    """Return the difference to what was checked before; None where this snapshot is the first one checked.

    After a correction that is the recommended snapshot, otherwise the last one on which something was checked.
    """
    before = receiving.checked_before(recommendation, snapshot)
    if before is None:
        return None
    parts = receiving.still_right(recommendation, snapshot, before)
    sections = {part.key: part.section for part in reading.parts_of(snapshot.content)}
    groups: dict[str, list[str]] = {}
    for part in parts:
        groups.setdefault(sections[part], []).append(part)
    return Difference(before, reading.changes(before.content, snapshot.content), groups)


def line_of(recommendation: Recommendation) -> Line | None:
    """Return the person's line on the present notice."""
    if recommendation.notice_id is None:
        return None
    kind = ContentType.objects.get_for_model(Application)
    return (
        Line.objects.with_hold()
        .filter(notice=recommendation.notice_id, subject_type=kind, subject_id=recommendation.application_id)
        .first()
    )


def objections_to(recommendation: Recommendation) -> list[Objection]:
    """Return every objection that was raised against the person on any of the organisation's notices, newest first."""
    kind = ContentType.objects.get_for_model(Application)
    found = Objection.objects.filter(
        line__subject_type=kind,
        line__subject_id=recommendation.application_id,
        line__notice__publisher=recommendation.organisation_id,
    )
    return list(found.select_related("handler", "line__notice").order_by("-received_at"))


def history_of(recommendation: Recommendation) -> list[Event]:
    """Return what happened to the recommendation and around it, newest first, from the ledger."""
    own = Recommendation._meta.label
    about = Application(pk=recommendation.application_id)
    entries = history_beside(recommendation, about, steps=TOLD_OF_THE_APPLICATION, without=NOT_TOLD)
    return [_event(entry, recommendation, own) for entry in entries]


def _event(entry: Entry, recommendation: Recommendation, own: str) -> Event:
    model: type[Any] = Recommendation if entry.subject_type == own else Application
    words = OWN_WORDS.get(entry.step) or label_of(model, entry.step)
    who = _("系统")
    if entry.organisation_id == recommendation.organisation_id or (entry.organisation is None and entry.person):
        who = entry.person.full_name if entry.person else who
    elif entry.organisation is not None:
        who = entry.organisation.name
    return Event(entry.at, words, who, _note(entry), entry.basis)


def _note(entry: Entry) -> str:
    if entry.step in {"check", "carry_over"}:
        counts = {"parts": len(entry.facts.get("parts", [])), "wrong": len(entry.facts.get("wrong", []))}
        if counts["wrong"]:
            return _("核对%(parts)s项，其中不属实%(wrong)s项") % counts
        return _("核对%(parts)s项") % counts
    return str(entry.facts.get("reason", "") or entry.note)
