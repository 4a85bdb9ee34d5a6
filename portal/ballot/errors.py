"""Why something that came from outside is not taken."""

from enum import StrEnum


class Fault(StrEnum):
    """The check that failed."""

    LENGTH = "length"
    SCALAR = "scalar"
    POINT = "point"
    CHOICE = "choice"
    PROOF = "proof"
    SIGNATURE = "signature"
    POSSESSION = "possession"
    SHARE = "share"
    CONFIRMATION = "confirmation"
    PARTIAL = "partial"
    THRESHOLD = "threshold"
    TOTALS = "totals"
    ROLL = "roll"
    OUTCOME = "outcome"


class BallotRefused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A message of the protocol fails a check; ``fault`` names it, the text says it to an engineer."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
