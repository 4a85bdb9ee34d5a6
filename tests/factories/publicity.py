"""Notices as people compose them; the demonstration kind, because its owner does nothing by itself."""

import datetime as dt
from collections.abc import Iterable, Mapping

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.publicity.domain import posting
from portal.publicity.domain.posting import Shown
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Notice


def draft(
    by: Actor,
    at: dt.datetime,
    *names: str,
    people: Iterable[Person] = (),
    contents: Iterable[Mapping[str, str]] = (),
    **fields: object,
) -> Notice:
    """Return a draft by the actor's organisation with a line per name, per person, and per content."""
    assert isinstance(by.organisation, Organisation)
    lines = [Shown({"name": name, "unit": "示例单位", "specialty": "电子信息", "level": "副高级"}) for name in names]
    lines += [Shown({"name": person.full_name, "unit": "示例单位"}, person=person) for person in people]
    lines += [Shown(content) for content in contents]
    defaults: dict[str, object] = {
        "kind": NoticeKind.DEMONSTRATION,
        "title": "演示公示",
        "contact": "010-12345678",
        "workdays": 5,
        "publisher": by.organisation,
    }
    return posting.compose(lines=lines, by=by, at=at, **{**defaults, **fields})  # type: ignore[arg-type]


def posted(by: Actor, at: dt.datetime, *names: str, **fields: object) -> Notice:
    """Return a notice posted at ``at``."""
    return posting.post(draft(by, at, *names, **fields), by=by, at=at)  # type: ignore[arg-type]
