"""The record and what everybody reads (12, 13): replayed it gives the state, and no page tells what is private."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from portal.web.invariants.findings import Breach, Invariant, found_by, rows_of
from portal.workflow.machine import MACHINES, state_field_of

REPLAYED = """
SELECT coalesce(m.{code}::text, m.id::text), m.{state}, e.after FROM {table} m
JOIN LATERAL (SELECT after FROM ledger_entry WHERE subject_type = %(label)s AND subject_id = m.id AND after <> ''
  AND (before <> after OR before = '') AND after = ANY(%(states)s) ORDER BY id DESC LIMIT 1) e ON true
WHERE m.{state} <> e.after
"""
UNTOLD = """
SELECT coalesce(m.{code}::text, m.id::text), m.{state} FROM {table} m
WHERE m.{state} <> %(first)s AND NOT EXISTS (
  SELECT FROM ledger_entry WHERE subject_type = %(label)s AND subject_id = m.id AND after = m.{state})
"""
# An identity number, a mobile number; neither has any business on a page for everybody.
PRIVATE = r"(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9}|1400[0-9]{7})([^0-9]|$)"
SHOWN_OF_RESULTS = ["name", "unit", "specialty", "level"]


def _states_told() -> Iterator[Breach]:
    """Every row with a state: the ledger's last word on it is the state that it is in, and every state was told."""
    for model in MACHINES:
        fields: dict[str, Any] = {
            "table": f'"{model._meta.db_table}"',
            "state": f'"{state_field_of(model).column}"',
            "code": "code" if any(one.name == "code" for one in model._meta.concrete_fields) else "id",
        }
        states = [str(value) for value, _label in state_field_of(model).choices or ()]
        values = {"label": model._meta.label, "states": states, "first": _first_state(model)}
        for code, state, told in rows_of(REPLAYED.format(**fields), values):
            yield Breach(str(code), f"{model.__name__} is {state}, the ledger ends with {told}")
        for code, state in rows_of(UNTOLD.format(**fields), values):
            yield Breach(str(code), f"{model.__name__} is {state}, which the ledger never told")


def _first_state(model: type[models.Model]) -> str:
    return str(state_field_of(model).get_default())


REPLAY = Invariant(12, "replaying the ledger gives the present states", (_states_told,))

PUBLIC_PAGES = Invariant(
    13,
    "what is publicised holds no number, telephone, vote or further word of a person",
    (
        found_by(
            """SELECT n.code, l.number FROM publicity_line l JOIN publicity_notice n ON n.id = l.notice_id
            WHERE l.content::text ~ %(private)s""",
            "line {0} holds a person's number",
            private=PRIVATE,
        ),
        found_by(
            "SELECT code FROM publicity_notice WHERE title || ' ' || text ~ %(private)s",
            "its text holds a person's number",
            private=PRIVATE,
        ),
        found_by(
            """SELECT n.code, l.number, k.key FROM publicity_line l JOIN publicity_notice n ON n.id = l.notice_id
            CROSS JOIN LATERAL jsonb_object_keys(l.content) AS k(key)
            WHERE n.kind = 'result_city' AND k.key <> ALL(%(shown)s)""",
            "line {0} of a result list shows {1}",
            shown=SHOWN_OF_RESULTS,
        ),
    ),
)
