"""Certificates that reached a state by the real steps, after scenario S5: cleared on 23 October, ordered on the 26th."""

import datetime as dt
from collections.abc import Sequence

from applications.models import Application
from certificates.domain import changing, making, ordering
from certificates.domain.making import Papers
from certificates.enums import CHANGE_PROOF, ChangeKind
from certificates.models import Certificate, IssueOrder
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.identifiers import Sex
from portal.accounts.models import Organisation, Person
from portal.catalogue.models import CatalogueEntry
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.workflow import settle_due
from review.models import AcceptedCase
from tests.factories import acceptances, catalogue, sessions
from tests.factories.defences import on

CLEARED = on(10, 24, 0)  # 24:00 of Friday 23 October
PROPOSED, ORDERED, MADE = on(10, 26, 9), on(10, 26, 10), on(10, 26, 10, 5)
UNREAD = Papers(b"%PDF-1.7 certificate", b"%PDF-1.7 notice")


def cleared(number: int = 1, entry: CatalogueEntry | None = None) -> list[AcceptedCase]:
    """Return so many results of one batch whose notice ended clean."""
    people = sessions.ready(entry or catalogue.published_entry(), number)
    Person.objects.filter(applications__in=people).update(born_on=dt.date(1988, 3, 5), sex=Sex.FEMALE)
    batch = acceptances.accepted(acceptances.voted(people, [10] * number))
    acceptances.posted(batch)
    settle_due(acceptances.fresh(batch), CLEARED)
    return [acceptances.case_of(one) for one in people]


def proposed(cases: Sequence[AcceptedCase] | None = None) -> IssueOrder:
    chosen = cases if cases is not None else cleared()
    return ordering.propose([case.code for case in chosen], by=acceptances.clerk(), at=PROPOSED)


def given(order: IssueOrder | None = None) -> IssueOrder:
    """Return an order that the lead gave: its certificates have numbers and wait for their papers."""
    return ordering.give(order or proposed(), by=acceptances.lead(), at=ORDERED)


def prepared(case: AcceptedCase | None = None) -> Certificate:
    """Return a numbered certificate whose paper is not written yet."""
    return given(proposed([case] if case else None)).certificates.get()


def issued(certificate: Certificate | None = None) -> Certificate:
    """Return a certificate in force whose papers nobody opens; ``made`` writes real ones."""
    return making.issue(certificate or prepared(), UNREAD, at=MADE)


def made(certificate: Certificate | None = None) -> Certificate:
    """Return a certificate in force with its drawn and signed papers; a quarter of a second."""
    one = certificate or prepared()
    return making.issue(one, making.papers_of(one, MADE), at=MADE)


def holder_of(certificate: Certificate) -> Actor:
    return acting_personally(certificate.holder)


def application_of(certificate: Certificate) -> Application:
    return Application.objects.get(pk=certificate.case.application_id)


def proof(of: Organisation) -> StoredFile:
    """Return a paper that the bureau handed in to prove that a certificate is wrong."""
    return keep(b"%PDF-1.4 proof", name="proof.pdf", purpose=CHANGE_PROOF, kind=Kind.PDF, owner=of, at=MADE)


def corrected(certificate: Certificate) -> Certificate:
    """Return the certificate that replaces another one, with the name put right."""
    wanted = changing.Wanted(
        ChangeKind.CORRECT,
        "姓名中的一个字录入有误，以身份证件为准。",
        {"holder_name": "张更正"},
        proof(acceptances.bureau()),
    )
    change = changing.propose(certificate, wanted, by=acceptances.clerk(), at=MADE)
    changing.approve(change, by=acceptances.lead(), at=MADE)
    return issued(Certificate.objects.get(corrects=certificate))
