"""Certificates (1, 9): nothing is issued that did not come the whole way, and the district stands where it belongs."""

from collections.abc import Iterator

from certificates.enums import STANDING
from certificates.models import Certificate
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.integrity.models import IntegrityRecord
from portal.web.invariants.findings import AT_ONCE, Breach, Find, Invariant, found_by
from review.enums.accepting import AFTER_DECISION
from review.enums.paying import SETTLED
from review.enums.sitting import SEATED

OF_CERTIFICATE = """
SELECT c.number{more} FROM certificates_certificate c
JOIN review_acceptedcase k ON k.id = c.case_id
JOIN review_agendaitem i ON i.id = k.item_id
JOIN review_committeesession s ON s.id = i.session_id
JOIN review_resultacceptance r ON r.id = k.acceptance_id
JOIN applications_application a ON a.id = k.application_id
WHERE c.state = ANY(%(standing)s) AND ({wrong})
"""
# Seats of those who keep out leave both sides of the quorum.
KEEPING_OUT = """(SELECT count(*) FROM review_itemrecusal x JOIN review_sessionmember m ON m.id = x.member_id
  WHERE x.item_id = i.id AND m.state = ANY(%(seated)s))"""


def _query(wrong: str, why: str, more: str = "", **values: object) -> Find:
    return found_by(OF_CERTIFICATE.format(wrong=wrong, more=more), why, standing=sorted(STANDING), **values)


def _barred() -> Iterator[Breach]:
    """Whoever had a record of misconduct when the certificate was ordered or came into force."""
    recorded = IntegrityRecord.objects.standing().filter(person__isnull=False).values("person")
    rows = Certificate.objects.filter(state__in=sorted(STANDING), holder__in=recorded).select_related("holder", "order")
    for certificate in rows.order_by("pk").iterator(AT_ONCE):
        at = certificate.issued_at or certificate.state_since
        if integrity.bars_on(certificate.holder, at=at, kinds={BarKind.APPLY}):
            yield Breach(certificate.number, "the holder was barred when it was issued")


COMPLETE_WAY = Invariant(
    1,
    "no certificate without vote, acceptance, notice, fee; none on hold or barred",
    (
        _query("i.state <> 'decided_pass' OR NOT k.is_pass", "the vote was not passed ({0})", ", i.state"),
        _query(
            "s.signed_at IS NULL OR s.state NOT IN ('signed', 'reported')",
            "the session is not signed ({0})",
            ", s.state",
        ),
        _query(
            f"3 * i.present_for_item < 2 * (s.size - {KEEPING_OUT})",
            "{0} of {1} were present: no quorum",
            ", i.present_for_item, s.size",
            seated=sorted(SEATED),
        ),
        _query(
            "k.state <> 'accepted' OR NOT r.state = ANY(%(decided)s)",
            "the result was not accepted ({0})",
            ", k.state",
            decided=sorted(AFTER_DECISION),
        ),
        _query(
            """k.exempted_at IS NULL AND NOT EXISTS (
              SELECT FROM publicity_line l WHERE l.notice_id = k.notice_id AND l.subject_id = a.id
              AND l.cleared_at IS NOT NULL AND l.struck_at IS NULL AND l.cleared_at <= coalesce(c.issued_at, 'infinity'))""",
            "no clean notice stands behind it",
        ),
        _query(
            "k.exempted_at IS NOT NULL AND (k.exempted_by_id IS NULL OR k.exempted_by_id = k.exemption_by_id)",
            "one person alone exempted it from publicity",
        ),
        _query(
            "NOT EXISTS (SELECT FROM review_payment p WHERE p.application_id = a.id AND p.state = ANY(%(settled)s))",
            "the fee was not settled",
            settled=sorted(SETTLED),
        ),
        _query("c.state <> 'suspended' AND a.hold <> 'none'", "the application is on hold ({0})", ", a.hold"),
        _query("c.state <> 'preparing' AND a.state <> 'certified'", "the application is {0}", ", a.state"),
        _barred,
    ),
)

DISTRICTS = Invariant(
    9,
    "a targeted certificate carries its district and no other one does",
    (
        _query("a.channel = 'targeted' AND c.district_limited = ''", "targeted, and names no district"),
        _query(
            "a.channel <> 'targeted' AND c.district_limited <> ''",
            "names {0}, and is not targeted",
            ", c.district_limited",
        ),
    ),
)
