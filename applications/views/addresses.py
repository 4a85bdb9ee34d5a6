"""Where a part of an application is filled in, for links from reasons and from checked answers."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from applications.domain.todo import ASSOCIATION, CHOICE, REGISTERS
from applications.enums import ApplicationState
from applications.models import Application
from applications.sections import RESULT, SEALED, SECTIONS, SHEETS

SHEET_KEYS = frozenset(section.key for section in (*SHEETS, SEALED))


def editing(application: Application, field: str) -> str:
    """Return where ``section[.item[.field]]`` is filled in, at the very field where it is named; else the list of tasks."""
    section, _dot, rest = field.partition(".")
    if section in SHEET_KEYS:
        return reverse("applications:sheet", args=[application.code, section]) + _anchor(rest)
    if section in SECTIONS:
        return _in_archive(application, section, rest)
    if section == REGISTERS:
        return reverse("applications:registers", args=[application.code])
    if section == ASSOCIATION:
        return reverse("applications:association", args=[application.code])
    if section in {CHOICE, "entry"}:
        return _for(reverse("applications:choose"), application)
    return reverse("applications:mine", args=[application.code])


@dataclass(frozen=True)
class DefectShown:
    """One thing to correct, with its rule and the way to where it is put right; no way once the person cannot edit."""

    text: str
    basis: str
    address: str


def defects_of(application: Application) -> list[DefectShown]:
    """Return what the agency told to correct, item by item."""
    is_open = application.state == ApplicationState.RETURNED
    return [
        DefectShown(one["text"], one["basis"], editing(application, one["place"]) if is_open else "")
        for one in application.defects
    ]


def _in_archive(application: Application, section: str, rest: str) -> str:
    item, _dot, name = rest.partition(".")
    if item:
        return _for(reverse("applications:item", args=[item]), application) + _anchor(name)
    if section == RESULT.key:
        return reverse("applications:works", args=[application.code])
    return _for(reverse("applications:archive"), application, kind=section)


def _for(address: str, application: Application, **more: str) -> str:
    return f"{address}?{urlencode({**more, 'for': application.code})}"


def _anchor(name: str) -> str:
    return f"#id_{name}" if name else ""
