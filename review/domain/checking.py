"""The agency's check by the person who answers for it: taking, handing over, finding, proposing (R-090)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from applications.enums import ApplicationState
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.queries import people_holding
from portal.accounts.roles import AGENCY_STAFF
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from portal.workflow.carry_out import fresh, locked
from review.domain.checklist import Item, items_of
from review.enums.checking import (
    CHECKED_IN,
    FEWEST_SIGNS,
    FOUND,
    LONGEST_REASON,
    LONGEST_TEXT,
    Ground,
    ReviewState,
    Verdict,
)
from review.models import AgencyReview, Finding
from review.rules import checks_it, leads_it

# What keeps a defect from being told, but not from being kept while it is written.
UNFINISHED_BECAUSE = frozenset({"text_too_short", "basis_missing"})


@dataclass(frozen=True)
class Found:
    """What is found about one item, and about which of its fields. ``version`` is the finding's on which this rests; None overwrites whatever stands."""

    verdict: str
    text: str = ""
    basis: str = ""
    version: int | None = None
    field: str = ""


@dataclass(frozen=True)
class Saved:
    """What was stored, what did not fit, and what somebody else had changed meanwhile, by item."""

    stored: tuple[str, ...]
    unfit: Mapping[str, Reason]
    conflicts: Mapping[str, Finding]
    version: int

    @property
    def lost(self) -> dict[str, Reason]:
        """What did not fit and could not even be kept as unfinished."""
        return {key: reason for key, reason in self.unfit.items() if not _is_storable(reason)}


@dataclass(frozen=True)
class Tally:
    """How far a check is."""

    total: int
    decided: int
    defective: int
    unfinished: int = 0

    @property
    def undecided(self) -> int:
        """How many items nobody decided yet."""
        return self.total - self.decided

    @property
    def facts(self) -> dict[str, Any]:
        """What the guards of a proposal look at."""
        return {"undecided": self.undecided, "defective": self.defective}


