"""Measures in the order of the ladder, being put on record always among them."""

from collections.abc import Iterable

from portal.integrity.enums import MEASURES_OF_ROLE, Measure, SubjectRole


def in_order(role: SubjectRole, measures: Iterable[Measure | str]) -> tuple[Measure, ...]:
    """Return ``measures`` without doubles in the order of the role's ladder, ``RECORD`` first (R-142, A-53).

    Those that the ladder does not offer to the role come last, for the guards to refuse.
    """
    chosen = {Measure.RECORD, *map(Measure, measures)}
    offered = [measure for measure in MEASURES_OF_ROLE[role] if measure in chosen]
    return (*offered, *sorted(chosen - set(offered)))
