"""Which names a template reads, found without rendering it."""

from collections.abc import Iterator
from typing import Any

from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Template, Variable

from portal.notifications.rendering import ENGINE


def source_of(path: str) -> str:
    """Return the text of a letter's template; raises TemplateDoesNotExist."""
    return str(_template(path).source)


def names_read_by(path: str) -> frozenset[str]:
    """Return the names that the template takes from outside; names that it binds itself are left out."""
    nodes = _template(path).nodelist.get_nodes_by_type(Node)
    read = {name for node in nodes for name in _read_by(vars(node))}
    bound = {name for node in nodes for name in _bound_by(node)}
    return frozenset(read - bound)


def _template(path: str) -> Template:
    found: Any = engines[ENGINE].get_template(path)
    return found.template  # type: ignore[no-any-return]


def _read_by(value: Any) -> Iterator[str]:
    """Yield the first part of every variable within a node's own expressions; child nodes speak for themselves."""
    if isinstance(value, FilterExpression):
        yield from _read_by(value.var)
        yield from _read_by([argument for _, arguments in value.filters for _, argument in arguments])
    elif isinstance(value, Variable):
        if value.lookups:
            yield value.lookups[0]
    elif isinstance(value, dict):
        yield from _read_by(list(value.values()))
    elif isinstance(value, list | tuple) and not isinstance(value, NodeList):
        for each in value:
            yield from _read_by(each)
    elif type(value).__module__ in {"django.template.smartif", "django.template.defaulttags"} and not isinstance(
        value, Node
    ):
        yield from _read_by(vars(value))


def _bound_by(node: Node) -> Iterator[str]:
    if hasattr(node, "loopvars"):
        yield from (*node.loopvars, "forloop")
    if hasattr(node, "extra_context"):
        yield from node.extra_context
