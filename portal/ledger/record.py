"""The only writers of the ledger."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from portal.accounts.actors import Actor
from portal.ledger.models import READ, Entry


def record(
    subject: models.Model,
    step: str,
    *,
    by: Actor,
    at: dt.datetime,
    before: str = "",
    after: str = "",
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    basis: str = "",
    policy: str = "",
    key: str = "",
) -> Entry:
    """Append that ``by`` took ``step`` on ``subject`` at ``at``; must stand in the transaction of the step itself.

    ``facts`` holds plain JSON values only: no identity numbers, no telephone numbers, no ballot choices.
    """
    return Entry.objects.create(
        at=at,
        subject_type=subject._meta.label,
        subject_id=subject.pk,
        step=step,
        before=before,
        after=after,
        actor_kind=by.kind,
        person=by.person,
        organisation=by.organisation,
        roles=",".join(sorted(by.roles)),
        note=note,
        facts=dict(facts or {}),
        basis=basis,
        policy=policy,
        key=key,
    )


def record_reading(subject: models.Model, what: str, *, by: Actor, at: dt.datetime, reason: str = "") -> Entry:
    """Append that ``by`` was shown the sensitive ``what`` (such as ``identity_number``) of ``subject``."""
    return record(subject, READ, by=by, at=at, note=reason, facts={"what": what})
