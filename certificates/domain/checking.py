"""Answering whether a certificate exists and holds: to anybody who knows its number and the holder's name (R-126, §9).

Number and name show that it exists, its state, title and level. The code printed on it shows the whole face as well: whoever
has the code has the paper before them and compares every line of it. A restricted certificate answers only an employer
who was told a one-time code by the holder (A-12). For everybody else it is as if it did not exist, as it is for a wrong
name: all three ask the database the same one question.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from certificates.domain import one_time_codes
from certificates.domain.comparing import code_in_full, is_same, masked_name, name_in_full, number_in_full
from certificates.enums import CertificateState, CheckWay
from certificates.models import Certificate, CertificateCheck, OneTimeCode
from certificates.values import Face
from portal.accounts.actors import Actor
from portal.accounts.rules import agency, bureau
from portal.catalogue.enums import LevelKey
from portal.shared.office import in_office_language

# Whose office is shown the face without the code printed on it (§9).
sees_faces = agency | bureau
NOBODY = ("", "", False)


@dataclass(frozen=True)
class Asked:
    """What somebody asks about, as they typed it."""

    number: str
    name: str
    code: str = ""


@dataclass(frozen=True)
class Answer:
    """What is told of a certificate that was found; ``name`` is masked and ``face`` None without the right code.

    ``ended_on`` is the day of a revocation. ``district_limited`` names the only district where the title holds (R-128).
    ``replaced_by`` is the number of the corrected certificate, told together with the face.
    """

    number: str
    state: CertificateState
    name: str
    title: str
    level: str
    ended_on: dt.date | None
    district_limited: str
    is_code_wrong: bool = False
    face: Face | None = None
    replaced_by: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the title holds at this moment."""
        return self.state == CertificateState.ISSUED


def check(
    number: str,
    name: str,
    code: str = "",
    *,
    way: CheckWay = CheckWay.NUMBER_NAME,
    only_with_code: bool = False,
    by: Actor,
    at: dt.datetime,
) -> Answer | None:
    """Return what ``by`` may know of the certificate, or None where nothing is found; a found one is logged.

    ``only_with_code`` finds nothing without the right code: for numbers at which somebody has been guessing.
    """
    return check_all([Asked(number, name, code)], way=way, only_with_code=only_with_code, by=by, at=at)[0]


@transaction.atomic
@in_office_language
def check_all(
    asked: Sequence[Asked], *, way: CheckWay, only_with_code: bool = False, by: Actor, at: dt.datetime
) -> list[Answer | None]:
    """Answer many at once in the order asked, None for those not found; the number of queries does not grow with them."""
    known = _known(asked)
    codes = one_time_codes.opening(asked, by, at)
    named: dict[int, OneTimeCode | None] = {}
    for place, one in enumerate(asked):
        _number, name, is_restricted = known.get(number_in_full(one.number), NOBODY)
        is_named = is_same(name_in_full(one.name), name_in_full(name)) and bool(name)
        key = codes.pop((number_in_full(one.number), one_time_codes.digest(one.code)), None) if codes else None
        if is_named and (key is not None) == is_restricted:
            named[place] = key
    if not named:
        return [None] * len(asked)
    rows = {row.number: row for row in _rows({number_in_full(asked[place].number) for place in named})}
    answers: list[Answer | None] = [None] * len(asked)
    for place, key in named.items():
        answers[place] = _answer(rows[number_in_full(asked[place].number)], asked[place].code, key, by)
    if only_with_code:
        answers = [one if one is not None and one.face is not None else None for one in answers]
    one_time_codes.use([key for place, key in named.items() if key and answers[place]], by, at)
    _log(rows, asked, answers, named, way=way, by=by, at=at)
    return answers


def checks_of(certificate: Certificate) -> QuerySet[CertificateCheck]:
    """Return the answers that were given about a certificate, newest first, for its holder."""
    return certificate.checks.select_related("organisation").order_by("-at", "-id")


def _known(asked: Sequence[Asked]) -> dict[str, tuple[str, str, bool]]:
    """Return by number as little as must be known to compare: a row more or less must not be felt in the time taken."""
    numbers = {number_in_full(one.number) for one in asked}
    found = Certificate.objects.out().filter(number__in=numbers)
    return {row[0]: row for row in found.values_list("number", "holder_name", "is_restricted")}


def _rows(numbers: set[str]) -> QuerySet[Certificate]:
    new = Certificate.objects.filter(corrects=OuterRef("pk")).exclude(state=CertificateState.VOIDED)
    found = Certificate.objects.filter(number__in=numbers).select_related("corrects")
    return found.annotate(successor=Subquery(new.values("number")[:1])).defer(
        "corrects__check_code", "corrects__reason"
    )


def _answer(certificate: Certificate, code: str, key: OneTimeCode | None, by: Actor) -> Answer:
    is_printed = bool(code) and is_same(code_in_full(code), certificate.check_code)
    shows_face = is_printed or key is not None or sees_faces.test(by)
    is_replaced = certificate.state == CertificateState.SUPERSEDED and shows_face
    return Answer(
        number=certificate.number,
        state=CertificateState(certificate.state),
        name=certificate.holder_name if shows_face else masked_name(certificate.holder_name),
        title=certificate.title,
        level=str(LevelKey(certificate.level).label),
        ended_on=certificate.ended_on,
        district_limited=certificate.district_limited,
        is_code_wrong=bool(code) and not is_printed and key is None,
        face=certificate.face() if shows_face else None,
        replaced_by=getattr(certificate, "successor", None) or "" if is_replaced else "",
    )


def _log(
    rows: dict[str, Certificate],
    asked: Sequence[Asked],
    answers: Sequence[Answer | None],
    named: dict[int, OneTimeCode | None],
    *,
    way: CheckWay,
    by: Actor,
    at: dt.datetime,
) -> None:
    CertificateCheck.objects.bulk_create(
        CertificateCheck(
            certificate=rows[answer.number],
            at=at,
            way=_way(way, asked[place], answer, named.get(place)),
            organisation=by.organisation,
            result=answer.state,
            shows_face=answer.face is not None,
        )
        for place, answer in enumerate(answers)
        if answer is not None
    )


def _way(way: CheckWay, asked: Asked, answer: Answer, key: OneTimeCode | None) -> CheckWay:
    """Return by which way the answer was got: number and name are told apart by what came with them."""
    if key is not None:
        return CheckWay.ONE_TIME_CODE
    if way == CheckWay.NUMBER_NAME and asked.code and not answer.is_code_wrong:
        return CheckWay.NUMBER_NAME_CODE
    return way
