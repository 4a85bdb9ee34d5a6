"""What a notice and a decision say, as one piece: the words concern a person, so the ledger keeps none of them."""

import datetime as dt
from dataclasses import dataclass

from portal.integrity.enums import Act, Measure


@dataclass(frozen=True)
class Words:
    """A text about a person on its way into a record; being no plain value, it stays out of the ledger."""

    text: str

    def __str__(self) -> str:
        """Return the text without blanks around it."""
        return self.text.strip()


@dataclass(frozen=True)
class Intent:
    """The notice before a decision: what was done, on which grounds, which measures are meant, whether as serious (A-45)."""

    act: Act
    grounds: str
    measures: tuple[Measure, ...]
    is_serious: bool = False


@dataclass(frozen=True)
class Ruling:
    """The decision: its text, what became of the subject's statement, who deliberated, the measures, the remedies.

    ``deliberation`` names the collective discussion (date, number of the minutes, those present).
    """

    text: str
    deliberation: str
    measures: tuple[Measure, ...]
    remedies: str
    considered: str = ""
    is_serious: bool = False


@dataclass(frozen=True)
class Sentence:
    """How long what follows from a decision lasts, by the policy of its day; every end is an exclusive bound."""

    policy_code: str
    record_until: dt.datetime
    apply_bar_until: dt.datetime | None = None
    promotion_bar_until: dt.datetime | None = None
