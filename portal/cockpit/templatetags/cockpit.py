"""Numbers of the cockpit as people read them."""

from django import template
from django.utils.formats import number_format

from portal.cockpit.tables import Kind

register = template.Library()


@register.filter
def figure(value: float | str | None, kind: Kind) -> str:
    """Show a count with its thousands apart, a share as a percentage with one place, and nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, str) or kind is Kind.WORDS:
        return str(value)
    if kind is Kind.SHARE:
        return f"{number_format(round(value * 100, 1), 1)}%"
    return str(number_format(value, 0, force_grouping=True))


@register.filter
def plain(value: float) -> str:
    """Write a number for programs: with a point, and nothing between the digits."""
    return repr(value)
