"""Guards: facts that must hold before a step, each with the words of its refusal and its rule."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from portal.accounts.actors import Actor
from portal.shared.errors import Reason


@dataclass(frozen=True)
class Attempt:
    """A step that somebody tries: who, when, and with what. ``facts`` are the inputs of the step."""

    step: str
    by: Actor
    at: dt.datetime
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


# True: the fact holds. False: refuse in the guard's own words. A text: refuse in these words, which tell more.
# Reasons: refuse with each of them on its own rule; none of them means that the fact holds.
Answer = bool | str | Promise | list[Reason]
Test = Callable[[Any, Attempt], Answer]


@dataclass(frozen=True)
class Guard:
    """One fact with its refusal.

    ``needs`` names inputs without which the fact cannot be judged: a page that only shows the button
    leaves such a guard for the submission, where a missing input is judged as given empty.
    """

    test: Test
    refusal: str | Promise
    basis: str
    code: str
    needs: tuple[str, ...] = ()
    field: str = ""

    def reasons_against(self, subject: Any, attempt: Attempt) -> list[Reason]:
        """Return why ``attempt`` is refused, an empty list where the fact holds."""
        answer = self.test(subject, attempt)
        if answer is True:
            return []
        if isinstance(answer, list):
            return answer
        text = self.refusal if answer is False else answer
        return [Reason(text=text, basis=self.basis, code=self.code, field=self.field)]

    def can_be_judged(self, attempt: Attempt) -> bool:
        """Return whether every input that the fact needs is known."""
        return all(name in attempt.facts for name in self.needs)


def guard(
    refusal: str | Promise, *, basis: str, needs: tuple[str, ...] = (), field: str = ""
) -> Callable[[Test], Guard]:
    """Turn a test into a guard that refuses with ``refusal``, resting on the rule ``basis``.

    The test takes (subject, attempt) and returns True, False, the text of a more telling refusal, or a list of reasons.
    ``field`` names the form field beside which the refusal is shown.
    """

    def make(test: Test) -> Guard:
        code = test.__name__
        return Guard(test=test, refusal=refusal, basis=basis, code=code, needs=needs, field=field)

    return make
