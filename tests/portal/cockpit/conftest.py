"""The small city of the cockpit's tests, made once a module."""

import pytest

from portal.cockpit.tables import Table
from tests.factories import figures
from tests.factories.defences import on

AT = on(10, 16, 15)


@pytest.fixture(scope="module")
def city(standing):
    """Return the key of the one batch."""
    return standing(lambda: figures.city().pk)


def column(table: Table, key: str) -> dict[str, object]:
    """Return the values of one column by the words of their rows."""
    place = [one.key for one in table.columns].index(key)
    return {str(row.label): row.cells[place].value for row in table.rows}
