"""What the desks of certificates show on other pages: entries of the navigation, what waits, the card beside an application."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.interfaces import beside
from applications.models import Application
from certificates import rules
from certificates.domain import desk_queries, ordering, pushing
from certificates.enums import TONES, CertificateState
from certificates.models import Certificate
from portal.accounts.actors import Actor
from portal.http import navigation, worklist


def connect_desks() -> None:
    """Register everything."""
    worklist.register("certificates.desk", rules.keeps_register, waiting_at_the_desk)
    worklist.register("certificates.leads", rules.decides, waiting_for_leads)
    navigation.register("certificates:orders", _("证书核发"), who=rules.keeps_register, place=30)
    navigation.register("certificates:register", _("证书登记簿"), who=rules.keeps_register, place=136)
    navigation.register("certificates:changes", _("证书变更"), who=rules.keeps_register, place=137)
    navigation.register("certificates:own", _("本人证书查询"), who=rules.may_hold_certificates, place=30)
    beside.register("certificates.own", certificate_card)


def waiting_at_the_desk(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return whom a certificate waits for, whom something hinders, and where staff must look."""
    new, stuck = reverse("certificates:waiting"), reverse("certificates:stuck")
    people = ordering.free().count()
    hindered = len(desk_queries.hindered(at)) if people else 0
    return [
        worklist.Waiting(_("公示无异议，待列入发证批次"), people, new),
        worklist.Waiting(_("待发证人员中暂不能发证"), hindered, f"{new}#hindered"),
        worklist.Waiting(_("证书制作受阻"), desk_queries.stuck_certificates().count(), stuck),
        worklist.Waiting(_("全国职称评审信息查询平台推送受阻"), pushing.stuck().count(), stuck),
    ]


def waiting_for_leads(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what another proposed and the lead decides."""
    return [
        worklist.Waiting(_("发证批次待签发"), desk_queries.to_give(actor).count(), reverse("certificates:orders")),
        worklist.Waiting(_("证书变更待批准"), desk_queries.to_decide(actor).count(), reverse("certificates:changes")),
    ]


def certificate_card(application: Application, by: Actor, at: dt.datetime) -> beside.Card | None:
    """Return the newest certificate that followed from the person's application, once it was handed out."""
    found = Certificate.objects.of(by).filter(case__application=application).order_by("-issued_at", "-pk").first()
    if found is None:
        return None
    tone = TONES[CertificateState(found.state)]
    return {"template": "certificates/applicant/card.html", "certificate": found, "tone": tone}
