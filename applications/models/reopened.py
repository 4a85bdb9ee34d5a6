"""The steps by which an application goes on that had ended, because a review found procedure or facts wrong (domain §8.17 #6)."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import guards
from applications.enums import ApplicationState as A
from applications.enums import RecommendationState as R
from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.workflow import transition

STATE = "state"  # the field of the machine that these steps belong to


class ApplicationReopened(models.Model):
    """What an application inherits of reviews that are upheld: the way back to where each end was reached."""

    ended_at: dt.datetime | None
    end_reason: str
    reopened_until: dt.datetime | None

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    def _goes_on(self, at: dt.datetime) -> None:
        self._moved(at)
        self.ended_at, self.end_reason = None, ""

    @transition(
        STATE,
        source=A.NOT_RECOMMENDED,
        target=A.DRAFT,
        who=is_system,
        label=_("复查决定恢复更正"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_draft(self, *, by: Actor, at: dt.datetime, reopened_until: dt.datetime, **_facts: Any) -> None:
        """The person was correcting after an objection when another one ended it, and corrects on."""
        self._goes_on(at)
        self.reopened_until = reopened_until

    @transition(
        STATE,
        source=A.NOT_RECOMMENDED,
        target=A.WITH_EMPLOYER,
        who=is_system,
        label=_("复查决定重新审核推荐"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_recommendation(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer checks, publicises and decides anew."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.NOT_RECOMMENDED,
        target=A.RESUBMITTED,
        who=is_system,
        label=_("复查决定重新复核推荐"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_recheck(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer looks at the corrected file anew."""
        self._goes_on(at)

    @transition(
        STATE,
        source=[A.DEEMED_WITHDRAWN, A.NOT_RECOMMENDED],
        target=A.RETURNED,
        who=is_system,
        label=_("复查决定重新补正"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_correction(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person has the whole time to correct once more; the agency's one return is not counted again."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.REJECTED,
        target=A.UNDER_REVIEW,
        who=is_system,
        label=_("复查决定重新审核"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_check(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The agency's first check goes on."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.REJECTED,
        target=A.UNDER_SECOND_REVIEW,
        who=is_system,
        label=_("复查决定重新复审"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_second_check(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The agency's check of the corrected file goes on."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.DEEMED_WITHDRAWN,
        target=A.REVIEW_PASSED,
        who=is_system,
        label=_("复查决定重新计算缴费期限"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_fee(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The fee is due once more, with its whole time."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.DEEMED_WITHDRAWN,
        target=A.AWAITING_DEFENCE,
        who=is_system,
        label=_("复查决定另行安排答辩"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_defence(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The absence is none; the agency finds another time."""
        self._goes_on(at)

    @transition(
        STATE,
        source=A.NOT_RECOGNISED,
        target=A.ACCEPTED,
        who=is_system,
        label=_("复查决定恢复评审结果"),
        basis="A-24",
        guards=[guards.no_other_this_year],
    )
    def reopen_result(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The result stands, and is shown anew for a full period."""
        self._goes_on(at)


class RecommendationReopened(models.Model):
    """What a recommendation inherits of applications that go on after their end."""

    ground: str
    remark: str
    after_objection: bool

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    def _begins_anew(self, at: dt.datetime, remark: str = "") -> None:
        self._moved(at)
        self.ground, self.remark = "", remark

    @transition(STATE, source=R.CLOSED, target=R.RECOMMENDED, who=is_system, label=_("恢复推荐"), basis="A-10")
    def reopen(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application that had ended goes on: its fee was paid in time after all, or a review was upheld."""
        self._moved(at)

    @transition(
        STATE, source=R.REFUSED, target=R.CHECKING, who=is_system, label=_("复查决定重新审核推荐"), basis="A-24"
    )
    def take_up_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The refusal falls; the employer publicises in time of its own, as after an objection, whatever the year's window."""
        self._begins_anew(at)
        self.after_objection = True

    @transition(
        STATE, source=R.REFUSED, target=R.RECHECKING, who=is_system, label=_("复查决定重新复核推荐"), basis="A-24"
    )
    def recheck_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The refusal of the corrected file falls."""
        self._begins_anew(at)

    @transition(
        STATE,
        source=[R.REFUSED, R.CLOSED],
        target=R.SENT_BACK,
        who=is_system,
        label=_("复查决定恢复更正"),
        basis="A-24",
    )
    def go_on_correcting(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The person goes on with the correction that an objection made necessary, for the ``reason`` that was told then."""
        self._begins_anew(at, reason)
