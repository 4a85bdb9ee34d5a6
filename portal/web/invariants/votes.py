"""Votes (2, 3, 10, 14): counts that add up, secrecy, nobody with a relation on a roll, authority at every session."""

from collections.abc import Iterator

from portal.catalogue.queries import policy_of
from portal.web.invariants.findings import AT_ONCE, Breach, Invariant, found_by, rows_of
from review.domain import count_sheets
from review.enums.sitting import DECIDED, SessionState
from review.models import CommitteeSession

FACTS_THAT_TELL = ["choice", "vote", "agree", "against", "abstain"]
AFTER_SIGNATURE = frozenset({SessionState.SIGNED, SessionState.REPORTED, SessionState.VOIDED})
NEVER_IN_FORCE = ["draft", "submitted", "sent_back", "refused"]


def _outcomes() -> Iterator[Breach]:
    """Compute every decided case anew by the fraction of its policy version."""
    query = """SELECT i.code, i.state, a.policy_code, i.agree, i.present_for_item FROM review_agendaitem i
      JOIN applications_application a ON a.id = i.application_id WHERE i.state = ANY(%(decided)s)"""
    for code, state, policy, agree, present in rows_of(query, {"decided": sorted(DECIDED)}):
        passed = policy_of(str(policy)).reaches("vote", int(str(agree)), int(str(present)))
        if passed != (state == "decided_pass"):
            yield Breach(str(code), f"{agree} of {present} agreed, and it is {state}")


def _signatures() -> Iterator[Breach]:
    """Compute every signed count anew: what was signed never changes."""
    signed = CommitteeSession.objects.filter(state__in=sorted(AFTER_SIGNATURE), signed_at__isnull=False)
    for session in signed.select_related("committee").order_by("pk").iterator(AT_ONCE):
        if session.signature != count_sheets.digest_of(session):
            yield Breach(session.code, "its results are not the ones that were signed")


COUNTS = Invariant(
    2,
    "counts of a vote add up to those present, and the outcome is what the formula gives",
    (
        found_by(
            """SELECT code, agree, against, abstain, not_cast, present_for_item FROM review_agendaitem
            WHERE state = ANY(%(decided)s) AND agree + against + abstain + not_cast IS DISTINCT FROM present_for_item""",
            "{0} + {1} + {2} + {3} is not {4}",
            decided=sorted(DECIDED),
        ),
        found_by(
            """SELECT i.code, i.present_for_item, count(v.id) FROM review_agendaitem i
            LEFT JOIN review_itemvoter v ON v.item_id = i.id WHERE i.state = ANY(%(decided)s)
            GROUP BY i.id HAVING count(v.id) <> i.present_for_item""",
            "{0} counted as present, {1} on the roll",
            decided=sorted(DECIDED),
        ),
        _outcomes,
    ),
)

SECRECY = Invariant(
    3,
    "no table and no log joins a member to a choice",
    (
        found_by(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
            WHERE c.table_schema = current_schema() AND c.column_name = ANY(%(telling)s) AND EXISTS (
              SELECT FROM information_schema.columns o WHERE o.table_schema = c.table_schema
              AND o.table_name = c.table_name AND o.column_name IN ('member_id', 'voter_id'))""",
            "the column {0} stands beside the member",
            telling=FACTS_THAT_TELL,
        ),
        found_by(
            """SELECT 'ledger ' || id, subject_type, step FROM ledger_entry
            WHERE subject_type LIKE 'review.%%' AND jsonb_exists_any(facts, %(telling)s)""",
            "an entry of {0} for {1} tells of a choice",
            telling=FACTS_THAT_TELL,
        ),
    ),
)

RELATIONS = Invariant(
    10,
    "nobody with a relation to an applicant is counted as present for the case",
    (
        found_by(
            """SELECT i.code, m.code, x.relation FROM review_itemvoter v
            JOIN review_agendaitem i ON i.id = v.item_id JOIN review_sessionmember m ON m.id = v.member_id
            JOIN review_itemrecusal x ON x.item_id = v.item_id AND x.member_id = v.member_id""",
            "{0} is on the roll and keeps out ({1})",
        ),
        found_by(
            """SELECT i.code, m.code FROM review_itemvoter v
            JOIN review_agendaitem i ON i.id = v.item_id JOIN review_sessionmember m ON m.id = v.member_id
            JOIN applications_application a ON a.id = i.application_id
            LEFT JOIN applications_recommendation r ON r.application_id = a.id
            WHERE m.person_id IN (a.applicant_id, r.signed_by_id)""",
            "{0} is the applicant or signed the recommendation",
        ),
    ),
)

AUTHORITY = Invariant(
    14,
    "no session opens without a filing in force, and signed results never change",
    (
        found_by(
            """SELECT s.code, s.opened_at, f.valid_from, f.valid_to FROM review_committeesession s
            JOIN review_committeefiling f ON f.id = s.filing_id WHERE s.opened_at IS NOT NULL AND (
              f.state = ANY(%(never)s)
              OR NOT (s.opened_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN f.valid_from AND f.valid_to)""",
            "opened at {0}, filed from {1} to {2}",
            never=NEVER_IN_FORCE,
        ),
        found_by(
            """SELECT s.code, e.at FROM review_committeesession s JOIN ledger_entry e
            ON e.subject_type = 'review.CommitteeFiling' AND e.subject_id = s.filing_id AND e.after = 'revoked'
            WHERE s.opened_at > e.at""",
            "opened although the filing was revoked at {0}",
        ),
        _signatures,
    ),
)
