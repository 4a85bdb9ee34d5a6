"""The automatic checks of a batch: each computed anew from the record, whatever outcome is stored (R-148, domain §8.7 #2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import VOTED, Hold
from applications.models.snapshot import digest_of as digest_of_content
from portal.catalogue.enums import JUNIOR, Channel
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.office import in_office_language
from portal.shared.phrases import joined
from review.domain import count_sheets, recounting
from review.domain.accepting_record import Record
from review.enums.sitting import ItemState
from review.guards.pooling import title_fits
from review.guards.sitting import SCRUTINEERS, least_size
from review.models import AgendaItem

OfBatch = Callable[[Record], Iterator[Reason]]
OfCase = Callable[[AgendaItem, Record], Iterator[Reason]]


@dataclass(frozen=True)
class Result:
    """What one check found; it holds where there is no reason against."""

    check: str
    label: str | Promise
    basis: str
    reasons: tuple[Reason, ...]
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.reasons

    @property
    def frozen(self) -> dict[str, Any]:
        """The result as it is kept with the decision."""
        reasons = [{"text": str(one.text), "basis": one.basis} for one in self.reasons]
        told = {"check": self.check, "label": str(self.label), "basis": self.basis, "reasons": reasons}
        return told | ({"note": self.note} if self.note else {})


@dataclass(frozen=True)
class Results:
    """The results of one batch or of one case, in the order of the checks."""

    of: tuple[Result, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The results as plain data."""
        return [one.frozen for one in self.of]

    @property
    def reasons(self) -> list[Reason]:
        """Every reason against."""
        return [reason for one in self.of for reason in one.reasons]

    @property
    def failed(self) -> list[Result]:
        """The checks that do not hold."""
        return [one for one in self.of if not one.holds]


@dataclass(frozen=True)
class Found:
    """All results of a batch: those of the session, and by the key of each case those of the person."""

    batch: Results
    cases: Mapping[int, Results]

    def reasons_without(self, held: Iterable[int]) -> list[Reason]:
        """Return what speaks against accepting everybody but the cases ``held``: each person's reason names the case."""
        left = set(held)
        return [*self.batch.reasons, *(one for key, of in self.cases.items() if key not in left for one in of.reasons)]


@in_office_language
def found_in(record: Record) -> Found:
    """Return the results of every check of the batch, in the office's language: they are kept with the decision."""
    notes = {"recount": _when_counted(record)}
    batch = Results(tuple(_result(one, find(record), notes.get(one, "")) for one, find in BATCH_CHECKS.items()))
    return Found(batch, {item.pk: of_case(item, record) for item in record.items})


@in_office_language
def of_case(item: AgendaItem, record: Record) -> Results:
    """Return the results of every check of one person."""
    return Results(tuple(_result(one, _named(item, find(item, record))) for one, find in CASE_CHECKS.items()))


def _named(item: AgendaItem, reasons: Iterable[Reason]) -> Iterator[Reason]:
    for one in reasons:
        words = {"number": item.order, "name": item.application.applicant.full_name, "text": one.text}
        yield Reason(_("第%(number)s项%(name)s：%(text)s") % words, one.basis, one.code)


def _result(name: str, reasons: Iterable[Reason], note: str = "") -> Result:
    label, basis = LABELS[name]
    return Result(name, str(label), basis, tuple(reasons), note)


def _reason(name: str, text: str) -> Reason:
    return Reason(text, LABELS[name][1], name)


# --- The session ------------------------------------------------------------------------------
def signed_as_counted(record: Record) -> Iterator[Reason]:
    """What the chair signed is what the record says now."""
    if count_sheets.digest_of(record.session) != record.session.signature:
        yield _reason("signature", _("计票结果与主任委员签署时不一致。"))


def filed_on_the_day(record: Record) -> Iterator[Reason]:
    """The committee's filing held on the day of the meeting; a later revocation changes nothing signed."""
    filing, day = record.session.filing, record.session.day
    if filing.valid_from is None or filing.valid_to is None or not filing.valid_from <= day <= filing.valid_to:
        yield _reason("filing", _("会议当日不在评审委员会备案有效期内。"))


def odd_and_large_enough(record: Record) -> Iterator[Reason]:
    """The seats are as many as planned, an odd number, and no fewer than the policy says."""
    size, least = len(record.seats), least_size(record.session)
    if size != record.session.size or size % 2 == 0 or size < least:
        text = _("委员人数应为单数、不少于%(least)s人，与计划的%(size)s人一致，实为%(has)s人。")
        yield _reason("size", text % {"least": least, "size": record.session.size, "has": size})


def quorum_at_opening(record: Record) -> Iterator[Reason]:
    """Enough of the seats were in the room when the meeting opened."""
    opened = record.session.opened_at
    here = [
        one
        for one in record.seats
        if opened and one.checked_in_at and one.checked_in_at <= opened and (not one.left_at or one.left_at > opened)
    ]
    if not record.policy(record.session.policy_code).reaches("quorum", len(here), record.session.size):
        words = {"size": record.session.size, "present": len(here)}
        yield _reason("quorum", _("委员%(size)s人，开会时签到%(present)s人，未达到三分之二。") % words)


