"""The plan of a round of defences: days, places, panels of experts, and the times at which each panel hears people."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF
from portal.catalogue.models import Committee
from portal.shared.models import Coded, Dated
from review.enums.defending import Mode

LONGEST_SLOT, LARGEST_SLOT = 480, 30


def _never_two_at_once(name: str, column: str) -> ExclusionConstraint:
    """Return the constraint that ``column`` stands in no two rows whose times overlap.

    The number is compared as a range of one, for which the index needs no extension of the database.
    """
    one = Func(F(column), F(column), Value("[]"), function="int8range")
    times = Func(F("starts_at"), F("ends_at"), function="tstzrange")
    return ExclusionConstraint(
        name=name, expressions=[(one, RangeOperators.OVERLAPS), (times, RangeOperators.OVERLAPS)]
    )


class DefenceRoundQuerySet(models.QuerySet["DefenceRound"]):
    """Rounds by reader."""

    def of_agency(self, actor: Actor) -> Self:
        """Return the rounds of the committees of the actor's agency."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(committee__agency=actor.organisation)


class DefenceRound(Coded, Dated):
    """The days on which one committee has people heard, on site or, with the bureau's pilot flag, online."""

    CODE_PREFIX: ClassVar[str] = "DL"

    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="defence_rounds", verbose_name=_("评审委员会")
    )
    title = models.CharField(_("名称"), max_length=80)
    mode = models.CharField(_("答辩方式"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    first_day = models.DateField(_("开始日期"))
    last_day = models.DateField(_("结束日期"))
    to_bring = models.CharField(_("携带材料和注意事项"), max_length=300, blank=True)

    objects = DefenceRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("答辩安排")
        constraints = [
            models.CheckConstraint(name="round_ends_after_start", condition=Q(last_day__gte=F("first_day"))),
            models.UniqueConstraint(name="one_round_title_a_committee", fields=["committee", "title"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_online(self) -> bool:
        """Whether people are heard from afar."""
        return self.mode == Mode.ONLINE


class Room(Coded, Dated):
    """A place where an agency has people heard: rooms with an address, or online meetings with a link."""

    CODE_PREFIX: ClassVar[str] = "DF"

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="defence_rooms")
    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(_("地址或者会议链接"), max_length=200)

    class Meta:
        verbose_name = _("答辩场所")
        constraints = [models.UniqueConstraint(name="one_room_name_an_agency", fields=["agency", "name"])]

    def __str__(self) -> str:
        return self.name


class Panel(Coded, Dated):
    """The experts who hear people together in one round."""

    CODE_PREFIX: ClassVar[str] = "DP"

    round = models.ForeignKey(DefenceRound, on_delete=models.CASCADE, related_name="panels")
    name = models.CharField(_("评议组"), max_length=40)
    experts = models.ManyToManyField(Person, through="Seat", related_name="+")

    class Meta:
        verbose_name = _("评议组")
        constraints = [models.UniqueConstraint(name="one_panel_name_a_round", fields=["round", "name"])]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """That a person is an expert of a panel."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="seats")
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("专家"))

    class Meta:
        constraints = [models.UniqueConstraint(name="one_seat_a_panel", fields=["panel", "expert"])]

    def __str__(self) -> str:
        return f"{self.panel_id}/{self.expert_id}"


class Slot(Coded, Dated):
    """A time at which a panel hears up to ``capacity`` people in a room; ``ends_at`` is exclusive."""

    CODE_PREFIX: ClassVar[str] = "DS"

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="slots", verbose_name=_("评议组"))
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="slots", verbose_name=_("场所"))
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    capacity = models.PositiveSmallIntegerField(_("人数"), default=1)

    class Meta:
        verbose_name = _("答辩场次")
        constraints = [
            models.CheckConstraint(name="slot_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="slot_takes_somebody", condition=Q(capacity__gte=1, capacity__lte=LARGEST_SLOT)
            ),
            _never_two_at_once("one_place_for_a_panel", "panel"),
            _never_two_at_once("one_panel_in_a_room", "room"),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def round(self) -> DefenceRound:
        """The round that the slot belongs to."""
        return self.panel.round


class Sitting(models.Model):
    """That an expert sits in a slot; the times are the slot's, so that the database can refuse two places at once."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="sittings")
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sittings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_sitting_a_slot", fields=["slot", "expert"]),
            _never_two_at_once("an_expert_sits_once_at_a_time", "expert"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.expert_id}"
