"""Tags that every template has at hand: words of time, marks of state, rules, steps, and the parts of forms."""

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django import template
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.forms import BoundField, Field, Form
from django.template.base import Template
from django.template.context import Context
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.http.once import FIELD, new_key
from portal.shared import clock, phrases
from portal.workflow import OpenStep

register = template.Library()

# The meaning of a state decides its colour; rooms name meanings, never colours.
TONES = {
    "neutral": "grey",
    "running": "blue",
    "waiting": "yellow",
    "action": "orange",
    "held": "purple",
    "good": "green",
    "bad": "red",
    "ended": "grey",
}
URGENT = dt.timedelta(days=3)
CITED = re.compile(r"([\u3400-\u9fff《》（）、，]+)")


# --- Time -----------------------------------------------------------------------------------
@register.filter
def day(value: dt.date | dt.datetime | None) -> str | SafeString:
    """Show the Beijing day with its weekday: 2026年7月8日（星期三）."""
    if value is None:
        return ""
    that = clock.day_of(value) if isinstance(value, dt.datetime) else value
    return _time_tag(that.isoformat(), dateformat.format(that, _("Y年n月j日（l）")))


@register.filter
def instant(value: dt.datetime | None) -> str | SafeString:
    """Show the Beijing day and minute: 2026年7月8日（星期三）14:30."""
    if value is None:
        return ""
    local = value.astimezone(clock.BEIJING)
    return _time_tag(local.isoformat(timespec="minutes"), dateformat.format(local, _("Y年n月j日（l）H:i")))


@register.filter
def deadline(value: dt.datetime | None) -> str | SafeString:
    """Show an exclusive bound as people read it: midnight is 24:00 of the day before."""
    if value is None:
        return ""
    local = value.astimezone(clock.BEIJING)
    if local.time() != dt.time.min:
        return instant(value)
    last = local.date() - dt.timedelta(days=1)
    return _time_tag(local.isoformat(timespec="minutes"), dateformat.format(last, _("Y年n月j日（l）24:00")))


@register.inclusion_tag("components/countdown.html")
def countdown(due_at: dt.datetime, at: dt.datetime, workdays: int | None = None) -> dict[str, Any]:
    """Show until when and how much is left, in working days too where the caller counted them."""
    left = due_at - at
    return {
        "due_at": due_at,
        "at": at,
        "workdays": workdays,
        "days": left.days,
        "hours": left.seconds // 3600,
        "minutes": left.seconds // 60 % 60,
        "state": "over" if left < dt.timedelta(0) else "soon" if left < URGENT else "calm",
    }


@register.filter
def cited(text: str) -> str | SafeString:
    """Mark the Chinese that an English text cites, so that it is read aloud as Chinese."""
    if get_language() != "en":
        return text
    parts = CITED.split(text)
    marked = (format_html('<span lang="zh-CN">{}</span>', part) if n % 2 else part for n, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in marked))


@register.filter
def joined(items: list[Any]) -> str:
    """Write items as one enumeration: 甲、乙、丙."""
    return phrases.joined(items)


def _time_tag(machine: str, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine, words)


# --- Marks ----------------------------------------------------------------------------------
@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """Show a state; ``tone`` is one of TONES. The words carry the meaning, the colour repeats it."""
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', TONES[tone], text)


@register.simple_tag
def rule(number: str) -> SafeString:
    """Link a rule or decision (R-112, A-05) to the page that states it; several are separated by commas."""
    return _rule_links(number, get_language())


# Of the same words in the same language the same links are made on every page.
@lru_cache(maxsize=2_000)
def _rule_links(number: str, language: str | None) -> SafeString:
    numbers = [each.strip() for each in number.replace("，", ",").split(",") if each.strip()]
    links = ((reverse("web:rule", args=[each]), _("依据规则"), each) for each in numbers if rule_is_known(each))
    return format_html_join(
        " ", '<a class="zc-rule" href="{}"><span class="govuk-visually-hidden">{} </span>{}</a>', links
    )


@register.inclusion_tag("components/steps.html")
def step_buttons(steps: list[OpenStep], room: str, code: str) -> dict[str, Any]:
    """Show what can be done now, and beside each closed step why not; the page of a step is ``room:step``."""
    rows = [(step, reverse(f"{room}:{step.name}", args=[code]) if step.is_pressable else "") for step in steps]
    return {"rows": rows}


@register.simple_tag
def rule_is_known(number: str) -> bool:
    """Return whether the text is the number of a rule or decision, so that it can be linked."""
    return number[:2] in {"R-", "A-", "E-"} and number[2:].isdigit()


# --- Parts of the frame ----------------------------------------------------------------------
# Kept beside the compiled template, so that they go with it when it is loaded anew.
_unchanging: WeakKeyDictionary[Template, dict[str | None, SafeString]] = WeakKeyDictionary()


