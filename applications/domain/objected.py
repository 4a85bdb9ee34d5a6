"""What an objection does to the application behind a line, whoever publicises it (A-08, domain §8.8)."""

import datetime as dt

from applications.domain.holding import set_hold
from applications.enums import Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.integrity.domain import opening
from portal.integrity.enums import Source, SubjectRole
from portal.publicity.enums import ObjectionState
from portal.publicity.models import Line, Notice, Objection
from portal.publicity.registry import Owner
from portal.workflow.carry_out import locked


class OwnerOfApplications(Owner):
    """Answers for notices whose lines are applications.

    An objection acts on the application itself, on whatever notice that stands by then, and even where it has ended.
    """

    def reads_proof(self, actor: Actor, notice: Notice, line: Line | None) -> bool:
        """The agency reads the proof of each person whose file it has (R-077)."""
        of_agency = Application.objects.of_agency(actor)
        return line is not None and line.subject_id is not None and of_agency.filter(pk=line.subject_id).exists()

    def released(self, line: Line, objection: Objection, at: dt.datetime) -> None:
        """Nothing stands against the person any more; a notice that ended clears the line next, without a new one."""
        application = locked_behind(line)
        if application is not None:
            lift_objection(application, at)
            self.go_on(application, at)

    def struck(self, line: Line, objection: Objection, outcome: ObjectionState, at: dt.datetime) -> None:
        """An upheld objection: put right and publicise anew, or the end, with an integrity case where fraud is suspected."""
        application = locked_behind(line)
        if application is None:
            return
        lift_objection(application, at)
        if outcome == ObjectionState.FOUNDED_CORRECTABLE:
            self.put_right(application, objection, at)
            return
        self.take_away(application, objection, at)
        if outcome == ObjectionState.FOUNDED_FRAUD or objection.suspects_fraud:
            _report_fraud(application, objection, at)

    def go_on(self, application: Application, at: dt.datetime) -> None:
        """The last objection was closed as unfounded."""

    def put_right(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """What was shown is corrected and publicised anew, as far as the application is not there already."""

    def take_away(self, application: Application, objection: Objection, at: dt.datetime) -> None:
        """The application ends by the objection, as far as it has not ended already."""


def application_of(line: Line) -> Application | None:
    """Return the application behind a line; None where something else is."""
    subject: object = line.subject
    return subject if isinstance(subject, Application) else None


def locked_behind(line: Line) -> Application | None:
    """Return the application behind a line, locked."""
    application = application_of(line)
    return None if application is None else locked(application)


def hold_for_objection(application: Application, at: dt.datetime) -> None:
    """Put the objection's hold on; an investigation holds it already."""
    if application.hold == Hold.NONE:
        set_hold(application, Hold.OBJECTION, at=at, basis="A-08")


def lift_objection(application: Application, at: dt.datetime) -> None:
    """Take the objection's hold off once none is open, on whatever notice it was raised; an investigation goes on."""
    if application.hold == Hold.OBJECTION and not Objection.objects.awaiting().against(application).exists():
        set_hold(application, Hold.NONE, at=at, basis="A-08")


def _report_fraud(application: Application, objection: Objection, at: dt.datetime) -> None:
    opening.open_record(
        person=application.applicant,
        role=SubjectRole.APPLICANT,
        source=Source.OBJECTION,
        facts=objection.facts,
        case=application,
        by=SYSTEM,
        at=at,
    )
