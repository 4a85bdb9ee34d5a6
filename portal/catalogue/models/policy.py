"""Dated policy versions: every number of the rules, with its basis, and who answers for it."""

import datetime as dt
from functools import cache, cached_property
from typing import Any, ClassVar, Self, cast

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.catalogue import guards
from portal.catalogue.enums import ONCE_PUBLISHED, Band, PolicyState
from portal.catalogue.four_eyes import another_prepared
from portal.catalogue.parameters import REGISTRY, Value
from portal.catalogue.rules import may_decide
from portal.shared.models import Coded, Dated
from portal.shared.prepared import Asked, Prepared
from portal.workflow import StateField, state_machine, transition


class NoPolicyInForceError(LookupError):
    """No policy version was in force on the day asked for."""


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Policy versions by day."""

    def once_published(self) -> Self:
        """Return the versions that were published, with or without a successor."""
        return self.filter(state__in=ONCE_PUBLISHED)


class PolicyVersionManager(models.Manager["PolicyVersion"]):
    """Policy versions, and the one in force."""

    def get_queryset(self) -> PolicyVersionQuerySet:
        return PolicyVersionQuerySet(self.model, using=self._db)

    def once_published(self) -> PolicyVersionQuerySet:
        """Return the versions that were published, with or without a successor."""
        return self.get_queryset().once_published()

    def in_force(self, on: dt.date) -> "PolicyVersion":
        """Return the version in force on the day ``on`` with its values ``by_key``; one query.

        Raises NoPolicyInForceError before the first.
        """
        values = _values_in_force().all(on=on)
        if not values:
            raise NoPolicyInForceError(f"No policy version was in force on {on}.")
        found = values[0].version
        found.by_key = {value.key: value for value in values}
        return found


@state_machine
class PolicyVersion(Coded, Dated):
    """One set of policy numbers, in force from ``valid_from`` until the next version's day.

    Values are frozen once it is approved. Read them by type: ``days("correction.workdays")``, ``flag(…)``,
    ``series(…)``; a key of a later program, which an old version cannot hold, answers with the registry's default.
    """

    CODE_PREFIX: ClassVar[str] = "BJ"

    valid_from = models.DateField(_("施行日期"))
    title = models.CharField(_("名称"), max_length=120)
    source = models.CharField(_("依据文件"), max_length=300)
    state = StateField(_("状态"), default=PolicyState.DRAFT, choices=PolicyState)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    successor = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="predecessor", verbose_name=_("后续版本")
    )

    objects = PolicyVersionManager()

    class Meta:
        verbose_name = _("政策版本")
        constraints = [
            models.UniqueConstraint(
                name="one_policy_starts_a_day", fields=["valid_from"], condition=Q(state__in=sorted(ONCE_PUBLISHED))
            ),
            models.CheckConstraint(
                name="superseded_policy_has_successor",
                condition=Q(state=PolicyState.SUPERSEDED) ^ Q(successor__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def number(self, key: str) -> int:
        """Return a whole number: persons, months, percent."""
        return int(cast(int, self._value(key)))

    def days(self, key: str) -> int:
        """Return a length in days; the registry's unit says whether working or calendar days."""
        return self.number(key)

    def yuan(self, key: str) -> int:
        """Return an amount in whole yuan."""
        return self.number(key)

    def flag(self, key: str) -> bool:
        """Return a yes or no."""
        return bool(self._value(key))

    def series(self, key: str) -> frozenset[str]:
        """Return the codes of the series on a list."""
        return frozenset(cast(list[str], self._value(key)))

    def month_day(self, key: str, year: int) -> dt.date:
        """Return a day such as 31 December in ``year``."""
        return dt.date.fromisoformat(f"{year}-{self._value(key)}")

    def fraction(self, name: str) -> tuple[int, int, bool]:
        """Return (numerator, denominator, inclusive) of ``vote`` or ``quorum``; compare in integers only (A-01)."""
        return self.number(f"{name}.numerator"), self.number(f"{name}.denominator"), self.flag(f"{name}.inclusive")

    def reaches(self, name: str, part: int, whole: int) -> bool:
        """Return whether ``part`` of ``whole`` reaches the share ``vote`` or ``quorum``, in integers (A-01, A-03); of nobody, never."""
        numerator, denominator, inclusive = self.fraction(name)
        has, needs = denominator * part, numerator * whole
        return whole > 0 and (has >= needs if inclusive else has > needs)

    def fee(self, band: Band | str) -> int:
        """Return the fee of a band in whole yuan (R-100)."""
        return self.yuan(f"fee.{band}")

    @cached_property
    def by_key(self) -> dict[str, "PolicyValue"]:
        """The stored values by key."""
        has_them = "values" in getattr(self, "_prefetched_objects_cache", {})
        rows = self.values.all() if has_them else _values().all(version=self.pk)
        return {value.key: value for value in rows}

    @property
    def as_entered(self) -> dict[str, Any]:
        """The stored values as plain data, for validation and comparison."""
        return {key: value.value for key, value in self.by_key.items()}

    @property
    def valid_until(self) -> dt.date | None:
        """The last day in force, or None while there is no later version."""
        return self.successor.valid_from - dt.timedelta(days=1) if self.successor else None

    def _value(self, key: str) -> Value:
        parameter = REGISTRY[key]
        stored = self.by_key.get(key)
        return stored.value if stored else parameter.default

    @transition(
        state,
        source=PolicyState.DRAFT,
        target=PolicyState.APPROVED,
        who=may_decide,
        label=_("批准"),
        basis="R-019",
        guards=[guards.values_are_lawful, guards.begins_after_every_other, another_prepared],
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The values are as they shall be; from now on they are frozen."""

    @transition(
        state,
        source=PolicyState.APPROVED,
        target=PolicyState.DRAFT,
        who=may_decide,
        label=_("退回修改"),
        basis="R-019",
    )
    def send_back(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The values must be changed before publication."""

    @transition(
        state,
        source=PolicyState.APPROVED,
        target=PolicyState.PUBLISHED,
        who=may_decide,
        label=_("发布"),
        basis="R-019",
        guards=[guards.begins_after_every_other, guards.begins_today_or_later],
        caution=True,
    )
    def publish(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The version holds from its first day on."""
        self.published_at = at

    @transition(
        state,
        source=PolicyState.PUBLISHED,
        target=PolicyState.SUPERSEDED,
        who=may_decide,
        label=_("由后续版本接替"),
        basis="R-019",
        guards=[guards.successor_begins_later],
    )
    def supersede(self, *, by: Actor, at: dt.datetime, successor: "PolicyVersion", **_: Any) -> None:
        """A later version was published; this one holds until the day before that begins."""
        self.successor = successor


class PolicyValue(models.Model):
    """One number of one version; ``source`` names the passage that states it, ``unverified`` that none is known."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="values")
    key = models.CharField(_("参数"), max_length=60)
    value = models.JSONField(_("取值"))
    source = models.CharField(_("依据"), max_length=200, blank=True)
    unverified = models.BooleanField(_("待核实"), default=False)

    class Meta:
        verbose_name = _("政策参数")
        constraints = [models.UniqueConstraint(name="one_value_per_key", fields=["version", "key"])]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen_after_the_draft",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        IF EXISTS (
                            SELECT 1 FROM catalogue_policyversion WHERE id = OLD.version_id AND state <> 'draft'
                        ) THEN
                            RAISE EXCEPTION 'the values of a policy version are frozen once it is approved';
                        END IF;
                        RETURN OLD;
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM catalogue_policyversion WHERE id = NEW.version_id AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'the values of a policy version are frozen once it is approved';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


@cache
def _values() -> Prepared[PolicyValue]:
    return Prepared(PolicyValue.objects.filter(version=Asked("version")))


@cache
def _values_in_force() -> Prepared[PolicyValue]:
    started = PolicyVersion.objects.once_published().filter(valid_from__lte=Asked("on")).order_by("-valid_from")
    return Prepared(PolicyValue.objects.filter(version=started.values("pk")[:1]).select_related("version"))
