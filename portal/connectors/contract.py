"""Reads a JSON answer into the frozen dataclass that the contract says it is.

The dataclass is the contract: a missing field, a wrong type, an unknown code or a time without its
offset raises `ContractBroken`. Fields that the contract does not name are ignored, so that the
other side may add some.
"""

import dataclasses
import types
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ContractBroken(Exception):  # noqa: N818 - tells a defect of an answer
    """An answer does not have the agreed form; the message names the field, never its content."""


def read(kind: type[T], answer: object, where: str = "answer") -> T:
    """Return the answer as an instance of the dataclass `kind`; raise `ContractBroken`."""
    if not isinstance(answer, dict):
        raise ContractBroken(f"{where} is not an object")
    hints = get_type_hints(kind)
    values = {
        field.name: _value(hints[field.name], answer.get(field.name), f"{where}.{field.name}")
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    return kind(**values)


def read_optional(kind: type[T], answer: object, where: str) -> T | None:
    """Return the answer, or None where the system said that it knows nothing."""
    return None if answer is None else read(kind, answer, where)


def read_all(kind: type[T], answer: object, where: str) -> tuple[T, ...]:
    """Return a list of answers, in the order of the system."""
    if not isinstance(answer, list):
        raise ContractBroken(f"{where} is not a list")
    return tuple(read(kind, each, f"{where}[{place}]") for place, each in enumerate(answer))


def _value(kind: Any, raw: object, where: str) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (each for each in get_args(kind) if each is not types.NoneType)
        return None if raw is None else _value(inner, raw, where)
    if get_origin(kind) is tuple:
        return read_all(get_args(kind)[0], raw, where)
    if dataclasses.is_dataclass(kind):
        return read(kind, raw, where)  # type: ignore[arg-type]
    json_type, convert = _scalar(kind)
    if type(raw) is not json_type:  # not isinstance: true is no number
        raise ContractBroken(f"{where} is not of type {json_type.__name__}")
    try:
        return convert(raw)
    except (ValueError, ArithmeticError) as broken:
        raise ContractBroken(f"{where} has no valid value") from broken


def _scalar(kind: type) -> tuple[type, Callable[[Any], Any]]:
    if kind is datetime:
        return str, _moment
    if kind is date:
        return str, date.fromisoformat
    if kind is Decimal:
        return int, yuan
    if issubclass(kind, StrEnum):
        return str, kind
    return kind, kind


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    return moment


def yuan(fen: int) -> Decimal:
    """Return an amount in yuan; on the wire money is a whole, non-negative number of fen."""
    if fen < 0:
        raise ValueError("a negative amount")
    return Decimal(fen) / 100


def fen(amount: Decimal) -> int:
    """Return an amount of yuan as whole fen; raise ValueError for anything finer or negative."""
    whole = amount * 100
    if whole != whole.to_integral_value() or amount < 0:
        raise ValueError("an amount of money has at most two decimal places and is not negative")
    return int(whole)
