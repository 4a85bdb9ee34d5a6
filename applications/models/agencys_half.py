"""The steps of an application after the agency's check: the fee, the defence, the committee's door (domain §8.1 #14–#21)."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import guards, rules
from applications.enums import ApplicationState as S
from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.workflow import transition

STATE = "state"  # the field of the machine that these steps belong to


class AgencysHalf(models.Model):
    """What an application inherits of the agency's half; it is one machine with the person's and the employer's."""

    ended_at: dt.datetime | None
    end_reason: str

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    def _ended(self, at: dt.datetime, reason: str = "") -> None:
        raise NotImplementedError

    @transition(
        STATE,
        source=[S.UNDER_REVIEW, S.UNDER_SECOND_REVIEW],
        target=S.REVIEW_PASSED,
        who=rules.leads_the_agency,
        label=_("审核通过"),
        basis="R-096",
        guards=[guards.agency_decided, guards.nothing_holds_it],
    )
    def pass_review(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every item was found right by one of the agency and confirmed by another; the fee falls due."""
        self._moved(at)

    @transition(
        STATE,
        source=[S.UNDER_REVIEW, S.UNDER_SECOND_REVIEW],
        target=S.REJECTED,
        who=rules.leads_the_agency,
        label=_("审核不通过"),
        basis="R-090",
        guards=[guards.agency_decided, guards.nothing_holds_it],
        caution=True,
    )
    def reject(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """A condition is not met; the person may ask for a review of the procedure (R-130)."""
        self._ended(at, reason)

    @transition(STATE, source=S.REVIEW_PASSED, target=S.PAID, who=is_system, label=_("已缴费"), basis="R-101")
    def pay(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The money is confirmed, or nothing was to be paid (A-43)."""
        self._moved(at)

    @transition(
        STATE,
        source=S.REVIEW_PASSED,
        target=S.DEEMED_WITHDRAWN,
        who=is_system,
        label=_("逾期未缴费，视为放弃"),
        basis="R-102",
    )
    def expire_fee(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """Not paid in time; nobody decides this."""
        self._ended(at, reason)

    @transition(
        STATE,
        source=S.DEEMED_WITHDRAWN,
        target=S.PAID,
        who=is_system,
        label=_("按时缴费已到账，恢复申报"),
        basis="A-10",
        guards=[guards.no_other_this_year],
    )
    def revive(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The gateway tells late of money that was paid in time: nobody loses by its slowness."""
        self._moved(at)
        self.ended_at, self.end_reason = None, ""

    @transition(
        STATE,
        source=S.PAID,
        target=S.AWAITING_DEFENCE,
        who=rules.the_agency_or_system,
        label=_("安排答辩"),
        basis="R-105",
        guards=[guards.nothing_holds_it],
    )
    def plan_defence(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Senior and intermediate levels answer questions before the vote."""
        self._moved(at)

    @transition(
        STATE,
        source=S.PAID,
        target=S.READY_FOR_COMMITTEE,
        who=is_system,
        label=_("无需答辩"),
        basis="R-106",
    )
    def skip_defence(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Junior level: no defence."""
        self._moved(at)

    @transition(
        STATE,
        source=S.AWAITING_DEFENCE,
        target=S.READY_FOR_COMMITTEE,
        who=rules.the_agency_or_system,
        label=_("完成答辩"),
        basis="R-105",
    )
    def complete_defence(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The panel heard the person and wrote its opinions."""
        self._moved(at)

    @transition(
        STATE,
        source=S.AWAITING_DEFENCE,
        target=S.DEEMED_WITHDRAWN,
        who=is_system,
        label=_("未参加答辩，视为放弃"),
        basis="A-27",
    )
    def miss_defence(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """Absent, and no excuse was accepted in time; the fee is kept."""
        self._ended(at, reason)
