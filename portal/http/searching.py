"""Looking for people by name: what somebody typed is kept in the session, and an address carries a token for it alone.

An address is written into logs, histories and links; a name must not be (there it would be personal data without need).
"""

import secrets

from django.http import HttpRequest

FIELD = "found"
KEPT = "searched"
# So many open lists of one person can be told apart; the oldest is forgotten first.
MOST = 10
LONGEST = 30


def keep(request: HttpRequest, words: str) -> str:
    """Keep the words and return the token that stands for them; empty for no words."""
    text = words.strip()[:LONGEST]
    if not text:
        return ""
    kept = dict(request.session.get(KEPT, {}))
    token = next((one for one, said in kept.items() if said == text), None) or secrets.token_urlsafe(6)
    kept.pop(token, None)
    request.session[KEPT] = dict([*kept.items(), (token, text)][-MOST:])
    return token


def words_of(request: HttpRequest) -> str:
    """Return the words for which the token in the request stands; empty for none, or for one of another session."""
    token = (request.POST or request.GET).get(FIELD, "")
    return str(request.session.get(KEPT, {}).get(token, "")) if token else ""
