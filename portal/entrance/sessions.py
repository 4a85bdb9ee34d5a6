"""Where sessions are kept: Django's table, read with a statement that is written once."""

import datetime as dt
from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from portal.shared import clock
from portal.shared.prepared import Asked, Prepared


class SessionStore(db.SessionStore):
    """Django's store of sessions; one that has expired, or was ended elsewhere, is gone at the next request."""

    def _get_session_from_db(self) -> Session | None:
        present = dt.datetime.fromtimestamp(clock.since_epoch(), tz=dt.UTC)
        found = _living().first(key=self.session_key, present=present)
        if found is None:
            self._session_key = None
        return found


@cache
def _living() -> Prepared[Session]:
    return Prepared(Session.objects.filter(session_key=Asked("key"), expire_date__gt=Asked("present")))
