"""What the catalogue registers with the rooms below: its places in the navigation, and what waits for the bureau."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import anyone, bureau, bureau_lead
from portal.catalogue.enums import EditionState, GuideState, PolicyState, RecognitionState, ScheduleState
from portal.catalogue.models import AnnualSchedule, Edition, Guide, PolicyVersion, Recognition
from portal.catalogue.rules import keeps_a_schedule, writes_guides
from portal.http import navigation, worklist
from portal.http.worklist import Waiting


def connect() -> None:
    """Show everybody the catalogue and the windows, and staff what they keep and what waits for them."""
    navigation.register("catalogue:browse", _("评审目录"), who=anyone, place=40)
    navigation.register("catalogue:schedules", _("年度安排"), who=anyone, place=41)
    navigation.register("catalogue:overview", _("目录与政策"), who=bureau, place=60)
    navigation.register("catalogue:own_schedules", _("本单位年度安排"), who=keeps_a_schedule, place=60)
    navigation.register("catalogue:guides", _("评委会通知公告"), who=writes_guides, place=61)
    worklist.register("catalogue_to_decide", bureau_lead, waiting_for_decision)


def waiting_for_decision(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what can be approved or published; whoever prepared it learns on its page that another must."""
    address = reverse("catalogue:overview")
    groups = [
        (_("年度目录待批准"), Edition.objects.filter(state=EditionState.SUBMITTED)),
        (_("年度目录待发布"), Edition.objects.filter(state=EditionState.APPROVED)),
        (_("年度安排待发布"), AnnualSchedule.objects.filter(state=ScheduleState.CHECKED)),
        (_("评委会通知公告待批准"), Guide.objects.filter(state=GuideState.CHECKED)),
        (_("政策版本待批准"), PolicyVersion.objects.filter(state=PolicyState.DRAFT)),
        (_("政策版本待发布"), PolicyVersion.objects.filter(state=PolicyState.APPROVED)),
    ]
    recognitions = Recognition.objects.filter(state=RecognitionState.PROPOSED).count()
    return [
        *(Waiting(label, rows.count(), address) for label, rows in groups),
        Waiting(_("协会、学会认可待批准"), recognitions, reverse("catalogue:recognitions")),
    ]
