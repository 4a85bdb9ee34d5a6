"""Holds: what stops one person's application without changing its state, and what integrity records do to it (A-08, R-140)."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from applications.domain import clocks, neighbours, submitting
from applications.enums import Hold
from applications.models import Application
from applications.rules import STAFF
from portal.accounts.actors import SYSTEM
from portal.integrity.enums import Measure, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.integrity.queries import cases_open_against, cases_waiting_for
from portal.integrity.registry import Handler
from portal.ledger.record import record as write_down
from portal.notifications.recipients import Recipient, holders_at
from portal.publicity.models import Objection
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked


@in_office_language
def set_hold(application: Application, hold: Hold, *, at: dt.datetime, basis: str) -> Application:
    """Put a hold on an application or take it off, in the transaction of what causes it.

    An investigation outlasts an objection and stops the person's timers; an objection lets the notice run on and has
    its own grace (A-34).
    """
    row = locked(application)
    if row.hold == hold:
        return row
    before, row.hold = row.hold, hold
    row.save(update_fields=["hold", "updated_at"])
    write_down(row, "hold", by=SYSTEM, at=at, before=before, after=hold, basis=basis)
    if hold == Hold.INVESTIGATION:
        clocks.stop_for_investigation(row, at)
    elif before == Hold.INVESTIGATION:
        clocks.start(row, cause=clocks.INVESTIGATED, at=at)
    tell = neighbours.released if hold == Hold.NONE else neighbours.held
    tell(row, at)
    return row


def hold_as_things_stand(application: Application, *, at: dt.datetime, basis: str) -> Application:
    """Put the hold on, or take it off, that whatever is open against the person asks for; of what ended nobody kept track."""
    if cases_waiting_for(application.applicant).exists():
        return set_hold(application, Hold.INVESTIGATION, at=at, basis=basis)
    objected = Objection.objects.awaiting().against(application).exists()
    return set_hold(application, Hold.OBJECTION if objected else Hold.NONE, at=at, basis=basis)


class Consequences(Handler):
    """What an integrity record does to the live applications of its subject."""

    def opened(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """A clue is looked into: the person's application waits."""
        for application in _concerned(record):
            set_hold(application, Hold.INVESTIGATION, at=at, basis="R-148")

    def closed(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """The clue came to nothing: the application goes on, unless something else stands against it."""
        for application in _concerned(record):
            if not cases_open_against(application.applicant).exclude(pk=record.pk).exists():
                waits = Objection.objects.awaiting().against(application).exists()
                set_hold(application, Hold.OBJECTION if waits else Hold.NONE, at=at, basis="R-148")

    @in_office_language
    def in_force(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """The decision was served: what is not finished is disqualified (R-140)."""
        for application in _concerned(record):
            if Measure.CANCEL_APPLICATION in record.measures:
                reason = _("经认定存在弄虚作假等行为，取消申报资格（决定%(code)s）。") % {"code": record.code}
                done = carry_out(application, "disqualify", by=SYSTEM, at=at, reason=reason)
                submitting.close(done, at)
            else:
                self.closed(record, at)

    def also_told(self, record: IntegrityRecord) -> Iterable[Recipient]:
        """The employer that recommends the person learns of notice and decision (N-12)."""
        organisations = {one.employer for one in _concerned(record) if one.employer is not None}
        return [holders_at(organisation, STAFF) for organisation in organisations]


def _concerned(record: IntegrityRecord) -> Iterator[Application]:
    """Yield the live applications of the record's subject, locked one after the other."""
    if record.person_id is None or record.role != SubjectRole.APPLICANT:
        return
    for application in Application.objects.live().filter(applicant=record.person_id).order_by("pk"):
        yield locked(application)
