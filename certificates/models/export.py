"""Sheets of the register that a worker writes."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.documents.models import OrderedSheet


class RegisterExport(OrderedSheet):
    """A sheet of the register that is too long to be written while somebody waits for the page."""

    CODE_PREFIX: ClassVar[str] = "ZD"

    class Meta(OrderedSheet.Meta):
        verbose_name = _("证书登记簿导出")
