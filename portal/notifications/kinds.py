"""Letters: one class per message, declared in the owning room's ``letters.py`` and registered by a decorator.

    @letter
    class ReturnedOnce(Letter):
        occasion = Occasion.RETURNED
        label = _("退回补正通知")
        facts = ("defects", "last_day")
        channels = {Channel.SMS: Need.OPTIONAL}
        must_say = ("24:00", "只有一次补正机会")

Its texts stand in ``<room>/letters/returned_once_subject.txt``, ``…_body.txt`` and, with a channel, ``…_sms.txt``:
the one line that leaves the portal by SMS or e-mail. A class that lacks a text, a label or a fact stops the start.
"""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from django.utils.functional import Promise

from portal.notifications.enums import Channel, Need

ALWAYS_AT_HAND = frozenset({"addressee", "code", "at"})


class Letter:
    """One kind of message.

    ``facts`` are what the texts say beyond the addressee's name, the subject's code and the instant: the poster
    gives exactly these, and the body shows each of them (domain §10, "must contain"). ``must_say`` are words that
    stand in the body whatever the facts. ``required_by`` is the rule behind a channel that cannot be declined.
    ``page`` is the URL name of the subject's page for people, ``organisation_page`` the one for those who act for
    an organisation; both take the subject's public code.
    """

    occasion: ClassVar[str] = ""
    label: ClassVar[str | Promise] = ""
    facts: ClassVar[tuple[str, ...]] = ()
    channels: ClassVar[Mapping[Channel, Need]] = {Channel.SMS: Need.OPTIONAL}
    must_say: ClassVar[tuple[str, ...]] = ()
    required_by: ClassVar[str] = ""
    page: ClassVar[str] = ""
    organisation_page: ClassVar[str] = ""

    # Delivered when opened: the text is shown against a receipt, whose instant counts (N-12).
    registered: ClassVar[bool] = False
    # Goes to somebody without an account, who has no inbox; ``reached_by`` says where its channels find them.
    outside: ClassVar[bool] = False
    # Reminds of a task and dies with it: ``post.cancel`` takes it back.
    reminder: ClassVar[bool] = False

    @classmethod
    def kind(cls) -> str:
        """Return the name under which messages of this kind are stored: ``<room>.<snake_name>``."""
        return f"{cls._room()}.{_snake(cls.__name__)}"

    @classmethod
    def template(cls, part: str) -> str:
        """Return the path of the text ``subject``, ``body`` or ``sms``."""
        return f"{cls._room()}/letters/{_snake(cls.__name__)}_{part}.txt"

    @classmethod
    def parts(cls) -> tuple[str, ...]:
        """Return which texts the letter has."""
        return ("subject", "body", "sms") if cls.channels else ("subject", "body")

    @classmethod
    def _room(cls) -> str:
        """Return the room whose ``letters`` module, or package, the class stands in."""
        path = cls.__module__.split(".")
        return path[path.index("letters") - 1] if "letters" in path else path[-1]


Kind = TypeVar("Kind", bound=type[Letter])

_letters: dict[str, type[Letter]] = {}


def letter(kind: Kind) -> Kind:
    """Register a letter; raises TypeError for a second class of the same name in one room."""
    if kind.kind() in _letters:
        raise TypeError(f"The letter {kind.kind()} is declared twice.")
    _letters[kind.kind()] = kind
    return kind


def all_letters() -> list[type[Letter]]:
    """Return every registered letter by name."""
    return [_letters[name] for name in sorted(_letters)]


def letter_of(kind: str) -> type[Letter] | None:
    """Return the letter stored as ``kind``, or None where a later version no longer has it."""
    return _letters.get(kind)


Reach = Callable[[int, Channel], str]

_reaches: dict[str, Reach] = {}


def reached_by(kind: type[Letter], reach: Reach) -> None:
    """Have ``reach(about_id, channel)`` say where the addressee of an outside letter is found, or an empty text.

    It is asked each time that something is sent: the address stays in the room that was given it, and nowhere else.
    """
    if not kind.outside:
        raise TypeError(f"The letter {kind.kind()} goes to people with accounts.")
    _reaches[kind.kind()] = reach


def reach_of(kind: str) -> Reach | None:
    """Return what says where the addressee of the outside letter ``kind`` is found."""
    return _reaches.get(kind)


Receiver = Callable[..., None]

_receivers: dict[str, Receiver] = {}


def on_receipt(kind: type[Letter], receiver: Receiver) -> None:
    """Have ``receiver(notification, at=…)`` called in the transaction in which a registered letter is received."""
    if not kind.registered:
        raise TypeError(f"The letter {kind.kind()} is not registered mail.")
    _receivers[kind.kind()] = receiver


def receiver_of(kind: str) -> Receiver | None:
    """Return what a room above does upon the receipt of ``kind``."""
    return _receivers.get(kind)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
