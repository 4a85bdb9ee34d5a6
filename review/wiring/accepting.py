"""What the acceptance of results registers with the rooms below."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.rules import agency, bureau, bureau_lead
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents import purposes
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.http import navigation, worklist
from portal.publicity.enums import NoticeKind
from portal.publicity.registry import register as register_owner
from portal.workflow import register_settler, settle_due
from review import rules
from review.domain import acceptance_papers, acceptance_queries, accepting, promising, quotas, result_notices
from review.enums.accepting import APPEAL_DECISION, PROMISE
from review.models import AcceptedCase, ResultAcceptance


class OfResults(neighbours.Neighbour):
    """What an application's end, its hold and the end of that mean for its result."""

    def held(self, application: Application, at: dt.datetime) -> None:
        """The promise waits with the person, where nobody else keeps it running."""
        promising.hold_moved(application, at)

    def released(self, application: Application, at: dt.datetime) -> None:
        """A notice that ended meanwhile clears the person now, and the promise runs on."""
        result_notices.released(application, at)
        promising.hold_moved(application, at)

    def ended(self, application: Application, at: dt.datetime) -> None:
        """Disqualified, or not recognised: no certificate follows."""
        accepting.application_ended(application, at)


PAPERS = purposes.Purpose(
    name=acceptance_papers.PURPOSE,
    label=_("评审结果报送材料"),
    may_upload=agency,
    may_read=acceptance_papers.may_read,
)


def _reads_decision(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or AcceptedCase.objects.at(actor).filter(decision=file).exists()


DECISION = purposes.Purpose(
    name=APPEAL_DECISION,
    label=_("复查或者申诉决定书"),
    may_upload=rules.decides_batches,
    may_read=_reads_decision,
)


def settle_batch(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a batch: its notices, which clear its people."""
    if not isinstance(subject, ResultAcceptance):
        return False
    moved = [
        settle_due(notice, at) for notice in result_notices.running(subject)
    ]  # every one, whatever the first found
    return any(moved)


def batches_of_bureau(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of results waits for the bureau."""
    page = reverse("review:acceptances")
    return [
        worklist.Waiting(_("评审结果待受理验收"), acceptance_queries.to_take(actor).count(), page),
        worklist.Waiting(_("验收中，待决定"), acceptance_queries.to_decide(actor).count(), page),
        worklist.Waiting(_("已验收，待公示"), acceptance_queries.to_show(actor).count(), page),
        worklist.Waiting(_("不公开公示待批准"), acceptance_queries.to_exempt(actor).count(), page),
        worklist.Waiting(_("暂缓验收待处理"), acceptance_queries.to_look_into(actor).count(), page),
    ]


def quotas_of_bureau(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of quotas waits for a lead."""
    return [worklist.Waiting(_("定向评价名额待批准"), quotas.to_decide(actor).count(), reverse("review:quotas"))]


def batches_of_agency(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of results waits for the agency."""
    return [
        worklist.Waiting(
            _("评审会议已签署，待报送验收"), acceptance_queries.to_report(actor).count(), reverse("review:sessions")
        ),
        worklist.Waiting(
            _("验收材料待补正"), acceptance_queries.to_complete(actor).count(), reverse("review:acceptances")
        ),
    ]


def connect_accepting() -> None:
    """Register acceptance and result notices."""
    purposes.register(PAPERS)
    purposes.register(DECISION)
    register_deadline(DeadlineKind(PROMISE, _("验收发证承诺时限"), "R-006", ring=promising.is_over))
    register_owner(NoticeKind.RESULT_CITY, result_notices.ResultOwner())
    register_settler(settle_batch)
    neighbours.register(OfResults())
    worklist.register("review.results_of_bureau", bureau, batches_of_bureau)
    worklist.register("review.quotas", bureau_lead, quotas_of_bureau)
    worklist.register("review.results_of_agency", agency, batches_of_agency)
    navigation.register("review:acceptances", _("评审结果验收"), who=rules.sees_acceptances, place=28)
