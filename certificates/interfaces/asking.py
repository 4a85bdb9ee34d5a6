"""Letting people check certificates without letting them guess: what is counted, and who is answered all the same.

Numbers follow one another, so a number alone is no secret; what could be guessed is who holds it. An address is answered
ASKED_AN_HOUR times an hour, an organisation that logged in ASKED_BY_ORGANISATION times. After MISSES_AN_HOUR wrong answers
about one number, from wherever they came, it answers for an hour only to whoever gives the code printed on it: nobody can
guess on, and nobody can keep those from checking who have the certificate before them.
"""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from certificates.domain import checking
from certificates.domain.checking import Answer, Asked
from certificates.domain.comparing import number_in_full
from certificates.enums import CheckWay
from portal.accounts.actors import Actor
from portal.http import limits
from portal.shared.errors import Reason, Refusal

ASKED, MISSED = "certificate-check", "certificate-miss"
ASKED_AN_HOUR = 60
ASKED_BY_ORGANISATION = 600
MISSES_AN_HOUR = 20
FILES, SHEETS = "certificate-file", "certificate-sheet"
FILES_AN_HOUR = 30
SHEETS_AN_HOUR = 20


def answer_to(
    request: HttpRequest, asked: Asked, *, way: CheckWay = CheckWay.NUMBER_NAME, by: Actor, at: dt.datetime
) -> Answer | None:
    """Return what ``by`` may know of the certificate, None for nothing; raises Refusal where it was asked too often."""
    count(request, by)
    (is_guessed,) = guessed([asked])
    found = checking.check(asked.number, asked.name, asked.code, way=way, only_with_code=is_guessed, by=by, at=at)
    if found is None:
        limits.count(MISSED, number_in_full(asked.number))
    if found is None and is_guessed:
        raise Refusal([too_much_guessed()])
    return found


def count(request: HttpRequest, by: Actor) -> None:
    """Count one question against the organisation that asks, or else the address; raises Refusal beyond the limit."""
    if by.organisation is not None:
        limits.count_for(by.organisation.code, ASKED, per_hour=ASKED_BY_ORGANISATION)
    else:
        limits.count_against(request, ASKED, per_hour=ASKED_AN_HOUR)


def guessed(asked: Sequence[Asked]) -> list[bool]:
    """Return for each question whether its number was asked wrongly too often within the hour."""
    numbers = [number_in_full(one.number) for one in asked]
    times = limits.counted(MISSED, numbers)
    return [times[number] >= MISSES_AN_HOUR for number in numbers]


def too_much_guessed() -> Reason:
    """Return why a number answers only to its code for a while; the same whether it exists or not."""
    text = _("这个编号在一小时内查验失败的次数过多。请填写证书上的查验码，或者一小时后再试。")
    return Reason(text, "R-126", "guessed_too_often", field="code")
