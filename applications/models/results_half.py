"""The steps of an application after its vote: accepted, publicised, cleared, certified, or ended without a title (domain §8.1 #25–#31)."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import guards
from applications.enums import OBJECTED_RESULTS
from applications.enums import ApplicationState as S
from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.workflow import transition

STATE = "state"  # the field of the machine that these steps belong to


class ResultsHalf(models.Model):
    """What an application inherits of the outcome; it is one machine with all the others."""

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
        source=S.VOTED_PASS,
        target=S.ACCEPTED,
        who=is_system,
        label=_("评审结果验收通过"),
        basis="R-121",
        guards=[guards.nothing_holds_it],
    )
    def accept_result(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The bureau accepted the result; it may be publicised, and the person may know it."""
        self._moved(at)

    @transition(STATE, source=S.VOTED_FAIL, target=S.NOT_PASSED, who=is_system, label=_("评审未通过"), basis="R-130")
    def not_pass(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The bureau accepted that too few agreed; the person is told with their right of review (A-24)."""
        self._ended(at, reason)

    @transition(
        STATE,
        source=S.NOT_PASSED,
        target=S.READY_FOR_COMMITTEE,
        who=is_system,
        label=_("复查决定重新评审"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_vote(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A review upheld after the outcome was told found the procedure wrong: others vote (domain §8.1 #35, §8.17 #6)."""
        self._moved(at)
        self.ended_at, self.end_reason = None, ""

    @transition(
        STATE,
        source=S.ACCEPTED,
        target=S.IN_RESULT_NOTICE,
        who=is_system,
        label=_("评审结果公示"),
        basis="R-122",
        guards=[guards.nothing_holds_it],
    )
    def publicise_result(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A public notice shows the result."""
        self._moved(at)

    @transition(
        STATE,
        source=S.IN_RESULT_NOTICE,
        target=S.ACCEPTED,
        who=is_system,
        label=_("更正后重新公示"),
        basis="A-08",
    )
    def leave_result_notice(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice was withdrawn, or showed something wrong of this person: a new full period follows."""
        self._moved(at)

    @transition(
        STATE,
        source=S.IN_RESULT_NOTICE,
        target=S.CLEARED,
        who=is_system,
        label=_("公示无异议"),
        basis="R-123",
        guards=[guards.nothing_holds_it],
    )
    def clear_result(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice ran its full time and nothing is open against this person."""
        self._moved(at)

    @transition(
        STATE,
        source=S.ACCEPTED,
        target=S.CLEARED,
        who=is_system,
        label=_("批准不公开公示"),
        basis="R-213",
        guards=[guards.talent_channel, guards.nothing_holds_it],
    )
    def exempt_from_notice(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Not fit for disclosure: lead and second approver exempted this one person from the list (A-12)."""
        self._moved(at)

    @transition(
        STATE,
        source=sorted(OBJECTED_RESULTS),
        target=S.NOT_RECOGNISED,
        who=is_system,
        label=_("评审结果不予承认"),
        basis="R-191",
        caution=True,
    )
    def not_recognise(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """An objection was upheld and affects the result (A-08)."""
        self._ended(at, reason)

    @transition(
        STATE,
        source=S.CLEARED,
        target=S.CERTIFIED,
        who=is_system,
        label=_("核发证书"),
        basis="R-123",
        guards=[guards.nothing_holds_it],
    )
    def certify(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The certificate is signed and in force; the application has reached what it was for."""
        self._moved(at)
