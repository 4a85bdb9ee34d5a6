"""How a room joins the house when it starts."""

from importlib import import_module

from django.apps import AppConfig


class Room(AppConfig):
    """An application with a ``wiring`` module, whose ``connect()`` registers what the room answers to others."""

    def ready(self) -> None:
        import_module(f"{self.name}.wiring").connect()
