"""Where an application goes once its fee is settled."""

import datetime as dt

from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.enums import JUNIOR
from portal.workflow import carry_out


def go_on(application: Application, at: dt.datetime) -> Application:
    """Send junior levels straight to the committee's door (R-106); the others wait for their defence (R-105)."""
    if application.entry.level.key in JUNIOR:
        return carry_out(application, "skip_defence", by=SYSTEM, at=at)
    return application
