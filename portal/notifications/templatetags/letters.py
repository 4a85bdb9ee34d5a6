"""Filters of letters: plain words of time, for a letter is text and knows no mark-up."""

import datetime as dt

from django import template
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.shared import clock

register = template.Library()


@register.filter
def day(value: dt.date) -> str:
    """Write the Beijing day with its weekday: 2026年7月8日（星期三）."""
    that = clock.day_of(value) if isinstance(value, dt.datetime) else value
    return dateformat.format(that, _("Y年n月j日（l）"))


@register.filter
def short_deadline(value: dt.datetime) -> str:
    """Write an exclusive bound for a text message: 7月8日周三24:00."""
    local = value.astimezone(clock.BEIJING)
    midnight = local.time() == dt.time.min
    last = local.date() - dt.timedelta(days=1) if midnight else local.date()
    return short_day(last) + ("24:00" if midnight else f"{local:%H:%M}")


@register.filter
def short_day(value: dt.date) -> str:
    """Write the Beijing day for a text message: 7月8日周三."""
    that = clock.day_of(value) if isinstance(value, dt.datetime) else value
    return dateformat.format(that, _("n月j日D")).replace("星期", "周")


@register.filter
def instant(value: dt.datetime) -> str:
    """Write the Beijing day and minute: 2026年7月8日（星期三）14:30."""
    local = value.astimezone(clock.BEIJING)
    return f"{day(local)}{local:%H:%M}"


@register.filter
def deadline(value: dt.datetime) -> str:
    """Write an exclusive bound as people read it: midnight is 24:00 of the day before."""
    local = value.astimezone(clock.BEIJING)
    if local.time() != dt.time.min:
        return instant(local)
    return f"{day(local.date() - dt.timedelta(days=1))}24:00"
