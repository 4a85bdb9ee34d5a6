"""Certificates: put together by one, ordered by another, numbered at once, drawn as many as wanted."""

import datetime as dt
from contextlib import suppress

from certificates.domain import making, ordering, readiness
from certificates.enums import CertificateState
from certificates.models import Certificate
from portal.connectors.errors import Unreachable
from portal.web.simulation import voting
from portal.web.simulation.season import Block
from portal.web.simulation.staffing import Cast, Desk
from review.models import AcceptedCase


def order(block: Block, desk: Desk, cast: Cast, *, at: dt.datetime) -> None:
    """Order the certificates of everybody of the block who was cleared; who cannot have one stays on the list with the reason."""
    session = voting.session_of(block, desk)
    if session is None:
        return
    cleared = ordering.free().filter(item__session=session)
    codes = list(cleared.values_list("code", flat=True))
    if not codes or not _is_ready(codes, at):
        return
    ordering.give(ordering.propose(codes, by=cast.clerk, at=at), by=cast.lead, at=at)
    while ordering.go_on(at):
        continue


def make(most: int, *, at: dt.datetime) -> int:
    """Draw, sign and issue up to ``most`` certificates that wait, and return how many came into force."""
    made = 0
    with suppress(Unreachable):
        while made < most:
            certificate = making.claim(at)
            if certificate is None or not making.make(certificate, lambda: at):
                break
            made += 1
    return made


def waiting() -> int:
    """Return how many certificates have a number and no papers yet."""
    return Certificate.objects.filter(state=CertificateState.PREPARING).count()


def _is_ready(codes: list[str], at: dt.datetime) -> bool:
    rows = AcceptedCase.objects.filter(code__in=codes).select_related(*readiness.NEEDED)
    return not all(readiness.reasons_against(list(rows), at).values())
