"""Bring the English catalogue in step with the code: the texts of all rooms and templates, in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

FOREIGN = ["node_modules", "collected", "tests", "locale", "static"]


class Command(makemessages.Command):
    """Django's own command with the house's answers to its questions, so that the same code gives the same file.

    Nothing is guessed from a similar text: what is new comes out empty, and what nothing uses any more goes.
    """

    help = __doc__
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [tag for tag, _ in settings.LANGUAGES if tag != settings.LANGUAGE_CODE]
        ours = {"locale": languages, "ignore_patterns": [*FOREIGN], "no_wrap": True, "no_obsolete": True}
        super().handle(*args, **{**options, **ours, "add_location": "file"})

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write the catalogue without the time of writing, which would make every run a change."""
        super().write_po_file(potfile, locale)
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
        catalogue.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")
