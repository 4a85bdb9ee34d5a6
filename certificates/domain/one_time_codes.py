"""Codes with which the holder of a restricted certificate lets one employer check it once (A-12)."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certificates.domain.comparing import code_in_full
from certificates.models import Certificate, OneTimeCode
from portal.accounts.actors import Actor
from portal.accounts.rules import employer
from portal.ledger.record import record
from portal.shared.encryption import blind_index
from portal.shared.errors import Reason, Refusal
from portal.workflow.carry_out import locked

HOLDS_FOR = dt.timedelta(hours=24)
DIGITS = 10
MOST_OPEN = 5
PURPOSE = "certificates.one_time_code"


class _Asked(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def code(self) -> str: ...


@transaction.atomic
def make(certificate: Certificate, *, by: Actor, at: dt.datetime, key: str = "") -> tuple[OneTimeCode, str]:
    """Return a new code's row and the code itself, ten digits that are shown once; raises Refusal.

    Only for restricted certificates, as all others are checked without one, and at most MOST_OPEN that are still good.
    """
    row = locked(certificate)
    if not row.is_restricted:
        text = _("这份证书没有限制查验，凭编号和姓名即可查验，不需要一次性查验码。")
        raise Refusal([Reason(text, "A-12", "not_restricted")])
    if row.one_time_codes.open(at).count() >= MOST_OPEN:
        text = _("还有%(most)s个一次性查验码没有使用，请先使用或者等待失效。") % {"most": MOST_OPEN}
        raise Refusal([Reason(text, "A-12", "codes_open")])
    code = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    made = OneTimeCode.objects.create(certificate=row, digest=digest(code), made_at=at, ends_at=at + HOLDS_FOR)
    record(row, "make_one_time_code", by=by, at=at, before=row.state, after=row.state, basis="A-12", key=key)
    return made, code


def codes_of(certificate: Certificate) -> QuerySet[OneTimeCode]:
    """Return the codes made for a certificate, newest first, each with who used it."""
    return certificate.one_time_codes.select_related("used_by")


def digest(code: str) -> str:
    """Return by what a code is found without being kept."""
    return blind_index(code_in_full(code), PURPOSE)


def opening(asked: Sequence[_Asked], by: Actor, at: dt.datetime) -> dict[tuple[str, str], OneTimeCode]:
    """Return by number and digest the codes among those asked with that open something for ``by``, locked for use.

    Nothing is asked for actors who may not use one. The question is the same whether such a certificate exists or not.
    """
    given = {digest(one.code) for one in asked if one.code}
    if not given or not employer.test(by):
        return {}
    found = OneTimeCode.objects.open(at).filter(digest__in=given).select_related("certificate")
    return {(one.certificate.number, one.digest): one for one in found.select_for_update(of=("self",))}


def use(codes: Sequence[OneTimeCode], by: Actor, at: dt.datetime) -> None:
    """Note that ``by`` used the codes; no code is used twice."""
    keys = [code.pk for code in codes]
    if keys:
        OneTimeCode.objects.filter(pk__in=keys).update(used_at=at, used_by=by.organisation)
