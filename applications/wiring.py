"""What applications register with the rooms below: timers, owners of employers' notices, files, desk entries."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import rules
from applications.domain import archiving, expiring, printing, queries
from applications.domain.holding import Consequences
from applications.domain.publicising import EmployerOwner
from applications.enums import AWAITING_EMPLOYER, CORRECTION, EMPLOYER_WINDOW, RECHECK, WINDOW
from applications.interfaces import papers
from applications.models import Recommendation
from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally, is_system
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents import purposes
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.entrance.domain import revealing
from portal.http import navigation, worklist
from portal.integrity.registry import register as register_consequences
from portal.publicity.enums import NoticeKind
from portal.publicity.registry import register as register_owner
from portal.workflow import register_settler, settle_due


def _reads(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or queries.reads_file(actor, file)


EVIDENCE = purposes.Purpose(
    name=archiving.EVIDENCE, label=_("申报证明材料"), may_upload=acts_personally, may_read=_reads
)


def _reads_form(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or queries.reads_form(actor, file)


FORM = purposes.Purpose(
    name=printing.PURPOSE,
    label=_("职称评审申报表"),
    may_upload=is_system,
    may_read=_reads_form,
    kinds=frozenset({Kind.PDF}),
)


def settle_recommendation(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a recommendation: on its application, where the timers hang, and on its notice."""
    if not isinstance(subject, Recommendation):
        return False
    on_notice = subject.notice is not None and settle_due(subject.notice, at)
    return settle_due(subject.application, at) or on_notice


def drafts_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the person."""
    return [worklist.Waiting(_("申报待填写或补正"), queries.drafts_waiting(actor).count(), reverse("applications:own"))]


def recommendations_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the employer."""
    waiting = Recommendation.objects.at(actor).filter(state__in=AWAITING_EMPLOYER).count()
    return [worklist.Waiting(_("职称申报待审核推荐"), waiting, reverse("applications:queue"))]


def connect() -> None:
    """Register everything."""
    _register_timers()
    register_settler(settle_recommendation)
    for notice in (NoticeKind.EMPLOYER, NoticeKind.ASSOCIATION):
        register_owner(notice, EmployerOwner())
    register_consequences(Consequences())
    purposes.register(EVIDENCE)
    purposes.register(FORM)
    printing.rendered_by(papers.form)
    revealing.register_files(queries.people_in_files_of)
    worklist.register("applications.drafts", acts_personally, drafts_waiting)
    worklist.register("applications.recommendations", rules.recommends, recommendations_waiting)
    navigation.register("applications:own", _("我的申报"), who=acts_personally, place=10)
    navigation.register("applications:archive", _("业绩档案"), who=acts_personally, place=12)
    navigation.register("applications:queue", _("审核推荐"), who=rules.recommends, place=14)


def _register_timers() -> None:
    register_deadline(DeadlineKind(WINDOW, _("个人申报截止"), "R-024", ring=expiring.individual_window))
    register_deadline(
        DeadlineKind(
            EMPLOYER_WINDOW,
            _("单位推荐截止"),
            "R-025",
            ring=expiring.employer_window,
            reminders=(3,),
            remind=expiring.remind_employer,
        )
    )
    register_deadline(
        DeadlineKind(
            CORRECTION,
            _("补正截止"),
            "R-093",
            ring=expiring.correction,
            reminders=(3, 1),
            remind=expiring.remind_correction,
        )
    )
    register_deadline(DeadlineKind(RECHECK, _("单位复核截止"), "A-09", ring=expiring.recheck))
