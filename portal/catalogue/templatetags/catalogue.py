"""Parameters of a policy version, and what the ledger says of the catalogue, in words."""

from typing import Any

from django import template
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from portal.catalogue.parameters import Parameter, measured
from portal.ledger.models import Entry
from portal.workflow.machine import transitions_of

# What people do between the steps of the state machines.
EDITS = {
    "prepare": _("新建"),
    "propose": _("登记"),
    "change": _("修改"),
    "change_values": _("修改参数"),
    "change_rows": _("修改条目"),
    "add_committee": _("增加评审委员会"),
    "change_committee": _("修改评审委员会"),
    "change_conditions": _("修改申报条件"),
    "drop_conditions": _("移出申报条件"),
    "set_up": _("设立专业"),
}

register = template.Library()


@register.simple_tag
def parameter_value(parameter: Parameter, value: Any) -> str:
    """Show a value with its unit; a dash where an older version has none."""
    return "—" if value is None else measured(parameter, value)


@register.filter
def step_words(entry: Entry) -> Any:
    """Show what was done: the label of the step, or the words of an edit."""
    labels = {found.name: found.custom["label"] for found in transitions_of(apps.get_model(entry.subject_type))}
    return labels.get(entry.step) or EDITS.get(entry.step, entry.step)
