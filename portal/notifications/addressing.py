"""Messages to an organisation where nobody held the role: they wait, and the first who takes it finds them."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import StrIndex

from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import Role
from portal.notifications.models import Notification
from portal.notifications.recipients import holders_at
from portal.shared import clock
from portal.shared.codes import new_code

BATCH = 50


def hand_over_waiting(*, at: dt.datetime) -> int:
    """Put waiting messages into the inboxes of those who hold the role by now, and return how many were handed over.

    Only the inbox gets them: an SMS about what happened long ago would mislead.
    """
    handed = 0
    with transaction.atomic():
        waiting = (
            Notification.objects.filter(_somebody_may_take_it(clock.day_of(at)), person=None, lapsed_at=None)
            .select_related("organisation")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("pk")[:BATCH]
        )
        for message in waiting:
            handed += _hand_over(message, clock.day_of(at))
    return handed


def _somebody_may_take_it(on: dt.date) -> Exists:
    """Hold for messages with a role in force at their organisation, so that those still alone cost no query each."""
    held = Membership.objects.in_force(on).filter(organisation=OuterRef("organisation"))
    return Exists(held.alias(place=StrIndex(OuterRef("roles"), F("role"))).filter(place__gt=0))


def _hand_over(message: Notification, on: dt.date) -> int:
    organisation = message.organisation
    if not isinstance(organisation, Organisation):
        return 0
    people = holders_at(organisation, [Role(role) for role in message.roles.split(",")]).people(on)
    for person in people[1:]:
        fields = {field.attname: getattr(message, field.attname) for field in Notification._meta.concrete_fields}
        copy = fields | {"id": None, "code": new_code(Notification.CODE_PREFIX), "person_id": person.pk}
        Notification.objects.create(**copy)
    if people:
        Notification.objects.filter(pk=message.pk).update(person=people[0])
    return len(people)
