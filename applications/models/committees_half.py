"""The steps of an application in the committee's hands, up to the result that waits for acceptance (domain §8.1 #22–#24, #35)."""

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


class CommitteesHalf(models.Model):
    """What an application inherits of the committee's part; it is one machine with all the others."""

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    @transition(
        STATE,
        source=S.READY_FOR_COMMITTEE,
        target=S.ON_AGENDA,
        who=rules.the_agency_or_system,
        label=_("列入评审会议"),
        basis="R-096",
        guards=[guards.nothing_holds_it],
    )
    def put_on_agenda(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A convened session will vote on it; the person cannot withdraw freely any more."""
        self._moved(at)

    @transition(
        STATE,
        source=S.ON_AGENDA,
        target=S.READY_FOR_COMMITTEE,
        who=is_system,
        label=_("移出评审会议"),
        basis="A-03",
    )
    def leave_agenda(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Deferred, removed, or the session was cancelled: another session will vote on it."""
        self._moved(at)

    @transition(
        STATE,
        source=S.ON_AGENDA,
        target=S.VOTED_PASS,
        who=is_system,
        label=_("评审表决通过"),
        basis="R-112",
    )
    def record_pass(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The chair signed the count: enough of those present agreed. Told to nobody before acceptance."""
        self._moved(at)

    @transition(
        STATE,
        source=S.ON_AGENDA,
        target=S.VOTED_FAIL,
        who=is_system,
        label=_("评审表决未通过"),
        basis="R-112",
    )
    def record_fail(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The chair signed the count: too few of those present agreed. Told to nobody before acceptance."""
        self._moved(at)

    @transition(
        STATE,
        source=[S.VOTED_PASS, S.VOTED_FAIL],
        target=S.READY_FOR_COMMITTEE,
        who=is_system,
        label=_("重新评审"),
        basis="A-24",
    )
    def vote_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The bureau found the procedure wrong; other members vote in another session."""
        self._moved(at)