@settled_first
def take(review: AgencyReview, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgencyReview:
    """Begin to check; the application is under review from now on (domain §8.1 #9)."""
    application = locked(review.application)
    taken = carry_out(review, "take", by=by, at=at, key=key)
    if application.state == ApplicationState.RECOMMENDED:
        carry_out(application, "take", by=by, at=at)
    return taken


@settled_first
def assign(review: AgencyReview, to: Person, *, by: Actor, at: dt.datetime, note: str = "") -> AgencyReview:
    """Give the file to one of the agency: the lead any file, others their own or one that nobody has.

    Raises StepNotPermitted for a file that somebody else has, StepNotOpen after the end and while a proposal waits.
    """
    locked(review.application)
    row = locked(review)
    _may_be_assigned(row, by)
    if to not in colleagues(row, at):
        raise StepRefused("assign", [Reason(_("只能分配给本机构的在任人员。"), "R-090", "not_a_colleague", "assignee")])
    if row.assignee_id != to.pk:
        before = row.assignee.code if row.assignee else ""
        row.assignee = to
        row.save(update_fields=["assignee", "updated_at"])
        facts = {"from": before, "to": to.code}
        record(row, "assign", by=by, at=at, note=note.strip()[:LONGEST_REASON], facts=facts, basis="R-090")
    return row


def colleagues(review: AgencyReview, at: dt.datetime) -> list[Person]:
    """Return who can check files of the agency on the day."""
    return list(people_holding(AGENCY_STAFF, review.agency, on=clock.day_of(at)))


@settled_first
def find(
    review: AgencyReview, found: Mapping[str, Found], *, by: Actor, at: dt.datetime, all_or_nothing: bool = False
) -> Saved:
    """Store what was found about some items, each by itself: what does not fit is told and everything else is kept.

    A defect that lacks words or its rule is kept as unfinished, so that nothing typed is lost. A finding that
    somebody else changed after ``version`` is not overwritten but given back. ``all_or_nothing`` raises Refusal
    instead where anything does not fit. Raises StepNotOpen while nothing is checked or a proposal waits,
    StepNotPermitted for others than the person who checks.
    """
    locked(review.application)
    row = locked(review)
    _may_be_checked(row, by)
    items = {item.key: item for item in items_of(row.snapshot, row.committee)}
    standing = {one.item: one for one in findings_of(row)}
    unfit = {key: reason for key, one in found.items() for reason in _against(one, items.get(key), key)}
    if all_or_nothing and unfit:
        raise Refusal(unfit.values())
    differing = {
        key: _kept(one, unfit.get(key), items[key])
        for key, one in found.items()
        if _is_storable(unfit.get(key)) and _differs(_kept(one, unfit.get(key), items[key]), standing.get(key), by)
    }
    conflicts = {key: standing[key] for key, one in differing.items() if _is_older(one, standing.get(key))}
    changed = {key: one for key, one in differing.items() if key not in conflicts}
    if changed:
        _store(row, changed, by=by, at=at)
    kept = tuple(key for key in found if key not in unfit and key not in conflicts)
    return Saved(kept, unfit, conflicts, row.version)


@settled_first
def propose(
    review: AgencyReview,
    proposal: str,
    *,
    reason: str = "",
    basis: str = "",
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> AgencyReview:
    """Propose to pass, to return with everything that was found, or to reject; another person confirms it (R-096)."""
    locked(review.application)
    present = fresh(review)
    step = "propose_again" if present.state == ReviewState.RECHECKING else "propose"
    facts = tally_of(present).facts
    words = reason.strip()[:LONGEST_REASON]
    return carry_out(present, step, by=by, at=at, key=key, proposal=proposal, reason=words, basis=basis, **facts)


@settled_first
def reconsider(
    review: AgencyReview, *, reason: str = "", by: Actor, at: dt.datetime, key: str | None = None
) -> AgencyReview:
    """Take one's own proposal back, or as the lead send it back with a remark; the items are open again."""
    locked(review.application)
    present = AgencyReview.objects.get(pk=review.pk)
    step = "reconsider_again" if present.state == ReviewState.RECHECKING else "reconsider"
    return carry_out(present, step, by=by, at=at, key=key, reason=reason.strip()[:LONGEST_REASON])


def findings_of(review: AgencyReview) -> list[Finding]:
    """Return what was found about the version that is checked."""
    return list(Finding.objects.filter(review=review, snapshot=review.snapshot_id).select_related("by"))


def tally_of(review: AgencyReview, items: Iterable[Item] | None = None) -> Tally:
    """Return how many items there are, are decided, and have a defect."""
    keys = {item.key for item in (items or items_of(review.snapshot, review.committee))}
    verdicts = Counter(one.verdict for one in findings_of(review) if one.item in keys)
    unfinished = verdicts.pop(Verdict.UNFINISHED.value, 0)
    return Tally(len(keys), verdicts.total(), verdicts[Verdict.DEFECT.value], unfinished)


def _may_be_assigned(row: AgencyReview, by: Actor) -> None:
    if not checks_it.test(by, row):
        raise StepNotPermitted("assign", [Reason(_("您当前的身份不能分配本件。"), "R-090", "step_not_permitted")])
    if row.state not in CHECKED_IN | {ReviewState.QUEUED, ReviewState.RETURNED}:
        raise StepNotOpen("assign", [Reason(_("审核已经结束，不能再分配。"), "R-090", "step_not_open")])
    if row.proposal:
        text = _("审核意见正在复核，请先撤回意见再改派。")
        raise StepNotOpen("assign", [Reason(text, "R-096", "nothing_proposed")])
    own = row.assignee_id is None or (by.person is not None and by.person.pk == row.assignee_id)
    if not own and not leads_it.test(by, row):
        text = _("本件由他人审核，只有本机构负责人可以改派。")
        raise StepNotPermitted("assign", [Reason(text, "R-090", "not_anothers")])


def _may_be_checked(row: AgencyReview, by: Actor) -> None:
    if not checks_it.test(by, row):
        raise StepNotPermitted("find", [Reason(_("您当前的身份不能审核本件。"), "R-090", "step_not_permitted")])
    if row.state not in CHECKED_IN:
        raise StepNotOpen("find", [Reason(_("当前状态不能审核，请刷新页面。"), "R-090", "step_not_open")])
    if row.proposal:
        text = _("审核意见已提交复核，需要修改的请先撤回意见。")
        raise StepNotOpen("find", [Reason(text, "R-096", "nothing_proposed")])
    if row.suspended_since is not None:
        text = _("本机构的评审工作已被暂停，恢复前不能办理。")
        raise StepNotOpen("find", [Reason(text, "R-152", "not_suspended")])
    if by.person is None or by.person.pk != row.assignee_id:
        text = _("本件由他人审核；需要改由您审核的，请先改派。")
        raise StepNotPermitted("find", [Reason(text, "R-090", "handled_by_maker")])


def _against(one: Found, item: Item | None, key: str) -> Iterator[Reason]:
    """Yield the first thing that keeps a finding from being stored."""
    if item is None:
        yield Reason(_("没有这项内容，请刷新页面。"), "R-090", "item_unknown", key)
    elif one.verdict not in FOUND:
        yield Reason(_("请选择审核结果。"), "R-090", "verdict_unknown", key)
    elif one.verdict == Verdict.DEFECT and len(one.text.strip()) < FEWEST_SIGNS:
        yield Reason(_("请写明需要补正的内容，至少10个字，申报人将看到。"), "R-091", "text_too_short", key)
    elif len(one.text.strip()) > LONGEST_TEXT:
        yield Reason(_("最多%(most)s字。") % {"most": LONGEST_TEXT}, "R-091", "text_too_long", key)
    elif one.verdict == Verdict.DEFECT and one.basis not in Ground.values:
        yield Reason(_("请选择补正所依据的规定。"), "R-091", "basis_missing", key)


def _is_storable(reason: Reason | None) -> bool:
    return reason is None or reason.code in UNFINISHED_BECAUSE


def _kept(one: Found, reason: Reason | None, item: Item) -> Found:
    """Return what is stored of a finding: a defect that is not written to its end stays unfinished, an unknown field is none."""
    known = replace(one, field=one.field if one.field in dict(item.choices) else "")
    return known if reason is None else replace(known, verdict=Verdict.UNFINISHED)


def _is_older(one: Found, stored: Finding | None) -> bool:
    return stored is not None and one.version is not None and one.version < stored.version


def _told(one: Found) -> tuple[str, str, str, str]:
    """Return a finding as it is stored: only a defect has words, a rule and a field."""
    if one.verdict not in {Verdict.DEFECT, Verdict.UNFINISHED}:
        return one.verdict, "", "", ""
    return one.verdict, one.text.strip(), one.basis if one.basis in Ground.values else "", one.field


def _differs(one: Found, stored: Finding | None, by: Actor) -> bool:
    """Return whether there is something to store: what a colleague found, found again, becomes one's own (R-096)."""
    if stored is None or stored.carried or stored.by != by.person:
        return True
    return _told(one) != (stored.verdict, stored.text, stored.basis, stored.field)


def _store(row: AgencyReview, changed: Mapping[str, Found], *, by: Actor, at: dt.datetime) -> None:
    row.version += 1
    row.save(update_fields=["version", "updated_at"])
    rows = []
    for key, one in changed.items():
        verdict, text, basis, field = _told(one)
        rows.append(
            Finding(
                review=row,
                snapshot_id=row.snapshot_id,
                item=key,
                verdict=verdict,
                text=text,
                basis=basis,
                field=field,
                by=by.person,
                at=at,
                version=row.version,
            )
        )
    Finding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["review", "snapshot", "item"],
        update_fields=["verdict", "text", "basis", "field", "carried", "by", "at", "version", "updated_at"],
    )
    defects = sorted(key for key, one in changed.items() if one.verdict == Verdict.DEFECT)
    record(row, "find", by=by, at=at, facts={"items": sorted(changed), "defects": defects}, basis="R-090")
