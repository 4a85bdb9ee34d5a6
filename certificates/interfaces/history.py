"""What the ledger says of a certificate, an order or a change, in words."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ledger.models import Entry
from portal.ledger.queries import history_of
from portal.workflow import label_of

# What is written down besides the transitions.
BESIDES: dict[tuple[str, str], str | Promise] = {
    ("certificates.IssueOrder", "propose"): _("提出发证批次"),
    ("certificates.IssueOrder", "number"): _("编排证书编号"),
    ("certificates.CertificateChange", "propose"): _("提出变更"),
}


@dataclass(frozen=True)
class Event:
    """One entry with what it says to people."""

    entry: Entry
    words: Any


def events_of(*subjects: models.Model) -> list[Event]:
    """Return what happened to the subjects, the latest first; one query."""
    entries = [one for one in history_of(*subjects) if one.step != "read"]
    return [Event(entry, words_of(entry)) for entry in reversed(entries)]


def words_of(entry: Entry) -> Any:
    """Return what one entry says to people; the name of the step for one that nobody gave words."""
    try:
        return BESIDES.get((entry.subject_type, entry.step)) or label_of(apps.get_model(entry.subject_type), entry.step)
    except LookupError:
        return entry.step
