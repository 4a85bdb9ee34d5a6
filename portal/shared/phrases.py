"""Words put together as the reader's language does it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def joined(items: Iterable[object]) -> str:
    """Return the items as one enumeration: 甲、乙、丙 in Chinese, commas in English."""
    return _("、").join(map(str, items))
