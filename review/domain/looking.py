"""Where one file stands at the agency: what can be done and why not, what was found, what changed, and who did what."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.reading import Change
from applications.models import Application
from portal.accounts.actors import Actor
from portal.ledger.models import Entry
from portal.ledger.queries import Event, history_beside
from portal.workflow import OpenStep, label_of, open_steps
from review.domain import carrying, checklist
from review.domain.checking import Tally, tally_of
from review.domain.checklist import Item
from review.enums.checking import Proposal
from review.models import AgencyReview

# The step by which the lead confirms each proposal; the others are not offered.
CONFIRMS = {Proposal.PASS: "pass_review", Proposal.RETURN: "return_once", Proposal.REJECT: "reject"}
PROPOSES = frozenset({"propose", "propose_again"})
TAKES_BACK = frozenset({"reconsider", "reconsider_again"})
ONWARDS_FIRST = ("take", *sorted(PROPOSES), *CONFIRMS.values(), *sorted(TAKES_BACK))
TOLD_OF_THE_APPLICATION = (
    "submit",
    "recommend",
    "confirm_again",
    "resubmit",
    "withdraw",
    "expire_correction",
    "lapse",
    "disqualify",
)
NOT_TOLD = frozenset({"read"})
OWN_WORDS = {
    "arrive": gettext_lazy("申报材料送达机构"),
    "assign": gettext_lazy("分配审核人"),
    "find": gettext_lazy("记录审核结果"),
    "carry_over": gettext_lazy("沿用首次审核结果"),
    "suspend": gettext_lazy("机构被暂停评审工作，期限停止计算"),
    "resume": gettext_lazy("机构恢复评审工作，期限恢复计算"),
    "fall_overdue": gettext_lazy("逾期未完成首次审核"),
    "authorise_return": gettext_lazy("市人社局同意再次退回"),
    "transfer": gettext_lazy("市人社局移交其他评审服务机构"),
}


def steps_of(review: AgencyReview, *, by: Actor, at: dt.datetime, tally: Tally | None = None) -> list[OpenStep]:
    """Return what the present state offers to the actor, each with the reasons against it; ``tally`` where it is known.

    While nothing is proposed nothing can be confirmed; once something is, only that is offered for confirmation.
    """
    facts = {**(tally or tally_of(review)).facts, **({"proposal": review.proposal} if review.proposal else {})}
    hidden = PROPOSES if review.proposal else TAKES_BACK
    hidden |= {step for kind, step in CONFIRMS.items() if kind != review.proposal}
    offered = [one for one in open_steps(review, by=by, at=at, **facts) if one.name not in hidden]
    return sorted(offered, key=lambda one: ONWARDS_FIRST.index(one.name))


def difference_of(review: AgencyReview) -> list[Change] | None:
    """Return what the correction changed since the agency returned the file; None in a first check."""
    before = carrying.version_before(review) if review.is_second else None
    return None if before is None else checklist.difference(before, review.snapshot)


def changed_items(review: AgencyReview) -> set[str]:
    """Return the keys of the items that the correction touched."""
    before = carrying.version_before(review) if review.is_second else None
    if before is None:
        return set()
    same = checklist.unchanged(before, review.snapshot, review.committee)
    return {item.key for item in items_in(review)} - same


def items_in(review: AgencyReview) -> list[Item]:
    """Return the checklist of the version that is checked."""
    return checklist.items_of(review.snapshot, review.committee)


def history_of(review: AgencyReview) -> list[Event]:
    """Return what happened to the file and around it, newest first, from the ledger."""
    own = AgencyReview._meta.label
    about = Application(pk=review.application_id)
    entries = history_beside(review, about, steps=TOLD_OF_THE_APPLICATION, without=NOT_TOLD)
    return [_event(entry, review, own) for entry in entries]


def _event(entry: Entry, review: AgencyReview, own: str) -> Event:
    model: type[Any] = AgencyReview if entry.subject_type == own else Application
    words = OWN_WORDS.get(entry.step) or label_of(model, entry.step)
    who = _("系统")
    if entry.organisation is not None:
        is_own = entry.organisation_id == review.agency_id and entry.person is not None
        who = entry.person.full_name if is_own and entry.person else entry.organisation.name
    elif entry.person is not None:
        who = _("申报人")
    return Event(entry.at, words, who, _note(entry), entry.basis)


def _note(entry: Entry) -> str:
    if entry.step in {"find", "carry_over"}:
        counts = {"items": len(entry.facts.get("items", [])), "defects": len(entry.facts.get("defects", []))}
        if counts["defects"]:
            return _("%(items)s项，其中需补正%(defects)s项") % counts
        return _("%(items)s项") % counts
    if entry.step in PROPOSES:
        kind = Proposal(entry.facts["proposal"]).label if entry.facts.get("proposal") in Proposal.values else ""
        return "\n".join(filter(None, (str(kind), str(entry.facts.get("reason", "")))))
    return str(entry.facts.get("reason", "") or entry.note)