def levels_suffice(record: Record) -> Iterator[Reason]:
    """Every member's title lies in the series and is no lower than what the committee grants."""
    filing = record.session.filing
    low = [one for one in record.seats if not title_fits(one.term.expert, filing.series_id, filing.band)]
    if low:
        names = joined([one.person.full_name for one in low])
        yield _reason("levels", _("%(names)s的职称系列或者级别不相应。") % {"names": names})


def watched_and_led(record: Record) -> Iterator[Reason]:
    """Chair, scrutineers and commissioner are accounted for, each another person."""
    session = record.session
    if not any(one.is_chair and one.can_chair and one.checked_in_at for one in record.seats):
        yield _reason("meeting", _("没有主任委员或者副主任委员到会主持。"))
    if session.scrutineers.filter(member__is_chair=False, member__checked_in_at__isnull=False).count() != SCRUTINEERS:
        yield _reason("meeting", _("到会监票人不足三名。"))
    if session.commissioner_came_at is None and not session.commissioner_absence:
        yield _reason("meeting", _("监督委员未到场，也没有写明原因。"))


def counted_again(record: Record) -> Iterator[Reason]:
    """Every case decided on devices was counted again; what was found there is said of each person."""
    left = [one for one in record.on_devices if one.pk not in record.counted_before]
    if left:
        yield _reason("recount", _("还有%(left)s项的选票正在重新核验，请稍后再看。") % {"left": len(left)})


def _when_counted(record: Record) -> str:
    """Return in words how much was counted again, and when the last of it was."""
    if not record.on_devices:
        return _("没有使用电子表决的事项。")
    rows = record.recounts.values()
    if not rows:
        return ""
    last = max(one.counted_at for one in rows).astimezone(clock.BEIJING)
    words = {"items": len(rows), "ballots": sum(one.ballots for one in rows), "at": f"{last:%Y-%m-%d %H:%M}"}
    return _("%(at)s根据公开的表决记录重新核验%(items)s项、%(ballots)s张加密选票。") % words


