"""Parameters of a policy version in words."""

from typing import Any

from django import template

from portal.catalogue.parameters import Parameter, shown

register = template.Library()


@register.simple_tag
def parameter_value(parameter: Parameter, value: Any) -> str:
    """Show a value with its unit; a dash where an older version has none."""
    return "—" if value is None else f"{shown(parameter, value)}{parameter.unit}"
