"""Refusals: why something cannot be done, on which rule that rests, and beside which field to say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Reason:
    """One reason of a refusal.

    ``text`` tells the person what is wrong and what to do; ``basis`` is the rule or decision that it rests on
    (``R-112``, ``A-05``); ``code`` is stable and for programs; ``field`` names the input it belongs to.
    """

    text: str | Promise
    basis: str = ""
    code: str = ""
    field: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the reason as the API shows it."""
        return {"code": self.code, "text": str(self.text), "basis": self.basis, "field": self.field}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that the rules refuse; carries every reason, not only the first."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(str(reason.text) for reason in self.reasons))


class StepRefused(Refusal):
    """A step whose guards do not all hold."""

    def __init__(self, step: str, reasons: Iterable[Reason]) -> None:
        self.step = step
        super().__init__(reasons)


class StepNotOpen(StepRefused):
    """A step that the present state does not offer."""


class StepNotPermitted(StepRefused):
    """A step that this actor may not take."""


class KeyReused(StepRefused):
    """An idempotency key that was already used for another step."""
