"""What was discussed of a case before its vote, in the words of whoever led it; it stands in the minutes (R-114)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review import rules
from review.domain.holding_session import held_item, moved
from review.enums.sitting import ItemState
from review.models import AgendaItem

FEWEST_SIGNS = 5


def note(item: AgendaItem, text: str, *, by: Actor, at: dt.datetime) -> AgendaItem:
    """Write down that and how the members discussed the case under discussion; a later text takes the earlier one's place.

    It answers the flag of scores that lie far apart, and stands whether the flag does or not: were it refused without
    one, whoever leads the case would learn of the flag before handing in the own sheet. No vote waits for it.
    Raises StepNotPermitted for anybody else, and Refusal before the case is presented, once its vote is open, or
    without words.
    """
    with transaction.atomic():
        row = held_item(item)
        if not rules.chairs_item.test(by, row):
            text_ = _("由主持该事项的人记录。")
            raise StepNotPermitted("discuss", [Reason(text_, "R-114", "step_not_permitted")])
        if row.state != ItemState.PRESENTED:
            raise Refusal([Reason(_("提请评议后、开始投票前才能记录讨论情况。"), "R-114", "not_discussed_now")])
        words = text.strip()
        if len(words) < FEWEST_SIGNS:
            raise Refusal([Reason(_("请写明讨论情况，至少5个字。"), "R-114", "discussion_written", "text")])
        if row.discussion == words:
            return row
        row.discussion = words
        row.save(update_fields=["discussion", "updated_at"])
        record(row, "discuss", by=by, at=at, note=words, basis="R-114")
        moved(row.session)
        return row
