"""The registers: identity, education, insurance, titles, organisations, credit records already known.

A person or organisation of `register.json`, or told through `/_control`, is answered about with what
stands there; whatever is not said of them, and everybody else, is derived from the number.
"""

import json
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.connectors.sandbox import derived
from portal.connectors.sandbox.identifiers import is_credit_code, is_document
from portal.connectors.sandbox.world import Refusal

Facts = dict[str, Any]
KNOWN = Path(__file__).with_name("register.json")
PUBLISHED_KINDS = {"1": "institution", "5": "social", "9": "enterprise"}


class Registers:
    """All registers over one book of known people and organisations."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was added."""
        self.people: dict[tuple[str, str], Facts] = {}
        self.organisations: dict[str, Facts] = {}
        self.add(json.loads(KNOWN.read_text("utf-8")))

    def add(self, book: Facts) -> None:
        """Add or replace people and organisations, in the form of `register.json`."""
        for organisation in book.get("organisations", []):
            self.organisations[organisation["credit_code"]] = organisation
        for person in book.get("people", []):
            self.people[person["document"], person["number"]] = person

    def identity(self, asked: Facts) -> Facts:
        """Say whether name and number belong together; of a valid number not in the book any name is right."""
        person = _asked_person(asked)
        if not is_document(person["document"], person["number"]):
            return {"verdict": "unknown"}
        known = self.people.get((person["document"], person["number"]))
        matches = known is None or known["name"] == person["name"]
        return {"verdict": "match" if matches else "mismatch"}

    def education(self, asked: Facts) -> Facts:
        """Answer with completed educations."""
        return {"schooling": self._told(asked, "schooling", lambda one, at: one.schooling(at)) or []}

    def insurance(self, asked: Facts) -> Facts:
        """Answer with the insurance as of the moment asked for."""
        answer = self._told(asked, "insurance", lambda one, at: one.insurance(at, self._employers()))
        if answer and "since" in answer:
            answer = self._counted(answer, _moment(asked).date())
        return {"insurance": answer}

    def beijing_titles(self, asked: Facts) -> Facts:
        """Answer with the titles of Beijing's own certificates."""
        return {"titles": [each for each in self._titles(asked) if each["authority"] == derived.BEIJING_BUREAU]}

    def national_titles(self, asked: Facts) -> Facts:
        """Answer with titles from anywhere."""
        return {"titles": self._titles(asked)}

    def organisation(self, asked: Facts) -> Facts:
        """Answer with a known organisation, or an invented one for any valid code."""
        code = str(asked.get("credit_code", "")).upper()
        if not is_credit_code(code):
            return {"organisation": None}
        if known := self.organisations.get(code):
            return {"organisation": {"standing": "active", **known}}
        kind = PUBLISHED_KINDS.get(code[0], "other")
        name = f"北京{code[12:16]}{'研究所' if kind == 'institution' else '协会' if kind == 'social' else '有限公司'}"
        return {"organisation": _unit(code, name, code[2:8]) | {"kind": kind, "standing": "active"}}

    def credit(self, kind: str, name: str, number: str) -> list[Facts]:
        """Return the credit records in the book."""
        if kind == "organisation":
            return list(self.organisations.get(number, {}).get("credit", []))
        return [
            record
            for (_, known), person in self.people.items()
            if known == number and person["name"] == name
            for record in person.get("credit", [])
        ]

    def _titles(self, asked: Facts) -> list[Facts]:
        return self._told(asked, "titles", lambda one, at: one.titles(at)) or []

    def _told(self, asked: Facts, about: str, derive: Any) -> Any:
        """Return what the book says; else what can be derived; None where name or number is wrong."""
        if self.identity(asked)["verdict"] != "match":
            return None
        person = _asked_person(asked)
        known = self.people.get((person["document"], person["number"]), {})
        if about in known:
            return deepcopy(known[about])
        return derive(derived.Person(person["document"], person["number"]), _moment(asked).date())

    def _counted(self, short: Facts, at: date) -> Facts:
        """Write out the book's short form: since which month, paid by whom, working where."""
        since = date.fromisoformat(short["since"])
        months = max(0, (at.year - since.year) * 12 + at.month - since.month + 1)
        employer, work_unit = (self._unit(short.get(role)) for role in ("employer", "work_unit"))
        return {
            "insured_as": "employee" if employer else "flexible",
            "months_paid": months,
            "months_in_a_row": months,
            "employer": employer,
            "work_unit": work_unit,
            "spells": [{"employer": employer, "since": short["since"], "until": None}] if employer else [],
        }

    def _unit(self, code: str | None) -> Facts | None:
        if code is None:
            return None
        known = self.organisations[code]
        return _unit(code, known["name"], known["district"])

    def _employers(self) -> list[Facts]:
        return [
            _unit(code, each["name"], each["district"])
            for code, each in self.organisations.items()
            if each.get("hires")
        ]


def _unit(code: str, name: str, district: str) -> Facts:
    return {"credit_code": code, "name": name, "district": district}


def _asked_person(asked: Facts) -> Facts:
    person = asked.get("person")
    if not isinstance(person, dict) or not {"name", "document", "number"} <= person.keys():
        raise Refusal(400, "bad_request", "person with name, document and number is needed")
    return person


def _moment(asked: Facts) -> datetime:
    return datetime.fromisoformat(asked["at"])
