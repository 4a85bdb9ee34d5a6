"""Executing what has fallen due before a step is judged, in a transaction of its own, so that a refusal cannot undo it."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.db import models, transaction

from portal.workflow import settle_due

Subject = TypeVar("Subject", bound=models.Model)
Rest = ParamSpec("Rest")
Result = TypeVar("Result")


def settled_first(
    step: Callable[Concatenate[Subject, Rest], Result],
) -> Callable[Concatenate[Subject, Rest], Result]:
    """Have ``step(subject, …, at=…)`` run in one transaction, after every expiry on its subject was executed and kept."""

    @wraps(step)
    def run(subject: Subject, /, *args: Rest.args, **facts: Rest.kwargs) -> Result:
        settle_due(subject, cast(dt.datetime, facts["at"]))
        with transaction.atomic():
            return step(subject, *args, **facts)

    return run
