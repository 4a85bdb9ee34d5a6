"""What must hold before a committee's filing moves; every refusal says what to do and on which rule."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.actors import ActorKind
from portal.catalogue.enums import AuthorityState, Band
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.catalogue.queries import policy_in_force
from portal.integrity.domain.terms import years_after
from portal.shared import clock
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard
from review.enums.filing import IN_FORCE, Duty
from review.enums.pooling import SERVING
from review.guards.pooling import title_fits

if TYPE_CHECKING:
    from review.models.committee_filing import CommitteeFiling, FiledMember
    from review.models.expert_term import ExpertTerm

IsSitting = Callable[["CommitteeFiling"], bool]

_sitting: list[IsSitting] = []

FIRST_WARNING = dt.timedelta(days=90)  # N-14
MOST_NAMES = 5


def register_sitting(is_sitting: IsSitting) -> None:
    """Have ``is_sitting(filing)`` asked whether a session drawn from the roll is open now."""
    if is_sitting not in _sitting:
        _sitting.append(is_sitting)


@guard(gettext_lazy("本机构未获得该系列、专业和级别的评审权限，不能报送备案。"), basis="R-003")
def authority_covers(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """The published list names the agency for the series, or the specialty, and the band; nobody files beyond it."""
    listed = AgencyAuthority.objects.filter(agency=filing.agency, state=AuthorityState.LISTED).values("edition")
    rows = CatalogueEntry.objects.public().filter(
        committee__agency=filing.agency,
        committee__band=filing.band,
        specialty__series=filing.series,
        edition__in=listed,
    )
    return rows.exists() if filing.is_by_series else rows.filter(specialty=filing.specialty).exists()


@guard(gettext_lazy("一个评审委员会只评一个系列或者一个专业。"), basis="R-187")
def one_scope(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """A committee is formed by one series or by one specialty of it, never across series."""
    if filing.is_by_series:
        return filing.specialty_id is None
    return filing.specialty is not None and filing.specialty.series_id == filing.series_id


@guard(gettext_lazy("每次评审会议的委员人数须为单数。"), basis="A-36", field="size")
def size_is_odd(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """An odd number of members."""
    return filing.size % 2 == 1


@guard(gettext_lazy("评审委员会人数不足。"), basis="A-36", field="size")
def size_suffices(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """No fewer members than the policy's minimum, or than the number that the bureau approved instead.

    An agency may ask for fewer with its reason; the bureau approves the number before it files.
    """
    least = least_size(filing, clock.day_of(attempt.at))
    is_asked = attempt.step == "submit" and bool(filing.small_reason.strip())
    if filing.size >= least or is_asked:
        return True
    known = {"least": least, "size": filing.size}
    return (
        _("该级别评审委员会不少于%(least)s人，现为%(size)s人；确需减少的，请说明理由，由市人力资源社会保障局核准。")
        % known
    )


@guard(gettext_lazy("委员名单人数不足。"), basis="A-36")
def roll_suffices(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """At least as many members as sit in one session."""
    listed = len(filing.planned_roll())
    if listed >= filing.size:
        return True
    known = {"size": filing.size, "listed": listed}
    return _("每次会议需要%(size)s名委员，名单中只有%(listed)s人。") % known


@guard(gettext_lazy("请在委员中指定一名主任委员。"), basis="R-114")
def chair_named(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """Exactly one chair."""
    chairs = [one for one in filing.planned_roll() if one.planned_duty == Duty.CHAIR]
    if len(chairs) > 1:
        return _("只能有一名主任委员。")
    return len(chairs) == 1


@guard(gettext_lazy("委员的职称系列或者级别不相应。"), basis="R-160")
def levels_suffice(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """Every member holds a title of the series, no lower than what the committee grants."""
    low = [one for one in filing.planned_roll() if not title_fits(one.term.expert, filing.series_id, filing.band)]
    return not low or _("%(names)s的职称系列或者级别不相应。") % {"names": _names(low)}


@guard(gettext_lazy("委员不在聘期内。"), basis="R-160")
def terms_hold(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """Every member serves in the agency's pool for this series and band on the day."""
    day = clock.day_of(attempt.at)
    out = [one for one in filing.planned_roll() if not _serves(one.term, filing, day)]
    return not out or _("%(names)s不在本机构专家库该系列、该级别的聘期内。") % {"names": _names(out)}


