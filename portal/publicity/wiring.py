"""What publicity registers with the rooms below: timers, files, desk entries, the demonstration's owner."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.accounts.rules import anyone, is_system
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents import purposes
from portal.documents.enums import Kind
from portal.documents.purposes import Purpose
from portal.http import navigation, worklist
from portal.notifications.kinds import reached_by
from portal.publicity import letters, rules
from portal.publicity.domain import collecting, objecting, posting, proving, queries
from portal.publicity.enums import ANSWER, ARCHIVES, CLEARS, ENDS, NoticeKind
from portal.publicity.models import Objection
from portal.publicity.registry import Owner, register


class DemonstrationOwner(Owner):
    """Nothing follows from a demonstration; its objections may be handed up to the bureau."""

    def next_instance(self, objection: Objection) -> Organisation | None:
        if objection.handler.kind == OrganisationKind.BUREAU:
            return None
        return Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True).first()


def objections_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many objections wait for the actor's organisation."""
    open_ones = Objection.objects.handled_by(actor).awaiting()
    return [worklist.Waiting(_("公示异议待处理"), open_ones.count(), reverse("publicity:objections"))]


def connect() -> None:
    """Register timers, files, entries and owners."""
    register_deadline(DeadlineKind(ENDS, _("公示期满"), "R-072", ring=posting.end))
    register_deadline(DeadlineKind(CLEARS, _("公示对象结清"), "R-073", ring=posting.clear_lines))
    register_deadline(DeadlineKind(ARCHIVES, _("姓名撤下"), "A-07", ring=posting.archive))
    register_deadline(DeadlineKind(ANSWER, _("异议答复"), "A-08", ring=objecting.overdue))
    purposes.register(
        Purpose(
            proving.PURPOSE,
            _("公示证明"),
            may_upload=is_system,
            may_read=queries.may_read_proof,
            kinds=frozenset({Kind.PDF}),
        )
    )
    purposes.register(
        Purpose(
            collecting.PURPOSE,
            _("异议材料"),
            may_upload=anyone,
            may_read=collecting.may_read,
            max_bytes=collecting.MOST_BYTES,
        )
    )
    for kind in (letters.ObjectorAccepted, letters.ObjectorExtended, letters.ObjectorAnswered):
        reached_by(kind, letters.reach_objector)
    worklist.register("publicity.objections", rules.staff, objections_waiting)
    navigation.register("publicity:board", _("公示公告"), who=anyone, place=30)
    navigation.register("publicity:results", _("本年度评审结果公示"), who=anyone, place=31)
    navigation.register("publicity:own_notices", _("本单位公示"), who=rules.staff, place=140)
    navigation.register("publicity:objections", _("异议处理"), who=rules.staff, place=141)
    if settings.DEMO_CLOCK:
        register(NoticeKind.DEMONSTRATION, DemonstrationOwner())
