"""What becomes of each applicant: told by the seed and the number alone, so that the same seed tells the same year."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from random import Random

# The golden ratio's fraction: multiples of it fill [0, 1) evenly, so that thirty people show what three thousand do.
EVENLY = 0.6180339887498949


class Ending(StrEnum):
    """How far an application comes."""

    FORGOTTEN = "forgotten"
    TOO_EARLY = "too_early"
    CIVIL_SERVANT = "civil_servant"
    UNINSURED = "uninsured"
    DISHONEST = "dishonest"
    WITHDRAWN = "withdrawn"
    EMPLOYER_SILENT = "employer_silent"
    EMPLOYER_REFUSED = "employer_refused"
    OBJECTION_UPHELD = "objection_upheld"
    REJECTED = "rejected"
    CORRECTION_MISSED = "correction_missed"
    REJECTED_AFTER_RETURN = "rejected_after_return"
    UNPAID = "unpaid"
    ABSENT = "absent"
    DEFERRED = "deferred"
    VOTED_DOWN = "voted_down"
    RESULT_STRUCK = "result_struck"
    CERTIFIED = "certified"


# Of a thousand. Whose level has no defence cannot be absent and is certified instead.
SHARES = {
    Ending.FORGOTTEN: 20,
    Ending.TOO_EARLY: 18,
    Ending.CIVIL_SERVANT: 6,
    Ending.UNINSURED: 6,
    Ending.DISHONEST: 3,
    Ending.WITHDRAWN: 15,
    Ending.EMPLOYER_SILENT: 10,
    Ending.EMPLOYER_REFUSED: 20,
    Ending.OBJECTION_UPHELD: 6,
    Ending.REJECTED: 30,
    Ending.CORRECTION_MISSED: 15,
    Ending.REJECTED_AFTER_RETURN: 8,
    Ending.UNPAID: 20,
    Ending.ABSENT: 12,
    Ending.DEFERRED: 12,
    Ending.VOTED_DOWN: 120,
    Ending.RESULT_STRUCK: 5,
    Ending.CERTIFIED: 674,
}
LIMITS = list(zip(accumulate(SHARES.values()), SHARES, strict=True))
NEVER_SUBMITTED = frozenset(
    {Ending.FORGOTTEN, Ending.TOO_EARLY, Ending.CIVIL_SERVANT, Ending.UNINSURED, Ending.DISHONEST}
)
# How likely each detour is for whoever comes so far.
DETOURS = {
    "forgets_the_promise": 0.08,
    "takes_back": 0.06,
    "sent_back": 0.05,
    "objected": 0.02,
    "returned": 0.12,
    "excellent": 0.3,
    "objected_to_result": 0.015,
}
RETURNED = frozenset({Ending.CORRECTION_MISSED, Ending.REJECTED_AFTER_RETURN})


@dataclass(frozen=True)
class Story:
    """One applicant's year: how it ends, and the detours on the way for whoever comes so far."""

    number: int
    ending: Ending
    forgets_the_promise: bool
    takes_back: bool
    sent_back: bool
    objected: bool
    returned: bool
    excellent: bool
    objected_to_result: bool

    @property
    def needs_correction(self) -> bool:
        """Whether the agency returns the file."""
        return (self.returned and self.ending is not Ending.REJECTED) or self.ending in RETURNED


def tossed(luck: Random) -> bool:
    """Return one of two answers, each as likely as the other."""
    return luck.getrandbits(1) == 1


def luck_of(seed: int, number: int, about: str) -> Random:
    """Return the dice of one person for one matter; always the same."""
    return Random(f"{seed}:{number}:{about}")  # noqa: S311 - a play, not a secret


def story_of(seed: int, number: int) -> Story:
    """Return the story of the applicant with this number."""
    dice = luck_of(seed, number, "story")
    start = luck_of(seed, 0, "start").random()
    place = int(((start + number * EVENLY) % 1.0) * 1000)
    ending = next(ending for limit, ending in LIMITS if place < limit)
    return Story(
        number=number,
        ending=ending,
        **{name: dice.random() < share for name, share in DETOURS.items()},
    )


def stories(seed: int, numbers: range) -> Iterator[Story]:
    """Yield the stories of many, one by one."""
    return (story_of(seed, number) for number in numbers)
