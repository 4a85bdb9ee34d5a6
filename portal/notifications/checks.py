"""Start-up checks of the letters: an incomplete one is found before anybody is told half of it."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch, reverse

from portal.notifications import channels
from portal.notifications.enums import Need, Occasion
from portal.notifications.kinds import ALWAYS_AT_HAND, Letter, all_letters, reach_of
from portal.notifications.template_names import names_read_by, source_of


def every_letter_is_complete(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start with a letter that lacks something that a message must have."""
    return [
        Error(
            f"The letter {letter.kind()} is incomplete: {fault}",
            hint=f"{letter.__module__}.{letter.__name__}",
            id="portal.E020",
        )
        for letter in all_letters()
        for fault in faults_of(letter)
    ]


def every_letter_leads_to_a_page(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start with a letter whose page does not exist."""
    return [
        Error(f"The letter {letter.kind()} leads to the unknown page {page!r}.", id="portal.E021")
        for letter in all_letters()
        for page in (letter.page, letter.organisation_page)
        if page and not _is_page(page)
    ]


def faults_of(letter: type[Letter]) -> Iterator[str]:
    """Yield everything that ``letter`` lacks, in words for its author."""
    if not letter.label:
        yield "it has no label."
    if letter.occasion not in Occasion.values:
        yield f"its occasion {letter.occasion!r} is none of domain §10."
    if Need.REQUIRED in letter.channels.values() and not letter.required_by:
        yield "a channel is required, but no rule is named in required_by."
    if letter.registered and letter.reminder:
        yield "registered mail cannot be a reminder, for it is never taken back."
    if letter.outside and reach_of(letter.kind()) is None:
        yield "it goes outside, but nobody says where its addressee is reached."
    if letter.facts and ALWAYS_AT_HAND & set(letter.facts):
        yield f"its facts hide {', '.join(sorted(ALWAYS_AT_HAND & set(letter.facts)))}."
    yield from _faults_of_texts(letter)


def _faults_of_texts(letter: type[Letter]) -> Iterator[str]:
    known = ALWAYS_AT_HAND | set(letter.facts)
    for part in letter.parts():
        path = letter.template(part)
        try:
            read, source = names_read_by(path), source_of(path)
        except TemplateDoesNotExist:
            yield f"the template {path} is missing."
            continue
        except TemplateSyntaxError as error:
            yield f"the template {path} cannot be read: {error}"
            continue
        if unknown := sorted(read - known):
            yield f"{path} shows {', '.join(unknown)}, which the facts do not declare."
        if part == "body":
            yield from _faults_of_body(letter, read, source)
            continue
        if "\n" in source.strip():
            yield f"{path} has more than one line."
        if part == "sms" and "addressee" in read:
            yield f"{path} names the addressee, but leaves the portal."


def _faults_of_body(letter: type[Letter], read: frozenset[str], source: str) -> Iterator[str]:
    if untold := [name for name in letter.facts if name not in read]:
        yield f"the body does not show {', '.join(untold)}."
    if unsaid := [words for words in letter.must_say if words not in source]:
        yield f"the body does not say “{'”, “'.join(unsaid)}”."


def _is_page(name: str) -> bool:
    try:
        reverse(name, args=["X-2345678923"])
    except NoReverseMatch:
        return False
    return True


def every_channel_is_served(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start where a channel has no carrier."""
    return [Error(f"Nobody carries messages by {channel}.", id="portal.E022") for channel in channels.unbound()]