@guard(gettext_lazy("请填写理由。"), basis="R-187", needs=("reason",), field="reason")
def reason_given(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """A refusal, and whatever changes a filing, says why."""
    return bool(str(attempt.facts.get("reason", "")).strip()) or attempt.by.kind is ActorKind.SYSTEM


@guard(
    gettext_lazy("请填写备案有效期的起止日期。"),
    basis="A-55",
    needs=("valid_from", "valid_to"),
    field="valid_to",
)
def valid_long_enough(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """A filing holds at most the policy's years, the last day included (A-55)."""
    first, last = attempt.facts.get("valid_from"), attempt.facts.get("valid_to")
    if first is None or last is None:
        return False
    if last < first or last < clock.day_of(attempt.at):
        return _("有效期截止日期不能早于起始日期和今天。")
    years = policy_in_force(clock.day_of(attempt.at)).number("committee.filing_years")
    latest = years_after(first, years) - dt.timedelta(days=1)
    if last <= latest:
        return True
    known = {"years": years, "latest": dateformat.format(latest, _("Y年n月j日"))}
    return _("备案有效期不超过%(years)s年，最晚到%(latest)s。") % known


@guard(gettext_lazy("请填写备案号。"), basis="R-187", needs=("number",), field="number")
def number_is_new(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """Every filing has a number of its own."""
    number = str(attempt.facts.get("number", "")).strip()
    if not number:
        return False
    is_taken = type(filing).objects.filter(number=number).exclude(pk=filing.pk).exists()
    return not is_taken or _("备案号%(number)s已经使用。") % {"number": number}


@guard(
    gettext_lazy("同一评审委员会的备案有效期重叠。"),
    basis="R-187",
    needs=("valid_from", "valid_to"),
    field="valid_from",
)
def no_two_at_once(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """One committee has one filing on a day; a renewal begins after the last day of the one before."""
    first, last = attempt.facts.get("valid_from"), attempt.facts.get("valid_to")
    if first is None or last is None:
        return True
    same = type(filing).objects.filter(
        agency=filing.agency, name=filing.name, band=filing.band, state__in=sorted(IN_FORCE)
    )
    other = same.filter(valid_from__lte=last, valid_to__gte=first).exclude(pk=filing.pk).first()
    if other is None or other.valid_to is None:
        return True
    until = dateformat.format(other.valid_to, _("Y年n月j日"))
    return _("备案%(number)s有效期至%(until)s，新的备案须从次日起。") % {"number": other.number, "until": until}


@guard(gettext_lazy("请填写核准的最少人数和理由。"), basis="A-36", needs=("least",), field="least")
def least_is_odd(filing: "CommitteeFiling", attempt: Attempt) -> bool | str:
    """The number that the bureau approves is odd, too."""
    least = attempt.facts.get("least")
    if not least:
        return False
    return least % 2 == 1 or _("核准的人数须为单数。")


@guard(gettext_lazy("评审会议正在召开，会议结束后再调整委员。"), basis="R-187")
def no_session_open(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """Nobody enters or leaves the roll while a session of it is open."""
    return not any(is_sitting(filing) for is_sitting in _sitting)


@guard(gettext_lazy("没有需要确认的调整。"), basis="R-187")
def something_changes(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """An amendment changes somebody's place."""
    return any(one.change or not one.is_listed for one in filing.roll())


@guard(gettext_lazy("备案机构尚未提交调整。"), basis="R-187")
def change_handed_in(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """The filer said that the amendment is complete."""
    return filing.change_handed_in_at is not None


@guard(gettext_lazy("有效期尚未届满。"), basis="A-55")
def is_over(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """A filing holds up to 24:00 of its last day."""
    return filing.valid_to is not None and attempt.at >= clock.end_of(filing.valid_to)


@guard(gettext_lazy("距到期还有超过90日。"), basis="A-55")
def nearly_over(filing: "CommitteeFiling", attempt: Attempt) -> bool:
    """The last ninety days."""
    return filing.valid_to is not None and attempt.at >= clock.end_of(filing.valid_to) - FIRST_WARNING


# --- Facts that several rooms ask -------------------------------------------------------------
def least_size(filing: "CommitteeFiling", on: dt.date) -> int:
    """Return how many members a session of the committee has at least on the day ``on`` (A-36)."""
    if filing.approved_least:
        return filing.approved_least
    policy = policy_in_force(on)
    if filing.band == Band.SENIOR:
        return policy.number(f"committee.min_senior_{'series' if filing.is_by_series else 'specialty'}")
    return policy.number(f"committee.min_{filing.band}")


def _serves(term: "ExpertTerm", filing: "CommitteeFiling", day: dt.date) -> bool:
    is_here = (term.agency_id, term.series_id, term.band) == (filing.agency_id, filing.series_id, filing.band)
    if not is_here or term.state not in SERVING or term.starts_on is None or term.ends_on is None:
        return False
    return term.starts_on <= day <= term.ends_on


def _names(members: "Sequence[FiledMember]") -> str:
    shown = joined(one.term.expert.person.full_name for one in members[:MOST_NAMES])
    return shown if len(members) <= MOST_NAMES else _("%(names)s等%(n)s人") % {"names": shown, "n": len(members)}
