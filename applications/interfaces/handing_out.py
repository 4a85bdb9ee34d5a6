"""Which paper of an application somebody is handed: of what was submitted, or of the draft for the person alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from applications import rules
from applications.domain import printing
from applications.domain.compiling import compile_dossier
from applications.enums import EDITABLE
from applications.interfaces import papers
from applications.models import Application, Snapshot
from portal.accounts.actors import Actor
from portal.documents.models import StoredFile
from portal.shared.office import office_language


@dataclass(frozen=True)
class Paper:
    """A paper: ``file`` where one is kept, otherwise what was written for this reader under ``name``."""

    name: str = ""
    content: bytes = b""
    file: StoredFile | None = None


def paper_of(application: Application, which: str, version: str | None, *, by: Actor, at: dt.datetime) -> Paper | None:
    """Return one paper of an application that ``by`` may read; None for a kind or version that is not theirs to see.

    Without a ``version`` the person sees what is being filled in; nobody else sees a draft. Raises Refusal where a sign
    has no glyph.
    """
    if which not in papers.TEMPLATES:
        return None
    is_own = bool(rules.is_applicant.test(by, application))
    if is_own and application.state in EDITABLE and version is None:
        return _draft(application, which, at)
    snapshot = _version(application, version or "", is_own=is_own)
    if snapshot is None:
        return None
    if which == papers.FORM:
        return Paper(file=printing.form_of(snapshot, at=at))
    return _written(application, which, snapshot.content, snapshot.made_at)


def _version(application: Application, asked: str, *, is_own: bool) -> Snapshot | None:
    """Return the version asked for, or the last with effect; others than the person meet only versions with effect."""
    found = Snapshot.objects.filter(application=application).select_related("application__applicant", "form")
    if not is_own:
        found = found.filter(discarded_at=None)
    if asked:
        return found.filter(number=int(asked) if asked.isascii() and asked.isdigit() else 0).first()
    return found.filter(discarded_at=None).order_by("-number").first()


def _draft(application: Application, which: str, at: dt.datetime) -> Paper:
    with office_language():
        content = compile_dossier(application, at=at).content
    return _written(application, which, content, at, is_draft=not application.on_paper)


def _written(
    application: Application, which: str, content: Mapping[str, Any], at: dt.datetime, *, is_draft: bool = False
) -> Paper:
    with office_language():
        paper = papers.written(which, content, at, is_draft=is_draft)
    return Paper(f"{application.code}-{which}{'-draft' if is_draft else ''}.pdf", paper)
