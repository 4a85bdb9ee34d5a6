"""One person's defence (domain §8.5)."""

import datetime as dt
import secrets
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF, Role
from portal.accounts.rules import is_system
from portal.documents.models import StoredFile
from portal.shared import clock
from portal.shared.codes import ALPHABET, new_code
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.defending import AHEAD, OPEN, SHOWN_TO_PANEL, TOLD
from review.enums.defending import DefenceState as S
from review.guards import defending as guards
from review.models.defence_round import Slot

EVERYTHING = (
    "application__applicant",
    "application__employer",
    "application__entry__committee__agency",
    "application__entry__level",
    "application__entry__schedule",
    "application__entry__specialty__series",
    "slot__panel__round__committee",
    "slot__room",
    "notice",
)
NO_OVERFILLED_SLOT = """
    IF NEW.slot_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.slot_id IS DISTINCT FROM OLD.slot_id) THEN
        SELECT capacity INTO places FROM review_slot WHERE id = NEW.slot_id FOR NO KEY UPDATE;
        SELECT count(*) INTO taken FROM review_defence
            WHERE slot_id = NEW.slot_id AND id IS DISTINCT FROM NEW.id AND state <> 'closed';
        IF taken >= places THEN
            RAISE EXCEPTION 'slot % is full', NEW.slot_id USING ERRCODE = 'check_violation', CONSTRAINT = 'slot_is_full';
        END IF;
    END IF;
    RETURN NEW;
"""


def new_blind_number() -> str:
    """Return the number under which experts meet a person: random, and of no use anywhere else."""
    return new_code("MP", 8)


def new_nonce() -> str:
    """Return what makes the code of one defence notice: a new one whenever another notice is sent."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class DefenceQuerySet(models.QuerySet["Defence"]):
    """Defences by reader."""

    def of(self, actor: Actor) -> Self:
        """Return the defences of the person who acts personally, once they were told."""
        if not actor.acts_personally:
            return self.none()
        return self.filter(application__applicant=actor.person).exclude(notified_at=None)

    def of_agency(self, actor: Actor) -> Self:
        """Return the defences before the committees of the actor's agency."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(application__entry__committee__agency=actor.organisation)

    def of_expert(self, actor: Actor) -> Self:
        """Return what the expert hears: slots of own panels at the agency acted for, people told, no recusal (A-48)."""
        if actor.person is None or Role.EXPERT not in actor.roles:
            return self.none()
        return self.filter(
            slot__sittings__expert=actor.person,
            application__entry__committee__agency=actor.organisation,
            state__in=SHOWN_TO_PANEL,
        ).exclude(application__recusals__expert=actor.person)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*EVERYTHING)


