"""All systems together: which operation is answered by whom, and what people may tell the sandbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.connectors.sandbox.authority import Authority
from portal.connectors.sandbox.courier import Courier
from portal.connectors.sandbox.gateway import Gateway
from portal.connectors.sandbox.providers import CreditPlatform, Messages, TitlePlatform
from portal.connectors.sandbox.registers import Registers
from portal.connectors.sandbox.world import Refusal, World

Facts = dict[str, Any]
JOURNAL = "payments.jsonl"
OF_THE_MOMENT = (
    *(("payment", name) for name in ("create", "query", "close", "refund", "query_refund")),
    *(("sms", name) for name in ("send", "report")),
    *((system, "push") for system in ("national_query", "credit_national", "credit_beijing")),
)
"""Questions that carry the portal's present time; a register may be asked about another day."""


class Desk:
    """The sandbox without its HTTP."""

    def __init__(self, data: Path, address: str = "") -> None:
        self.world = World()
        self.authority = Authority(data)
        self.courier = Courier(self.world)
        self.gateway = Gateway(self.world, self.courier, data / JOURNAL, address)
        self.registers = Registers()
        self._open()

    def _open(self) -> None:
        self.messages = Messages(self.world)
        self.platform = TitlePlatform(self.world)
        national = CreditPlatform(self.world, self.registers, "G")
        beijing = CreditPlatform(self.world, self.registers, "J")
        self.operations: dict[tuple[str, str], Callable[[Facts], Facts]] = {
            ("identity", "check"): self.registers.identity,
            ("education", "lookup"): self.registers.education,
            ("insurance", "lookup"): self.registers.insurance,
            ("titles", "lookup"): self.registers.beijing_titles,
            ("national_query", "lookup"): self._national_titles,
            ("national_query", "push"): self.platform.push,
            ("organisations", "lookup"): self.registers.organisation,
            ("payment", "create"): self.gateway.create,
            ("payment", "query"): self.gateway.query,
            ("payment", "close"): self.gateway.close,
            ("payment", "refund"): self.gateway.refund,
            ("payment", "query_refund"): self.gateway.query_refund,
            ("payment", "statement"): self.gateway.statement,
            ("sms", "send"): self.messages.send,
            ("sms", "report"): self.messages.report,
        }
        for name, platform in (("credit_national", national), ("credit_beijing", beijing)):
            self.operations |= {
                (name, "push"): platform.push,
                (name, "withdraw"): platform.withdraw,
                (name, "records"): platform.ask,
            }

    def answer(self, system: str, operation: str, asked: Any) -> Facts:
        """Answer a question whose signature held; raise `Refusal`."""
        try:
            do, at = self.operations[system, operation], datetime.fromisoformat(asked["at"])
        except (KeyError, TypeError, ValueError):
            raise Refusal(400, "bad_request", "no such operation, or no time in the question") from None
        with self.world.lock:
            if (system, operation) in OF_THE_MOMENT:
                self.world.follow(at)
            try:
                return do(asked)
            except (KeyError, TypeError) as missing:
                raise Refusal(400, "bad_request", f"missing or of a wrong type: {missing}") from missing

    def told(self, what: str, told: Facts) -> Facts:
        """Do what a test or a person tells; raise `Refusal` or ValueError."""
        with self.world.lock:
            match what:
                case "":
                    self._change(told)
                case "pay":
                    self.gateway.pay(told["order_number"], told["outcome"], told.get("paid_at"))
                case "settle_refunds":
                    self.gateway.settle_refunds()
                case "release":
                    pass
                case _:
                    raise Refusal(404, "unknown", "no such command")
        if what == "release":  # outside of the lock: the portal may ask back before it answers
            self.courier.release(reverse=told.get("reverse", False))
        return self.shown()

    def shown(self) -> Facts:
        """Return everything that happened."""
        with self.world.lock:
            return {
                **self.world.shown(),
                "sms": list(self.messages.sent.values()),
                "orders": list(self.gateway.orders.values()),
                "deliveries": list(self.courier.deliveries),
                "held": len(self.courier.held),
                "certificates": list(self.platform.certificates.values()),
            }

    def _change(self, told: Facts) -> None:
        if told.get("reset"):
            self.world.reset()
            self.registers.reset()
            self.gateway.reset()
            self.courier.reset()
            self._open()
        for system, mood in told.get("systems", {}).items():
            self.world.set_mood(system, mood)
        if "notices" in told:
            self.world.notices = replace(self.world.notices, **told["notices"])
        self.world.sms_delivery = told.get("sms_delivery", self.world.sms_delivery)
        self.world.slow_refunds = told.get("slow_refunds", self.world.slow_refunds)
        self.registers.add(told.get("register", {}))

    def _national_titles(self, asked: Facts) -> Facts:
        told: list[Facts] = self.registers.national_titles(asked)["titles"]
        pushed = self.platform.held_by(asked["person"])
        numbers = {each["certificate_number"] for each in pushed}
        return {"titles": [*pushed, *(each for each in told if each["certificate_number"] not in numbers)]}
