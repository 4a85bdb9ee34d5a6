"""How far the newest invented season has come, so that one that was cut goes on."""

from typing import ClassVar

from django.db import models


class SimulatedSeason(models.Model):
    """A season of invented applicants in a demonstration: what it was asked for, and which of its stages are done."""

    # Never shown on a page, so its columns have no words.
    seed = models.BigIntegerField()
    applicants = models.PositiveIntegerField()
    most_papers = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    papers = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_season_at_a_time", fields=["is_over"], condition=models.Q(is_over=False))
        ]

    def __str__(self) -> str:
        return f"{self.applicants} applicants, seed {self.seed}"
