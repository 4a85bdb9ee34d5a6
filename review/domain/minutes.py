"""The minutes of a session, made of the record alone: a first draft, and what was scored and counted apart from it (E-11)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.shared import clock
from portal.shared.office import in_office_language
from portal.shared.phrases import joined
from review.domain import score_summaries
from review.enums.scoring import SheetState
from review.enums.sitting import BEFORE_VOTE, DECIDED, ItemState, MemberState
from review.models import AgendaItem, CommitteeSession, ScoreSheet, SessionMember


@in_office_language
def drafted(session: CommitteeSession) -> str:
    """Return the draft; names of members and of applicants stand in it, scores, votes and outcomes never do.

    Chair and agency write on: what was counted is not the agency's before the signature (domain §9), and a case that
    the chair keeps out of stands in it by its number alone (A-48).
    """
    return "\n".join([*_head(session), "", *_attendance(session), "", *_cases(session)])


@in_office_language
def counted(session: CommitteeSession, *, reader: SessionMember | None = None) -> list[str]:
    """Return the lines on scores and outcomes, without the cases that ``reader`` keeps out of; they are never edited.

    Of a case that the chair keeps out of, what the draft leaves out stands here: it is written for who judges the whole.
    """
    handed_in = ScoreSheet.objects.filter(item__session=session, state=SheetState.HANDED_IN)
    scored = set(handed_in.values_list("item", flat=True))
    lines = []
    for item in _items(session):
        if reader is not None and any(one.member_id == reader.pk for one in item.recusals.all()):
            continue
        lines.append(_named(item))
        if _is_kept_from_chair(item):
            lines.extend(_said(item))
        if item.pk in scored and item.state not in BEFORE_VOTE:
            lines.append(_scores(item))
        lines.append(_outcome(item))
    return lines


def _head(session: CommitteeSession) -> Iterator[str]:
    when = dateformat.format(session.starts_at.astimezone(clock.BEIJING), _("Y年n月j日 H:i"))
    yield _("%(title)s会议记录") % {"title": session.title}
    yield _("评审委员会：%(committee)s（备案号%(number)s）") % {
        "committee": session.committee.name,
        "number": session.filing.number,
    }
    yield _("时间：%(when)s　地点：%(place)s") % {"when": when, "place": session.place}
    if session.opened_at is not None:
        yield _("实际开会：%(opened)s　实际闭会：%(closed)s") % {
            "opened": _clock(session.opened_at),
            "closed": _clock(session.closed_at) if session.closed_at is not None else _("尚未闭会"),
        }
    chair = session.members.filter(is_chair=True).select_related("person").first()
    yield _("主持人：%(name)s") % {"name": chair.person.full_name if chair else "—"}
    if session.commissioner is not None and session.commissioner_came_at:
        yield _("监督委员：%(name)s，到场监督。") % {"name": session.commissioner.full_name}
    elif session.commissioner_absence:
        yield _("监督委员未到场：%(why)s") % {"why": session.commissioner_absence}


def _attendance(session: CommitteeSession) -> Iterator[str]:
    members = list(session.members.seated().select_related("person").order_by("place"))
    came = [one for one in members if one.checked_in_at is not None]
    yield _("应到委员%(size)s人，签到%(came)s人：%(names)s。") % {
        "size": session.size,
        "came": len(came),
        "names": joined([one.person.full_name for one in came]),
    }
    absent = [one.person.full_name for one in members if one.checked_in_at is None]
    if absent:
        yield _("缺席：%(names)s。") % {"names": joined(absent)}
    for one in came:
        if session.opened_at and one.checked_in_at and one.checked_in_at > session.opened_at:
            yield _("%(name)s于%(time)s到场。") % {"name": one.person.full_name, "time": _clock(one.checked_in_at)}
        if one.state == MemberState.LEFT and one.left_at:
            yield _("%(name)s于%(time)s离场。") % {"name": one.person.full_name, "time": _clock(one.left_at)}
    watching = session.scrutineers.select_related("member__person").order_by("place")
    yield _("监票人：%(names)s。") % {"names": joined([one.member.person.full_name for one in watching])}


def _cases(session: CommitteeSession) -> Iterator[str]:
    for item in _items(session):
        if _is_kept_from_chair(item):
            yield _("第%(order)s项　会议主持人回避，姓名从略") % {"order": item.order}
        else:
            yield _named(item)
            yield from _said(item)


def _items(session: CommitteeSession) -> QuerySet[AgendaItem]:
    items = session.items.select_related("application__applicant").order_by("order")
    return items.prefetch_related("recusals__member__person")


def _is_kept_from_chair(item: AgendaItem) -> bool:
    return any(one.member.is_chair for one in item.recusals.all())


def _named(item: AgendaItem) -> str:
    return _("第%(order)s项　%(name)s　%(title)s（%(code)s）") % {
        "order": item.order,
        "name": item.application.applicant.full_name,
        "title": item.application.title,
        "code": item.application.code,
    }


def _said(item: AgendaItem) -> Iterator[str]:
    for one in item.recusals.all():
        known = {"name": one.member.person.full_name, "relation": one.get_relation_display()}
        yield _("　　%(name)s回避（%(relation)s）。") % known
    if item.discussion:
        yield _("　　讨论情况：%(words)s") % {"words": item.discussion}


def _scores(item: AgendaItem) -> str:
    """The summary as members saw it, with its flag; while scores still come in, nothing of them is written."""
    found = score_summaries.summary_of(item)
    if found.numbers is None:
        return _("　　收到评分表%(sheets)s份，不足%(least)s份，不汇总。") % {
            "sheets": found.sheets,
            "least": found.least,
        }
    words = _(
        "　　评分表%(sheets)s份，加权平均%(mean)s分（按100分折算），最高与最低相差%(spread)s分，仅供评议参考。"
    ) % {
        "sheets": found.sheets,
        "mean": found.numbers.mean,
        "spread": found.numbers.spread,
    }
    if not found.is_divergent:
        return words
    flag = _("评分相差超过%(threshold)s分，已提示主持人组织讨论。") % {"threshold": found.threshold}
    return words + flag + ("" if item.discussion else _("没有记录讨论情况。"))


def _outcome(item: AgendaItem) -> str:
    if item.state in DECIDED:
        return _(
            "　　出席%(present)s人，同意%(agree)s票，反对%(against)s票，弃权%(abstain)s票，未投或者无效%(rest)s票，%(state)s。"
        ) % {
            "present": item.present_for_item,
            "agree": item.agree,
            "against": item.against,
            "abstain": item.abstain,
            "rest": item.not_cast,
            "state": item.get_state_display(),
        }
    if item.state in {ItemState.DEFERRED, ItemState.REMOVED}:
        return _("　　%(state)s：%(reason)s") % {"state": item.get_state_display(), "reason": item.reason}
    return _("　　未表决。")


def _clock(instant: dt.datetime) -> str:
    return dateformat.format(instant.astimezone(clock.BEIJING), "H:i")
