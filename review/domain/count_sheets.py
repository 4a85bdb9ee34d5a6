"""The count sheet of a session: the totals of every case in one canonical form, which the chair signs by its digest."""

import hashlib
import json
from typing import Any

from portal.catalogue.queries import policy_of
from review.enums.sitting import ItemState
from review.models import AgendaItem, CommitteeSession


def sheet_of(session: CommitteeSession) -> dict[str, Any]:
    """Return the whole count: who was there by code, and of each case the totals and the outcome; never anybody's vote."""
    items = session.items.select_related("application").order_by("order")
    return {
        "session": session.code,
        "committee": session.committee.name,
        "size": session.size,
        "present": sorted(session.members.exclude(checked_in_at=None).values_list("code", flat=True)),
        "items": [
            {
                "item": item.code,
                "application": item.application.code,
                "order": item.order,
                "state": _signed_state(item),
                "present_for_item": item.present_for_item,
                "agree": item.agree,
                "against": item.against,
                "abstain": item.abstain,
                "not_cast": item.not_cast,
            }
            for item in items
        ],
        "minutes": hashlib.sha256(session.minutes.encode()).hexdigest(),
        "remarks": hashlib.sha256(session.remarks.encode()).hexdigest(),
    }


def _signed_state(item: AgendaItem) -> str:
    """Return the state as it was signed: an outcome that was voided later is the one that its counts give."""
    if item.state != ItemState.VOIDED:
        return str(item.state)
    is_pass = policy_of(item.policy_code).reaches("vote", int(item.agree or 0), int(item.present_for_item or 0))
    return str(ItemState.DECIDED_PASS if is_pass else ItemState.DECIDED_FAIL)


def digest_of(session: CommitteeSession) -> str:
    """Return the SHA-256 of the sheet in canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(sheet_of(session), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
