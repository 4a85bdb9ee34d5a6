"""The papers of a batch: what the agency brings, and minutes and count sheet as they follow from the signed record."""

import datetime as dt
from collections.abc import Mapping

from portal.accounts.actors import Actor
from portal.documents import intake, pdf
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.shared.office import in_office_language
from review.domain import minutes, session_papers
from review.enums.accepting import PaperKind
from review.models import AcceptancePaper, CommitteeSession, ResultAcceptance

PURPOSE = "review_acceptance"


def minutes_of(session: CommitteeSession) -> bytes:
    """Return the signed minutes as a paper."""
    context = {"session": session, "paragraphs": session.minutes.splitlines(), "counted": minutes.counted(session)}
    return pdf.render("documents/review/minutes.html", context, at=session.signed_at or session.state_since)


@in_office_language
def written(session: CommitteeSession) -> Mapping[PaperKind, bytes]:
    """Return the papers that the portal writes from the record; takes about a second."""
    return {PaperKind.MINUTES: minutes_of(session), PaperKind.COUNT_SHEET: session_papers.count_of(session)}


@in_office_language
def keep_written(batch: ResultAcceptance, papers: Mapping[PaperKind, bytes], *, at: dt.datetime) -> None:
    """Attach what the portal wrote; must stand in the transaction of the report."""
    agency = batch.session.committee.agency
    for kind, content in papers.items():
        name = f"{kind.label}-{batch.session.code}.pdf"
        file = intake.keep(content, name=name, purpose=PURPOSE, kind=Kind.PDF, owner=agency, at=at)
        attach(batch, kind, file, at=at)


def attach(batch: ResultAcceptance, kind: PaperKind, file: StoredFile | None, *, at: dt.datetime) -> None:
    """Attach a kept file of the agency, where there is one."""
    if file is not None:
        AcceptancePaper.objects.create(acceptance=batch, kind=kind, file=file, attached_at=at)


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Return whether the actor's office sees the batch to which the file belongs."""
    return AcceptancePaper.objects.filter(file=file, acceptance__in=ResultAcceptance.objects.at(actor)).exists()