# --- One person -------------------------------------------------------------------------------
def item_quorum(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The quorum of this case, members who kept out taken from both sides."""
    out = len(record.recused[item.pk] & {one.pk for one in record.seats})
    present, size = len(record.rolls[item.pk]), record.session.size - out
    if not record.policy(record.session.policy_code).reaches("quorum", present, size):
        text = _("扣除回避委员后应到%(size)s人，实到%(present)s人，未达到三分之二。")
        yield _reason("item_quorum", text % {"size": size, "present": present})


def totals_agree(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The votes together are those present for the case, and on paper those that two scrutineers counted."""
    together = sum(int(one or 0) for one in (item.agree, item.against, item.abstain, item.not_cast))
    if not together == item.present_for_item == len(record.rolls[item.pk]):
        words = {"votes": together, "present": len(record.rolls[item.pk])}
        yield _reason("totals", _("票数合计%(votes)s，与出席的%(present)s人不一致。") % words)
    paper = record.counted_on_paper.get(item.pk)
    on_paper = record.session.is_on_paper and item not in record.on_devices
    if on_paper and (paper is None or paper.confirmed_by_id is None):
        yield _reason("totals", _("纸质计票没有经两名监票人清点确认。"))
    if paper is not None and (paper.agree, paper.against, paper.abstain) != (item.agree, item.against, item.abstain):
        yield _reason("totals", _("计票结果与监票人清点的票数不一致。"))


def ballots_hold(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """Signatures, proofs and sum of the encrypted ballots, counted again, of exactly the record as it is now."""
    found = record.recounts.get(item.pk)
    if found is not None and found.fault:
        yield _reason("ballots", recounting.words_for(found.fault))
    elif found is None and item.pk in record.counted_before:
        yield _reason("ballots", _("表决记录在重新核验以后发生过变化。"))
    elif not record.session.is_on_paper and item not in record.on_devices and item.pk not in record.counted_on_paper:
        yield _reason("ballots", _("没有电子表决记录。"))


def threshold(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The outcome is the formula's, in integers, from the totals alone."""
    agree, present = int(item.agree or 0), len(record.rolls[item.pk])
    if record.policy(item.policy_code).reaches("vote", agree, present) is not is_recorded_pass(item):
        words = {"agree": agree, "present": present}
        yield _reason("threshold", _("同意%(agree)s票、出席%(present)s人，与记录的结果不符。") % words)


def nobody_related_voted(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """No member with a relation of A-48 was counted as present, searched anew in the registers and the file."""
    related, recused = record.related.get(item.application_id, {}), record.recused[item.pk]
    for seat in record.seats:
        if seat.pk not in record.rolls[item.pk]:
            continue
        relation = related.get(seat.person_id)
        if relation is not None:
            words = {"name": seat.person.full_name, "relation": relation.label}
            yield _reason("recusals", _("%(name)s与申报人有应当回避的关系（%(relation)s），却参加了表决。") % words)
        elif seat.pk in recused:
            yield _reason("recusals", _("%(name)s已回避，却列入了投票人。") % {"name": seat.person.full_name})


def opinions_written(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """At least three experts wrote before the vote."""
    least, has = record.policy(item.policy_code).number("panel.min"), record.opinions[item.application_id]
    if has < least:
        yield _reason("opinions", _("专家书面意见%(has)s份，应不少于%(least)s份。") % {"has": has, "least": least})


def heard_where_needed(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """Middle and senior levels were heard on site; junior ones were not, and the talent channel need not be."""
    application = item.application
    needs = application.entry.level.key not in JUNIOR and application.channel != Channel.TALENT
    if needs and application.pk not in record.heard:
        yield _reason("defence", _("中级、高级应当答辩，没有完成答辩的记录。"))


def fee_settled(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The fee was paid, or was zero."""
    if item.application_id not in record.paid:
        yield _reason("payment", _("没有评审费到账的记录。"))


def papers_complete(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The file is what was submitted, recommended and found in order."""
    snapshot = record.snapshots.get(item.application_id)
    if snapshot is None or digest_of_content(snapshot.content) != snapshot.sha256:
        yield _reason("materials", _("申报材料缺失，或者与提交时不一致。"))
    if item.application_id not in record.recommended:
        yield _reason("materials", _("缺少单位推荐意见。"))
    if item.application_id not in record.reviewed:
        yield _reason("materials", _("没有评审服务机构审核通过的记录。"))


def not_barred(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """No bar holds, no investigation is open, and nothing holds the application."""
    application = item.application
    if application.applicant_id in record.barred:
        yield _reason("integrity", _("诚信档案限制申报职称。"))
    elif application.applicant_id in record.investigated or application.hold != Hold.NONE:
        yield _reason("integrity", _("正在核查，核查办结前暂缓验收。"))


def no_other_application(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """One live application a person and a year, over all committees."""
    if item.application.applicant_id in record.doubled:
        yield _reason("duplicate", _("同一年度还有另一份申报。"))


def still_waits(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """The application stands where its vote left it: nobody withdrew, disqualified or decided it otherwise."""
    if item.application.state not in VOTED:
        words = {"state": item.application.get_state_display()}
        yield _reason("standing", _("申报当前状态为“%(state)s”，不在验收环节。") % words)


def inside_the_quota(item: AgendaItem, record: Record) -> Iterator[Reason]:
    """Targeted titles are granted inside the quota of district, series and year, the best first (A-50)."""
    if item.pk in record.beyond_quota:
        yield _reason("quota", record.beyond_quota[item.pk])


def is_recorded_pass(item: AgendaItem) -> bool:
    """Return what the session wrote down."""
    return bool(item.state == ItemState.DECIDED_PASS)


LABELS: dict[str, tuple[str | Promise, str]] = {
    "signature": (gettext_lazy("签署的计票结果"), "E-11"),
    "filing": (gettext_lazy("评审委员会备案"), "E-04"),
    "size": (gettext_lazy("委员人数为单数且不少于规定"), "E-05"),
    "quorum": (gettext_lazy("开会出席人数"), "A-03"),
    "levels": (gettext_lazy("专家职称系列和级别"), "E-06"),
    "meeting": (gettext_lazy("主持、监票和监督"), "R-115"),
    "recount": (gettext_lazy("电子表决重新核验"), "R-111"),
    "item_quorum": (gettext_lazy("表决出席人数"), "A-03"),
    "totals": (gettext_lazy("票数合计"), "R-112"),
    "ballots": (gettext_lazy("加密选票、证明和合计"), "R-111"),
    "threshold": (gettext_lazy("三分之二计算"), "R-112"),
    "recusals": (gettext_lazy("回避"), "A-48"),
    "opinions": (gettext_lazy("专家书面意见"), "E-10"),
    "defence": (gettext_lazy("答辩"), "R-105"),
    "payment": (gettext_lazy("缴费"), "R-096"),
    "materials": (gettext_lazy("申报材料"), "R-090"),
    "integrity": (gettext_lazy("诚信限制"), "R-143"),
    "duplicate": (gettext_lazy("重复申报"), "A-25"),
    "standing": (gettext_lazy("申报状态"), "R-121"),
    "quota": (gettext_lazy("定向评价名额"), "A-50"),
}
BATCH_CHECKS: dict[str, OfBatch] = {
    "signature": signed_as_counted,
    "filing": filed_on_the_day,
    "size": odd_and_large_enough,
    "quorum": quorum_at_opening,
    "levels": levels_suffice,
    "meeting": watched_and_led,
    "recount": counted_again,
}
CASE_CHECKS: dict[str, OfCase] = {
    "item_quorum": item_quorum,
    "totals": totals_agree,
    "ballots": ballots_hold,
    "threshold": threshold,
    "recusals": nobody_related_voted,
    "opinions": opinions_written,
    "defence": heard_where_needed,
    "payment": fee_settled,
    "materials": papers_complete,
    "integrity": not_barred,
    "duplicate": no_other_application,
    "standing": still_waits,
    "quota": inside_the_quota,
}
