"""What of an application can be reviewed on its person's request, who may look at it again, and what follows (domain §8.17)."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import models
from django.utils.translation import gettext as _

from applications.domain import reopening
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import the_bureau
from portal.accounts.rules import bureau
from portal.ledger.models import READ
from portal.ledger.queries import history_of
from portal.publicity.models import Objection
from portal.redress.models import ReviewRequest
from portal.redress.registry import Matter, Outcome
from portal.shared.errors import Reason
from portal.shared.office import in_office_language
from review.domain import reviving
from review.enums.sitting import MemberState
from review.models import AcceptedCase, AgencyReview, Defence, Payment, SessionMember

S = ApplicationState
# Outcomes against the person of which a review may be asked for (domain §8.17 #1).
REVIEWABLE = frozenset({S.REJECTED, S.DEEMED_WITHDRAWN, S.NOT_PASSED, S.NOT_RECOGNISED, S.NOT_RECOMMENDED})
# Where a member of a session stands who sat in it, to its end or not.
CAME = (MemberState.PRESENT, MemberState.LEFT)


class ApplicationMatter(Matter):
    """Answers for applications."""

    own_page = "applications:progress"

    def outcome(self, subject: Application) -> Outcome | None:
        if subject.state not in REVIEWABLE or subject.ended_at is None:
            return None
        return Outcome(subject.state, subject.ended_at, _reason(subject))

    def person(self, subject: Application) -> Person:
        return subject.applicant

    def title(self, subject: Application) -> str:
        return subject.title

    def words(self, result: str) -> str:
        return str(ApplicationState(result).label)

    def handler(self, subject: Application) -> Organisation | None:
        """The agency answers, but where the bureau itself decided: it does not look over its own superior."""
        return None if subject.state == S.NOT_RECOGNISED else subject.entry.agency

    def involved(self, subject: Application) -> frozenset[int]:
        """Whoever took a step on the file, its fee, its defence, its session, its result or an objection, and who sat there."""
        taken = history_of(*_of(subject)).exclude(step=READ).exclude(person=None)
        sat = SessionMember.objects.filter(session__items__application=subject, state__in=CAME)
        return frozenset(
            {
                *taken.order_by().values_list("person", flat=True).distinct(),
                *sat.values_list("person", flat=True),
            }
        )

    def file_page(self, subject: Application, actor: Actor) -> tuple[str, str] | None:
        """The agency reads its file, the bureau the result, where a new vote is ordered, and the file before there is one."""
        case = AcceptedCase.objects.at(actor).filter(application=subject).order_by("-pk").first()
        if case is not None and bureau.test(actor):
            return "review:result", case.code
        review = AgencyReview.objects.seen_by(actor).filter(application=subject).first()
        return ("review:file", review.code) if review is not None else None

    def reasons_against_upholding(self, request: ReviewRequest, at: dt.datetime) -> list[Reason]:
        application = request.subject
        if application.state != request.result or application.ended_at != request.told_at:
            text = _("该申报已不是所复查的结果，不能再恢复。")
            return [Reason(text, "A-24", "outcome_changed")]
        if request.result == S.NOT_PASSED:
            return reopening.reasons_against(application, at)
        return reviving.reasons_against_reviving(application, at)

    def upheld(self, request: ReviewRequest, at: dt.datetime) -> None:
        """The application goes on where it stood; a vote is repeated by others once the bureau orders it (§8.1 #35)."""
        if request.result != S.NOT_PASSED:
            reviving.revive(request.subject, at=at)

    def what_follows(self, request: ReviewRequest) -> str:
        if request.result == S.NOT_PASSED:
            return _("原表决由市人力资源社会保障局责令其他委员重新评审。")
        state = Application.objects.get(pk=request.subject_id).get_state_display()
        return _("申报恢复为「%(state)s」，继续办理。") % {"state": state}

    def following(self, request: ReviewRequest) -> Iterable[Organisation]:
        """The agency goes on with it, unless it never had it; the bureau orders the new vote."""
        if request.result == S.NOT_PASSED:
            yield the_bureau()
        if request.result != S.NOT_RECOMMENDED and request.subject.entry.agency is not None:
            yield request.subject.entry.agency


@in_office_language
def _reason(application: Application) -> str:
    """Return why it ended, with the employer's ground where it refused: whoever answers may not see the file then."""
    if application.state != S.NOT_RECOMMENDED:
        return application.end_reason
    return _("%(ground)s：%(reason)s") % {
        "ground": application.recommendation.get_ground_display(),
        "reason": application.end_reason,
    }


def _of(application: Application) -> Iterator[models.Model]:
    """Yield every row on which people acted about the application, besides itself."""
    yield application
    yield from AgencyReview.objects.filter(application=application)
    yield from Payment.objects.filter(application=application)
    for defence in Defence.objects.filter(application=application):
        yield from (defence, *defence.requests.all(), *defence.opinions.all())
    for item in application.agenda_items.select_related("session"):
        yield from (item, item.session)
    for case in AcceptedCase.objects.filter(application=application).select_related("acceptance"):
        yield from (case, case.acceptance)
    yield from Objection.objects.against(application)
