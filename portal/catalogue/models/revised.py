"""Rows of an edition that hold from the revision that lists them up to the one that changes or drops them."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class RevisedQuerySet(models.QuerySet[Row_co]):
    """Rows by revision of their edition."""

    def public(self) -> Self:
        """Return the rows of each edition's published revision."""
        return self.filter(
            Q(until_revision=None) | Q(until_revision__gt=F("edition__revision")),
            since_revision__lte=F("edition__revision"),
        )

    def at_revision(self, revision: int) -> Self:
        """Return the rows that held or hold in ``revision``."""
        return self.filter(Q(until_revision=None) | Q(until_revision__gt=revision), since_revision__lte=revision)

    def working(self) -> Self:
        """Return the rows as they stand in the revision being prepared."""
        return self.filter(until_revision=None)