@state_machine
class Defence(Coded, Dated):
    """The hearing of one applicant of a middle or senior level before the vote.

    ``blind_number`` is all that experts meet of the person. ``nonce`` makes the code on the defence notice and changes
    with every notice. ``rescheduled`` has no slot until the agency finds another one.
    """

    CODE_PREFIX: ClassVar[str] = "DB"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = EVERYTHING

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="defence", verbose_name=_("申报")
    )
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, null=True, blank=True, related_name="defences", verbose_name=_("场次")
    )
    state = StateField(_("状态"), default=S.PLANNED, choices=S)
    blind_number = models.CharField(_("盲评编号"), max_length=20, unique=True, default=new_blind_number)
    nonce = models.CharField(max_length=8, unique=True, default=new_nonce)
    reschedules = models.PositiveSmallIntegerField(_("改期次数"), default=0)
    state_since = models.DateTimeField(_("当前状态起始"))
    notified_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("下载通知书时间"), null=True, blank=True)
    started_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    completed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notice = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答辩通知书")
    )

    objects = DefenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("答辩")
        constraints = [
            models.CheckConstraint(name="rescheduled_at_most_once", condition=Q(reschedules__lte=1)),
            models.CheckConstraint(
                name="defence_has_its_slot",
                condition=Q(state=S.RESCHEDULED, slot=None)
                | Q(state=S.CLOSED)
                | (~Q(state=S.RESCHEDULED) & Q(slot__isnull=False)),
            ),
            models.CheckConstraint(
                name="heard_after_identity_check",
                condition=~Q(state__in=[S.IN_PROGRESS, S.COMPLETED])
                | Q(started_at__isnull=False, checked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="defence_of_slot", fields=["slot", "state"])]
        triggers = [
            pgtrigger.Trigger(
                name="slots_are_not_overfilled",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("places", "int"), ("taken", "int")],
                func=NO_OVERFILLED_SLOT,
            )
        ]

    def __str__(self) -> str:
        return self.blind_number

    @property
    def policy_code(self) -> str:
        """The policy version that holds for the application."""
        return self.application.policy_code

    @property
    def day(self) -> dt.date | None:
        """The Beijing day on which the person is heard, None while another slot is looked for."""
        return clock.day_of(self.slot.starts_at) if self.slot else None

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    @transition(
        state,
        source=S.PLANNED,
        target=S.PLANNED,
        who=rules.prepares_defences,
        label=_("调整场次"),
        basis="R-105",
        guards=[
            guards.not_suspended,
            guards.slot_of_the_committee,
            guards.slot_has_room,
            guards.inside_the_session,
            guards.panel_can_hear,
        ],
    )
    def move(self, *, by: Actor, at: dt.datetime, slot: Slot, **_facts: Any) -> None:
        """Another slot before the person was told."""
        self.slot = slot

    @transition(
        state,
        source=[S.PLANNED, S.RESCHEDULED],
        target=S.NOTIFIED,
        who=rules.prepares_defences,
        label=_("发送答辩通知"),
        basis="R-107",
        guards=[
            guards.application_not_held,
            guards.not_suspended,
            guards.slot_of_the_committee,
            guards.slot_has_room,
            guards.inside_the_session,
            guards.told_early_enough,
            guards.panel_can_hear,
        ],
        caution=True,
    )
    def notify(self, *, by: Actor, at: dt.datetime, slot: Slot | None = None, **_facts: Any) -> None:
        """The person is told when and where; after an agreed request in ``slot``, and with a new code."""
        self._moved(at)
        self.slot = slot or self.slot
        self.notified_at, self.acknowledged_at = at, None
        self.nonce, self.notice = new_nonce(), None

    @transition(
        state,
        source=sorted(TOLD),
        target=S.NOTIFIED,
        who=rules.prepares_defences,
        label=_("调整已通知的场次"),
        basis="R-107",
        guards=[
            guards.application_not_held,
            guards.not_suspended,
            guards.no_request_waits,
            guards.slot_is_another,
            guards.slot_of_the_committee,
            guards.slot_has_room,
            guards.inside_the_session,
            guards.told_early_enough,
            guards.panel_can_hear,
            guards.change_explained,
        ],
        caution=True,
    )
    def change_slot(self, *, by: Actor, at: dt.datetime, slot: Slot, reason: str, **_facts: Any) -> None:
        """The agency moves a person who was told, with a new notice; the person's one reschedule stays theirs (A-27)."""
        self._moved(at)
        self.slot = slot
        self.notified_at, self.acknowledged_at = at, None
        self.nonce, self.notice = new_nonce(), None

    @transition(
        state,
        source=S.NOTIFIED,
        target=S.ACKNOWLEDGED,
        who=rules.is_heard,
        label=_("下载答辩通知书"),
        basis="R-107",
    )
    def acknowledge(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person took the defence notice."""
        self._moved(at)
        self.acknowledged_at = at

    @transition(
        state,
        source=[*sorted(TOLD), S.ABSENT],
        target=S.RESCHEDULED,
        who=rules.prepares_defences,
        label=_("同意改期"),
        basis="A-27",
        guards=[guards.not_rescheduled_before, guards.asked_for_cause, guards.session_runs_on],
        caution=True,
    )
    def reschedule(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Good cause was shown; the one other date is looked for."""
        self._moved(at)
        self.slot = None
        self.reschedules += 1

    @transition(
        state, source=sorted(AHEAD), target=S.RESCHEDULED, who=is_system, label=_("改由其他机构安排"), basis="R-153"
    )
    def give_away(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Another agency goes on with the file and finds another slot; the person's one reschedule stays theirs."""
        self._moved(at)
        self.slot = None

    @transition(
        state,
        source=sorted(TOLD),
        target=S.RESCHEDULED,
        who=is_system,
        label=_("原定时间未能举行，另行安排"),
        basis="A-08",
    )
    def put_off(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The time passed while something held the person's clocks; the person's one reschedule stays theirs."""
        self._moved(at)
        self.slot = None

    @transition(
        state,
        source=sorted(TOLD),
        target=S.IN_PROGRESS,
        who=rules.prepares_defences,
        label=_("签到"),
        basis="R-105",
        guards=[
            guards.application_not_held,
            guards.not_suspended,
            guards.on_its_day,
            guards.code_is_right,
            guards.identity_checked,
            guards.panel_can_hear,
        ],
    )
    def check_in(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person came with the notice and was recognised by the identity document."""
        self._moved(at)
        self.started_at, self.checked_by = at, by.person

    @transition(
        state,
        source=S.IN_PROGRESS,
        target=S.COMPLETED,
        who=rules.closes_hearings,
        label=_("完成答辩"),
        basis="R-105",
        guards=[guards.panel_handed_in],
    )
    def complete(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every expert handed in scores and a written opinion."""
        self._moved(at)
        self.completed_at = at

    @transition(
        state,
        source=S.IN_PROGRESS,
        target=S.RESCHEDULED,
        who=rules.prepares_defences,
        label=_("中止答辩，另行安排"),
        basis="R-105",
        guards=[guards.change_explained],
        caution=True,
    )
    def break_off(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The hearing cannot be finished: the person is heard anew, and the one reschedule stays theirs (A-27)."""
        self._moved(at)
        self.slot, self.started_at, self.checked_by = None, None, None

    @transition(
        state,
        source=sorted(TOLD),
        target=S.ABSENT,
        who=rules.prepares_defences_or_system,
        label=_("记为未到场"),
        basis="A-27",
        guards=[guards.application_not_held, guards.not_suspended, guards.time_has_come],
        caution=True,
    )
    def miss(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person did not come; two working days remain to excuse oneself."""
        self._moved(at)

    @transition(
        state,
        source=S.ABSENT,
        target=S.ABSENT_FINAL,
        who=rules.prepares_defences_or_system,
        label=_("认定无正当理由未到场"),
        basis="A-27",
        guards=[guards.application_not_held, guards.not_suspended, guards.no_excuse_left],
        caution=True,
    )
    def give_up(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """No excuse came in time, or it was not accepted."""
        self._moved(at)

    @transition(
        state, source=S.ABSENT_FINAL, target=S.RESCHEDULED, who=is_system, label=_("复查决定另行安排"), basis="A-24"
    )
    def hear_after_all(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A review was upheld: the absence is none, and the person's one reschedule stays theirs (A-27)."""
        self._moved(at)
        self.slot = None

    @transition(state, source=sorted(OPEN), target=S.CLOSED, who=is_system, label=_("终止答辩"), basis="A-25")
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application ended some other way; the place is free again."""
        self._moved(at)
