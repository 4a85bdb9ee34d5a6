"""What the rooms above do, in the same transaction, when a file comes to the agency and when an application ends."""

import datetime as dt

from applications.models import Application


class Neighbour:
    """One who takes the file over from the employer's half; what is not overridden does not concern it."""

    def arrived(self, application: Application, at: dt.datetime) -> None:
        """The employer recommended: the first time, or again after a correction."""

    def timed(self, application: Application, at: dt.datetime) -> None:
        """A timer of the person was just set: who holds the person's clocks stops it as well."""

    def held(self, application: Application, at: dt.datetime) -> None:
        """An objection or an investigation holds it from now on."""

    def released(self, application: Application, at: dt.datetime) -> None:
        """Nothing holds it any more: neither an objection nor an investigation."""

    def ended(self, application: Application, at: dt.datetime) -> None:
        """It ended, whoever or whatever ended it: nothing may stay open for it."""


_neighbours: list[Neighbour] = []


def register(neighbour: Neighbour) -> None:
    """Have ``neighbour`` told from now on."""
    _neighbours.append(neighbour)


def arrived(application: Application, at: dt.datetime) -> None:
    """Tell that the employer recommended."""
    for neighbour in _neighbours:
        neighbour.arrived(application, at)


def timed(application: Application, at: dt.datetime) -> None:
    """Tell that a timer was set."""
    for neighbour in _neighbours:
        neighbour.timed(application, at)


def held(application: Application, at: dt.datetime) -> None:
    """Tell that something holds it."""
    for neighbour in _neighbours:
        neighbour.held(application, at)


def released(application: Application, at: dt.datetime) -> None:
    """Tell that its hold ended."""
    for neighbour in _neighbours:
        neighbour.released(application, at)


def ended(application: Application, at: dt.datetime) -> None:
    """Tell that the application ended."""
    for neighbour in _neighbours:
        neighbour.ended(application, at)
