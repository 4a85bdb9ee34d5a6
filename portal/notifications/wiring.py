"""What the messages register with the rooms below."""

import datetime as dt

from django.core.checks import Tags, register
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import logged_in
from portal.http import navigation, worklist
from portal.http.worklist import Waiting
from portal.notifications import channels, checks, queries
from portal.notifications.enums import Channel
from portal.notifications.mail import MailCarrier
from portal.notifications.rules import looks_after_deliveries
from portal.notifications.sms import SmsCarrier
from portal.shared import clock


def connect() -> None:
    """Gather every room's letters, connect the channels, and show people what is unread and staff what failed."""
    autodiscover_modules("letters")
    channels.bind(Channel.SMS, SmsCarrier())
    channels.bind(Channel.EMAIL, MailCarrier())
    register(checks.every_letter_is_complete, Tags.templates)
    register(checks.every_letter_leads_to_a_page, Tags.urls)
    register(checks.every_channel_is_served)
    navigation.register("notifications:inbox", _("消息"), who=logged_in, place=90, count=_unread)
    worklist.register("deliveries_that_failed", looks_after_deliveries, _deliveries_that_failed)


def _unread(actor: Actor) -> int:
    if actor.person is None:
        return 0
    return queries.unread_count(actor.person, on=clock.today(), acting_for=actor.organisation)


def _deliveries_that_failed(actor: Actor, at: dt.datetime) -> list[Waiting]:
    count = queries.deliveries_needing_staff().count()
    return [Waiting(_("没有送达的短信和邮件"), count, reverse("notifications:failures"))]
