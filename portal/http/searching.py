"""Looking for people by name: an address carries a token for what somebody typed, never the words themselves.

An address is written into logs, histories and links; a name must not be (there it would be personal data without need).
Whoever logged in has a session that keeps the words. For the public nothing is kept: the token is the words, encrypted,
and opens for an hour only, so that pages can be turned and the language switched.
"""

import datetime as dt
import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect

from portal.shared.encryption import CannotDecrypt, decrypt, encrypt

FIELD = "found"
KEPT = "searched"
# So many open lists of one person can be told apart; the oldest is forgotten first.
MOST = 10
LONGEST = 30
SEALED, HOLDS_FOR = "portal.http.searching", dt.timedelta(hours=1)


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


def sealed(words: str, at: dt.datetime) -> str:
    """Return the words as a token that nobody else can read; empty for no words."""
    text = words.strip()[:LONGEST]
    return encrypt(f"{int(at.timestamp())} {text}", SEALED) if text else ""


def opened(token: str, at: dt.datetime) -> str:
    """Return the words of a token that was sealed within the hour; empty for none, for an old one and for any other."""
    try:
        made, _, words = decrypt(token, SEALED).partition(" ") if token else ("", "", "")
    except CannotDecrypt:
        return ""
    age = at.timestamp() - int(made) if made else HOLDS_FOR.total_seconds()
    return words if 0 <= age < HOLDS_FOR.total_seconds() else ""


def sealed_redirect(request: HttpRequest, at: dt.datetime) -> HttpResponseRedirect:
    """Lead from a form with words back to the same page, narrowed by them."""
    token = sealed(request.POST.get("words", ""), at)
    return HttpResponseRedirect(f"{request.path}?{urlencode({FIELD: token})}" if token else request.path)


def opened_words_of(request: HttpRequest, at: dt.datetime) -> str:
    """Return the words for which the sealed token in the address stands."""
    return opened(request.GET.get(FIELD, ""), at)
