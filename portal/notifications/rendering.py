"""From a letter and its facts to the words that are stored and sent.

A letter is rendered once, when it is posted, in the portal's own language: what was told is evidence and must
not change with a later template or the reader's choice of language.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _

from portal.notifications.kinds import Letter

log = structlog.get_logger("portal.notifications")

ENGINE = "letters"
# What the engine writes for a value that is not there; no text that can be stored contains it.
MISSING = "\x00"
# A Chinese text message of one part, less the provider's signature of the sender.
LINE_LIMIT = 60
SUBJECT_LIMIT = 200


class IncompleteLetterError(TypeError):
    """A letter was posted without a fact that it must contain, or with one that it does not know."""


@dataclass(frozen=True)
class Words:
    """The words of one letter to one addressee; ``line`` is all that leaves the portal."""

    subject: str
    body: str
    line: str


def render(letter: type[Letter], facts: Mapping[str, Any], *, addressee: str, code: str, at: dt.datetime) -> Words:
    """Return the letter's words; raises IncompleteLetterError where facts are missing, unknown or empty of a named part."""
    if set(facts) != set(letter.facts):
        wrong = sorted(set(facts) ^ set(letter.facts))
        raise IncompleteLetterError(f"{letter.kind()} is posted with the wrong facts: {', '.join(wrong)}.")
    context = {"addressee": addressee, "code": code, "at": at, **facts}
    with translation.override(settings.LANGUAGE_CODE):
        texts = {part: _text(letter, part, context) for part in letter.parts()}
        line = _line(letter, texts.get("sms", ""))
    return Words(subject=" ".join(texts["subject"].split())[:SUBJECT_LIMIT], body=texts["body"].strip(), line=line)


def _text(letter: type[Letter], part: str, context: dict[str, Any]) -> str:
    text = engines[ENGINE].get_template(letter.template(part)).render(context)
    if MISSING in text:
        raise IncompleteLetterError(f"{letter.template(part)} names something that its facts do not have.")
    return text


def _line(letter: type[Letter], text: str) -> str:
    """Return the text as one line; one too long for a message gives way to a line that fits always."""
    line = " ".join(text.split())
    if len(line) <= LINE_LIMIT:
        return line
    log.warning("letter_line_too_long", letter=letter.kind(), length=len(line))
    return _("您有新消息“%(label)s”，请登录平台查看。") % {"label": letter.label}
