"""Those that are told things: text messages, credit platforms, the national title query platform."""

import re
import secrets
from typing import Any

from portal.connectors.sandbox.registers import Registers
from portal.connectors.sandbox.world import Refusal, World

Facts = dict[str, Any]
FAILING_PHONES = "0000"
"""A number that ends so is switched off."""


class Messages:
    """The text message provider."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: dict[str, Facts] = {}

    def send(self, asked: Facts) -> Facts:
        """Take a message; one message id is one message, however often it comes."""
        if not re.fullmatch(r"1\d{10}", str(asked.get("phone"))):
            raise Refusal(400, "bad_phone", "not a mobile number of the mainland")
        if not str(asked.get("text", "")).strip():
            raise Refusal(400, "empty_text", "nothing to send")
        known = self.sent.get(asked["message_id"])
        if known is None:
            known = self.sent[asked["message_id"]] = {
                "message_id": asked["message_id"],
                "provider_id": f"S{secrets.token_hex(8)}",
                "accepted_at": self.world.now().isoformat(),
                "phone": asked["phone"],
                "text": asked["text"],
            }
        return {name: known[name] for name in ("message_id", "provider_id", "accepted_at")}

    def report(self, asked: Facts) -> Facts:
        """Say what became of a message."""
        known = self.sent.get(asked.get("message_id", ""))
        if known is None:
            return {"report": None}
        failed = known["phone"].endswith(FAILING_PHONES)
        delivery = "failed" if failed else self.world.sms_delivery
        return {
            "report": {
                "message_id": known["message_id"],
                "provider_id": known["provider_id"],
                "delivery": delivery,
                "at": self.world.now().isoformat(),
                "reason": "UNDELIV" if delivery == "failed" else "",
            }
        }


class CreditPlatform:
    """One credit platform: records pushed to it, and those the register knows from elsewhere."""

    def __init__(self, world: World, registers: Registers, initial: str) -> None:
        self.world, self.registers, self.initial = world, registers, initial
        self.records: dict[str, Facts] = {}
        self.receipts: dict[tuple[str, str], Facts] = {}

    def push(self, asked: Facts) -> Facts:
        """Take a record; the same number again gets the same receipt."""
        self.records.setdefault(asked["record_number"], asked)
        return self._receipt("push", asked["record_number"])

    def withdraw(self, asked: Facts) -> Facts:
        """Take a record off."""
        if asked["record_number"] not in self.records:
            raise Refusal(404, "no_such_record", "no record of this number")
        self.records[asked["record_number"]] |= {"withdrawn": True}
        return self._receipt("withdraw", asked["record_number"])

    def ask(self, asked: Facts) -> Facts:
        """Answer with the records in force about one subject."""
        subject, day = asked["subject"], asked["at"][:10]
        pushed = [each for each in self.records.values() if each["subject"] == subject and "withdrawn" not in each]
        known = self.registers.credit(subject["kind"], subject["name"], subject["number"])
        fields = ("record_number", "behaviour", "decision", "decided_by", "decided_on", "record_until")
        in_force = [each for each in [*pushed, *known] if each["decided_on"] <= day <= each["record_until"]]
        return {"records": [{name: each[name] for name in fields} for each in in_force]}

    def _receipt(self, deed: str, number: str) -> Facts:
        return self.receipts.setdefault(
            (deed, number),
            {
                "record_number": number,
                "receipt_number": f"{self.initial}{secrets.randbelow(10**12):012d}",
                "received_at": self.world.now().isoformat(),
            },
        )


class TitlePlatform:
    """The national title query platform as receiver of certificates."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.certificates: dict[str, Facts] = {}
        self.receipts: dict[tuple[str, int], Facts] = {}

    def push(self, asked: Facts) -> Facts:
        """Take a version of a certificate; an older one than the newest known is refused."""
        number, version = asked["certificate_number"], asked["version"]
        if version < self.certificates.get(number, asked)["version"]:
            raise Refusal(409, "outdated", "a newer version is known")
        self.certificates[number] = asked
        return self.receipts.setdefault(
            (number, version),
            {
                "certificate_number": number,
                "version": version,
                "receipt_number": f"N{secrets.randbelow(10**12):012d}",
                "received_at": self.world.now().isoformat(),
            },
        )

    def held_by(self, person: Facts) -> list[Facts]:
        """Return the pushed certificates of a person in the form of a title held."""
        fields = ("certificate_number", "series", "specialty", "title", "level", "passed_on", "authority")
        return [
            {name: each[name] for name in (*fields, "district_limited", "standing")}
            for each in self.certificates.values()
            if each["person"] == person
        ]
