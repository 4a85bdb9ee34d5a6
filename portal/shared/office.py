"""The office's language: what is kept, told and printed is Chinese, whoever acts and in whatever language they read."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

Given = ParamSpec("Given")
Result = TypeVar("Result")


def office_language() -> translation.override:
    """Return a context in which texts come in the office's language; the reader's is back after it."""
    return translation.override(settings.LANGUAGE_CODE)


def in_office_language(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Have ``function`` run in the office's language; a context of its own per call, as calls nest and threads share."""

    @wraps(function)
    def run(*args: Given.args, **facts: Given.kwargs) -> Result:
        with office_language():
            return function(*args, **facts)

    return run
