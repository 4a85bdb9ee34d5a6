"""What a person fills in field by field, each field with its own version so that two windows never overwrite each other."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.sections import SECTIONS, Section


class Filled(models.Model):
    """Values of one section: ``content`` by field name, ``versions`` counting each field's changes from 1."""

    content = models.JSONField(_("内容"), default=dict)
    versions = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("保存时间"), null=True)

    kind: Any

    class Meta:
        abstract = True

    @property
    def section(self) -> Section:
        """The section whose fields it holds."""
        return SECTIONS[self.kind]

    def version_of(self, field: str) -> int:
        """Return how often the field was changed; 0 for one never filled in."""
        return int(self.versions.get(field, 0))
