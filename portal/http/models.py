"""POSTs that were handled, so that a repeated one gets the first one's answer."""

from django.db import models


class HandledPost(models.Model):
    """The answer that a POST got under its idempotency key; written in the transaction of its effects."""

    key = models.CharField(max_length=64)
    owner = models.CharField(max_length=20)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    body = models.JSONField(null=True)
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_post_per_key", fields=["key", "owner"])]
        indexes = [models.Index(name="handled_post_by_age", fields=["handled_at"])]

    def __str__(self) -> str:
        return f"{self.path} {self.status}"
