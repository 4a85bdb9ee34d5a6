"""Numbers of certificates: one after the other in each series of a year, none twice and none left out."""

from django.db import connection

from certificates.models import NumberSeries
from portal.catalogue.models import Series


def take(series: Series, year: int, count: int) -> range:
    """Return the next ``count`` serial numbers of ``series`` in ``year``.

    Belongs into the transaction that writes the certificates: whoever comes next waits for its end, and where it fails
    the numbers are as if never taken. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Numbers are taken in the transaction that writes the certificates.")
    NumberSeries.objects.get_or_create(year=year, series=series)
    row = NumberSeries.objects.select_for_update().get(year=year, series=series)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return range(first, row.last + 1)


def written(series: Series, year: int, serial: int) -> str:
    """Return a number as it is printed: the city's division code, the year, the series, and six digits in their order."""
    return f"ZC11{year}{series.code}{serial:06d}"
