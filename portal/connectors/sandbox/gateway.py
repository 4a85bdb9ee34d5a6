"""The payment gateway: orders, payers, refunds, statements, and notices to the portal.

Its memory is a journal of JSON lines, so that payments survive a restart.
"""

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.connectors.sandbox.courier import Courier
from portal.connectors.sandbox.world import BEIJING, Refusal, World

Facts = dict[str, Any]
PAGE = 20
"""Lines on a page of a statement: few, so that pages are turned."""
SHOWN = ("order_number", "trade_number", "status", "amount", "pay_url", "paid_at", "receipt_number")


class Gateway:
    """Orders by their number; `address` is where the payer's browser finds the sandbox."""

    def __init__(self, world: World, courier: Courier, journal: Path, address: str) -> None:
        self.world, self.courier, self.journal, self.address = world, courier, journal, address
        self.orders: dict[str, Facts] = {}
        if journal.exists():
            for line in journal.read_text("utf-8").splitlines():
                order = json.loads(line)
                self.orders[order["order_number"]] = order

    def reset(self) -> None:
        """Forget every payment."""
        self.orders.clear()
        self.journal.unlink(missing_ok=True)

    def create(self, asked: Facts) -> Facts:
        """Open an order; the same number again is the same order, unless it is for another amount."""
        number = asked["order_number"]
        known = self.orders.get(number)
        if known and known["amount"] != asked["amount"]:
            raise Refusal(409, "order_differs", "the order number was used for another amount")
        if known is None:
            if asked["amount"] <= 0:
                raise Refusal(400, "bad_amount", "an order is for more than nothing")
            token = secrets.token_urlsafe(16)
            known = {
                **{name: asked[name] for name in ("amount", "subject", "expires_at", "notify_url", "return_url")},
                "order_number": number,
                "trade_number": f"T{self.world.now():%Y%m%d}{secrets.randbelow(10**10):010d}",
                "status": "open",
                "pay_url": f"{self.address}/pay/{token}",
                "token": token,
                "paid_at": None,
                "receipt_number": None,
                "refunds": {},
            }
            self._keep(known)
        return _shown(known)

    def query(self, asked: Facts) -> Facts:
        """Answer with an order as it stands."""
        known = self.orders.get(asked["order_number"])
        return {"order": _shown(known) if known else None}

    def close(self, asked: Facts) -> Facts:
        """Close an order that is still open."""
        order = self._order(asked["order_number"])
        if order["status"] == "open":
            self._keep(order | {"status": "closed"})
        return _shown(self.orders[order["order_number"]])

    def refund(self, asked: Facts) -> Facts:
        """Give money back; the same number again is the same refund."""
        order = self._order(asked["order_number"])
        known: Facts | None = order["refunds"].get(asked["refund_number"])
        if known is None:
            known = self._new_refund(order, asked)
        elif known["amount"] != asked["amount"]:
            raise Refusal(409, "refund_differs", "the refund number was used for another amount")
        return known

    def query_refund(self, asked: Facts) -> Facts:
        """Answer with a refund as it stands."""
        known = [order["refunds"].get(asked["refund_number"]) for order in self.orders.values()]
        return {"refund": next(filter(None, known), None)}

    def statement(self, asked: Facts) -> Facts:
        """Answer with a page of one day's movements."""
        lines = sorted(self._movements(asked["day"]), key=lambda line: line["happened_at"])
        start = PAGE * (asked["page"] - 1)
        more = start + PAGE < len(lines)
        return {"lines": lines[start : start + PAGE], "next_page": asked["page"] + 1 if more else None}

    def pay(self, order_number: str, outcome: str, paid_at: str | None = None) -> None:
        """Let the payer succeed or fail; raise `Refusal` where the order can no longer be paid."""
        order = self._order(order_number)
        moment = paid_at or self.world.now().isoformat(timespec="seconds")
        if order["status"] != "open":
            raise Refusal(409, "not_open", "the order is no longer open")
        if datetime.fromisoformat(moment) > datetime.fromisoformat(order["expires_at"]):
            raise Refusal(409, "expired", "the order can no longer be paid")
        if outcome == "succeeded":
            receipt = f"1106{secrets.randbelow(10**10):010d}"
            self._keep(order | {"status": "succeeded", "paid_at": moment, "receipt_number": receipt})
        self._tell(self.orders[order_number], outcome, moment)

    def settle_refunds(self) -> None:
        """Complete the refunds that are on their way."""
        for order in list(self.orders.values()):
            for refund in order["refunds"].values():
                if refund["status"] == "processing":
                    self._complete(order, refund)

    def by_token(self, token: str) -> Facts | None:
        """Return the order that a payer's address belongs to."""
        return next((order for order in self.orders.values() if order["token"] == token), None)

    def _order(self, number: str) -> Facts:
        if number not in self.orders:
            raise Refusal(404, "no_such_order", "no order of this number")
        return self.orders[number]

    def _new_refund(self, order: Facts, asked: Facts) -> Facts:
        if order["status"] not in ("succeeded", "refunded"):
            raise Refusal(409, "not_paid", "nothing was paid")
        if asked["amount"] + sum(each["amount"] for each in order["refunds"].values()) > order["amount"]:
            raise Refusal(409, "too_much", "more than was paid")
        refund = {name: asked[name] for name in ("refund_number", "order_number", "amount")}
        refund |= {"status": "processing", "refunded_at": None}
        order["refunds"][asked["refund_number"]] = refund
        self._keep(order)
        if not self.world.slow_refunds:
            self._complete(order, refund)
        return refund

    def _complete(self, order: Facts, refund: Facts) -> None:
        refund |= {"status": "succeeded", "refunded_at": self.world.now().isoformat(timespec="seconds")}
        if sum(each["amount"] for each in order["refunds"].values()) == order["amount"]:
            order["status"] = "refunded"
        self._keep(order)
        self._tell(order, "refunded", refund["refunded_at"], refund)

    def _tell(self, order: Facts, event: str, moment: str, refund: Facts | None = None) -> None:
        notice = {
            "event": event,
            "order_number": order["order_number"],
            "trade_number": order["trade_number"],
            "amount": (refund or order)["amount"],
            "happened_at": moment,
            "receipt_number": order["receipt_number"] if event == "succeeded" else None,
            "refund_number": refund["refund_number"] if refund else None,
        }
        self.courier.send(order["notify_url"], notice)

    def _movements(self, day: str) -> list[Facts]:
        lines = []
        for order in self.orders.values():
            if order["paid_at"]:
                lines.append(_line(order, "paid", order["amount"], order["paid_at"], None))
            lines += [
                _line(order, "refunded", refund["amount"], refund["refunded_at"], refund["refund_number"])
                for refund in order["refunds"].values()
                if refund["refunded_at"]
            ]
        return [each for each in lines if _day(each["happened_at"]) == day]

    def _keep(self, order: Facts) -> None:
        self.orders[order["order_number"]] = order
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(order, ensure_ascii=False) + "\n")


def _shown(order: Facts) -> Facts:
    return {name: order[name] for name in SHOWN}


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(BEIJING).date().isoformat()


def _line(order: Facts, direction: str, amount: int, moment: str, refund_number: str | None) -> Facts:
    return {
        "direction": direction,
        "order_number": order["order_number"],
        "trade_number": order["trade_number"],
        "amount": amount,
        "happened_at": moment,
        "refund_number": refund_number,
    }
