"""Who of a committee's roll can be drawn on a day, and why somebody cannot."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.shared.errors import Reason
from review.enums.pooling import TermState
from review.models import CommitteeFiling, ExpertTerm


def drawable(filing: CommitteeFiling, on: dt.date) -> QuerySet[ExpertTerm]:
    """Return the terms of the filed roll that may be drawn for a session on the day ``on``, in the order of their codes.

    Appointed, the day inside the term, the promise of secrecy and recusal given (E-06, R-116). What a member to come
    or one to go is in a prepared amendment does not count before the bureau confirmed it.
    """
    rows = ExpertTerm.objects.covering(on).filter(places__filing=filing, places__is_listed=True)
    return rows.with_all().order_by("code")


def why_not_drawable(filing: CommitteeFiling, on: dt.date) -> list[tuple[ExpertTerm, Reason]]:
    """Return the members of the filed roll who cannot be drawn on the day ``on``, each with the reason."""
    listed = ExpertTerm.objects.filter(places__filing=filing, places__is_listed=True)
    left_out = listed.exclude(pk__in=drawable(filing, on).order_by().values("pk")).with_all().order_by("code")
    return [(term, _reason(term, on)) for term in left_out]


def _reason(term: ExpertTerm, on: dt.date) -> Reason:
    if term.state == TermState.DISQUALIFIED:
        return Reason(_("已取消专家资格。"), "R-144", "disqualified")
    if term.state != TermState.APPOINTED:
        text = _("当前状态为「%(state)s」，不参加抽取。") % {"state": term.get_state_display()}
        return Reason(text, "R-160", "not_appointed")
    if term.starts_on is None or term.ends_on is None or not term.starts_on <= on <= term.ends_on:
        known = {"first": _day(term.starts_on), "last": _day(term.ends_on)}
        return Reason(_("会议日期不在聘期（%(first)s至%(last)s）内。") % known, "R-163", "outside_the_term")
    return Reason(_("尚未签署保密和回避承诺。"), "R-116", "promise_missing")


def _day(day: dt.date | None) -> str:
    return dateformat.format(day, _("Y年n月j日")) if day else "—"