@register.simple_tag(takes_context=True)
def unchanging(context: Context, template_name: str) -> SafeString:
    """Include a part that is the same on every page of a language, whoever reads it: written once while the process lives.

    Of the page it knows ``frame`` alone, and of that it may show only what belongs to the portal.
    """
    part = context.template.engine.get_template(template_name)  # type: ignore[union-attr]  # there while one is rendered
    written = _unchanging.setdefault(part, {})
    language = get_language()
    if language not in written:
        written[language] = part.render(Context({"frame": context["frame"]}))
    return written[language]


# --- Forms ----------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """Write the hidden fields of a form that changes something: against forgery, and against doubles."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        context.get("csrf_token", ""),
        FIELD,
        new_key(),
    )


@register.simple_tag
def control(widget: dict[str, Any], base: str) -> SafeString:
    """Write a control's attributes with govuk-frontend's classes, and its error class where the value was refused."""
    attributes = dict(widget["attrs"])
    refused = f"{base.split(maxsplit=1)[0]}--error" if attributes.get("aria-invalid") else ""
    classes = [base, refused, attributes.pop("class", "")]
    attributes = {"class": " ".join(filter(None, classes)), **attributes}
    return format_html("{}{}", _pairs(attributes), _flags(attributes))


@register.simple_tag
def choice(widget: dict[str, Any], base: str) -> SafeString:
    """Write the attributes of one radio or checkbox; refusal belongs to the group, not to the choice."""
    own = {name: value for name, value in widget["attrs"].items() if name not in {"aria-invalid", "class"}}
    return control({"attrs": own}, base)


@register.simple_tag
def described(field: BoundField) -> SafeString:
    """Write a control whose hint and error Django would leave unconnected (files stand in no fieldset here)."""
    ids = field.aria_describedby
    return field.as_widget(attrs={"aria-describedby": ids} if ids else {})


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id that a link from the error summary must meet: the first control of a group."""
    own = field.id_for_label or field.auto_id
    grouped = field.use_fieldset and field.widget_type != "clearablefile"
    return f"{field.auto_id}_0" if grouped else own


@register.filter
def may_stay_empty(field: BoundField) -> bool:
    """Return whether the label says that the field may be left out.

    A form names in ``conditional`` what a rule demands in some cases: the hints of such fields say when. A form in
    which everything is a filter or a draft says ``is_all_optional`` and marks nothing.
    """
    form: Any = field.form
    is_marked = not getattr(form, "is_all_optional", False) and field.name not in getattr(form, "conditional", ())
    return is_marked and not field.field.required


@register.filter
def without_choice(form: Any) -> str:
    """Return the label of a field that has to be chosen although nothing can be: its form needs no button."""
    for field in form or ():
        offered = getattr(field.field, "choices", None)
        if field.field.required and offered is not None and not any(str(value) for value, _words in offered):
            return str(field.label)
    return ""


@register.filter
def refusals(form: Form) -> list[tuple[str, str]]:
    """Return every error of a form as (id to jump to, words), in the order of its fields; the words stand alone."""
    found = [("form-errors", str(error)) for error in form.non_field_errors()]
    for field in form:
        for error in field.errors.as_data():
            known = {"label": field.label, "text": _said(error)}
            words = _empty(field) if _is_empty(error) else _("%(label)s：%(text)s") % known
            found.append((anchor(field), words))
    return found


@register.filter
def refusals_of(field: BoundField) -> list[str]:
    """Return the errors of one field, as they are shown beside it."""
    return [_empty(field) if _is_empty(error) else _said(error) for error in field.errors.as_data()]


def _is_empty(error: ValidationError) -> bool:
    return error.message == Field.default_error_messages["required"]


def _said(error: ValidationError) -> str:
    return " ".join(error.messages)


def _empty(field: BoundField) -> str:
    """Say what to do instead of "this field is required"."""
    label = {"label": field.label}
    if field.widget_type in {"clearablefile", "file", "fileoffer"}:
        return _("请上传%(label)s") % label
    if field.widget_type == "checkbox":
        return _("请确认：%(label)s") % label
    if getattr(field.field, "choices", None):
        return _("请选择%(label)s") % label
    return _("请填写%(label)s") % label


def _pairs(attributes: dict[str, Any]) -> SafeString:
    pairs = ((name, value) for name, value in attributes.items() if value is not True and value is not False)
    return format_html_join("", ' {}="{}"', pairs)


def _flags(attributes: dict[str, Any]) -> SafeString:
    return format_html_join("", " {}", ((name,) for name, value in attributes.items() if value is True))


# --- Lists ----------------------------------------------------------------------------------
@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """Return the page numbers to show, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
