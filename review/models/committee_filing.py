"""The filing of an evaluation committee with the bureau, and the roll of its members (domain §8.12)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.catalogue.enums import Band
from portal.catalogue.models import Series, Specialty
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.filing import EDITABLE, IN_FORCE, Change, Duty
from review.enums.filing import FilingState as S
from review.guards import filing as guards
from review.models.expert_term import ExpertTerm

COMPLETE = [
    guards.one_scope,
    guards.authority_covers,
    guards.size_is_odd,
    guards.size_suffices,
    guards.roll_suffices,
    guards.chair_named,
    guards.levels_suffice,
    guards.terms_hold,
]


class CommitteeFilingQuerySet(models.QuerySet["CommitteeFiling"]):
    """Filings by reader and by day."""

    def at(self, actor: Actor) -> Self:
        """Return the filings that the actor's office sees: an agency its own, the bureau all that were handed in."""
        if BUREAU_DECIDERS & actor.roles:
            return self.exclude(submitted_at=None)
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(agency=actor.organisation)

    def in_force(self, on: dt.date) -> Self:
        """Return the filings from which sessions may be drawn on the day ``on``, both ends included."""
        return self.filter(state__in=sorted(IN_FORCE), valid_from__lte=on, valid_to__gte=on)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related("agency", "series", "specialty")


@state_machine
class CommitteeFiling(Coded, Dated):
    """That one committee of an agency may sit for up to three years: its scope, its size and its members.

    ``size`` is how many sit in one session, the roll from which they are drawn is longer or as long. The committee of
    the catalogue is another row each year; this one follows it by agency, name and band. ``approved_least`` is the
    smaller number that the bureau approved (A-36). ``valid_from`` and ``valid_to`` are inclusive (A-55).
    """

    CODE_PREFIX: ClassVar[str] = "BA"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("agency", "series", "specialty")

    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="filings", verbose_name=_("评审服务机构")
    )
    name = models.CharField(_("评审委员会"), max_length=80)
    band = models.CharField(_("级别"), max_length=20, choices=Band)
    is_by_series = models.BooleanField(_("按系列组建"), default=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", verbose_name=_("系列"))
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("专业")
    )
    size = models.PositiveSmallIntegerField(_("每次会议委员人数"))
    state = StateField(_("状态"), default=S.DRAFT, choices=S)
    number = models.CharField(_("备案号"), max_length=40, blank=True)
    valid_from = models.DateField(_("有效期起始"), null=True, blank=True)
    valid_to = models.DateField(_("有效期截止"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    filed_at = models.DateTimeField(_("备案时间"), null=True, blank=True)
    change_handed_in_at = models.DateTimeField(_("调整提交时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    small_reason = models.CharField(_("申请减少人数的理由"), max_length=500, blank=True)
    approved_least = models.PositiveSmallIntegerField(_("核准的最少人数"), null=True, blank=True)
    approved_reason = models.CharField(_("核准理由"), max_length=500, blank=True)

    objects = CommitteeFilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审委员会备案")
        constraints = [
            models.UniqueConstraint(name="one_filing_a_number", fields=["number"], condition=~Q(number="")),
            models.CheckConstraint(
                name="filed_has_number_and_days",
                condition=~Q(state__in=[*sorted(IN_FORCE), S.EXPIRED])
                | Q(~Q(number=""), valid_from__isnull=False, valid_to__gte=F("valid_from"), filed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="filing_of_committee", fields=["agency", "name", "band"])]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> str:
        """The series, or the specialty, in words."""
        return str(self.specialty or self.series)

    def roll(self) -> list["FiledMember"]:
        """Return every row of the roll with its person, chair first, prepared changes included."""
        rows = self.members.select_related("term__expert__person", "term__expert__level", "term__expert__series")
        return sorted(rows, key=lambda one: (list(Duty.values).index(one.planned_duty or one.duty), one.pk))

    def planned_roll(self) -> list["FiledMember"]:
        """Return the members as they will be once what is prepared counts."""
        return [one for one in self.roll() if one.change != Change.OUT]

    @transition(
        state,
        source=sorted(EDITABLE),
        target=S.SUBMITTED,
        who=rules.files_committee,
        label=_("报送备案"),
        basis="R-187",
        guards=COMPLETE,
    )
    def submit(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The agency asks for the filing."""
        self.submitted_at, self.reason = at, ""

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.SUBMITTED,
        who=rules.decides_filings,
        label=_("核准人数"),
        basis="A-36",
        guards=[guards.least_is_odd, guards.reason_given],
    )
    def approve_size(self, *, by: Actor, at: dt.datetime, least: int, reason: str, **_facts: Any) -> None:
        """The bureau approves another least number for this committee."""
        self.approved_least, self.approved_reason = least, reason

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.SENT_BACK,
        who=rules.looks_over_filings,
        label=_("退回修改"),
        basis="R-187",
        guards=[guards.reason_given],
    )
    def send_back(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Something is wrong; the agency mends it."""
        self.reason = reason

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.REFUSED,
        who=rules.decides_filings,
        label=_("不予备案"),
        basis="R-187",
        guards=[guards.reason_given],
        caution=True,
    )
    def refuse(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Outside the agency's authority, or unfit."""
        self.reason = reason

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.FILED,
        who=rules.decides_filings,
        label=_("备案"),
        basis="R-187",
        guards=[*COMPLETE, guards.number_is_new, guards.valid_long_enough, guards.no_two_at_once],
    )
    def record(
        self, *, by: Actor, at: dt.datetime, number: str, valid_from: dt.date, valid_to: dt.date, **_facts: Any
    ) -> None:
        """The committee stands in the bureau's book under a number, from one day to another."""
        self.number, self.valid_from, self.valid_to = number.strip(), valid_from, valid_to
        self.filed_at, self.reason = at, ""

    @transition(
        state,
        source=[S.FILED, S.EXPIRING],
        target=S.AMENDED,
        who=rules.files_committee,
        label=_("调整委员"),
        basis="R-187",
        guards=[guards.no_session_open, guards.reason_given],
    )
    def amend(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Members change; the roll that was filed goes on holding until the bureau confirms the other."""
        self.reason, self.change_handed_in_at = reason, None

    @transition(
        state,
        source=S.AMENDED,
        target=S.AMENDED,
        who=rules.files_committee,
        label=_("提交调整"),
        basis="R-187",
        guards=[
            guards.something_changes,
            guards.roll_suffices,
            guards.chair_named,
            guards.levels_suffice,
            guards.terms_hold,
        ],
    )
    def hand_in_change(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The amendment is complete and waits for the bureau."""
        self.change_handed_in_at = at

    @transition(
        state,
        source=S.AMENDED,
        target=S.FILED,
        who=rules.confirms_changes,
        label=_("确认调整"),
        basis="R-187",
        guards=[
            guards.change_handed_in,
            guards.no_session_open,
            guards.size_suffices,
            guards.roll_suffices,
            guards.chair_named,
            guards.levels_suffice,
            guards.terms_hold,
        ],
    )
    def confirm_change(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """From now on the changed roll holds."""
        self.reason, self.change_handed_in_at = "", None

    @transition(
        state,
        source=S.AMENDED,
        target=S.FILED,
        who=rules.takes_changes_back,
        label=_("撤回调整"),
        basis="R-187",
        guards=[guards.reason_given],
    )
    def drop_change(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The amendment is given up, by the filer or by the bureau; nothing changes."""
        self.reason, self.change_handed_in_at = reason, None

    @transition(
        state,
        source=S.FILED,
        target=S.EXPIRING,
        who=is_system,
        label=_("即将到期"),
        basis="R-187",
        guards=[guards.nearly_over],
    )
    def near_end(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Ninety days are left; a renewal is due."""

    @transition(
        state,
        source=sorted(IN_FORCE),
        target=S.EXPIRED,
        who=is_system,
        label=_("到期"),
        basis="R-187",
        guards=[guards.is_over],
    )
    def expire(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """No session may open any more (E-15)."""

    @transition(
        state,
        source=sorted(IN_FORCE),
        target=S.REVOKED,
        who=rules.decides_filings,
        label=_("撤销备案"),
        basis="R-187",
        guards=[guards.reason_given],
        caution=True,
    )
    def revoke(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The bureau takes the filing back; open sessions end, signed results stay."""
        self.reason = reason


class FiledMember(Dated):
    """One expert on the roll of a filing.

    ``is_listed`` says that the row was filed and counts; ``change`` is what a prepared amendment does with it. A row
    that is not listed is a member to come.
    """

    filing = models.ForeignKey(CommitteeFiling, on_delete=models.CASCADE, related_name="members")
    term = models.ForeignKey(ExpertTerm, on_delete=models.PROTECT, related_name="places", verbose_name=_("专家"))
    duty = models.CharField(_("职务"), max_length=10, choices=Duty, default=Duty.MEMBER)
    is_listed = models.BooleanField(default=True)
    change = models.CharField(_("调整"), max_length=10, choices=Change, default=Change.NONE, blank=True)

    class Meta:
        verbose_name = _("备案委员")
        constraints = [
            models.UniqueConstraint(name="one_place_a_filing", fields=["filing", "term"]),
            models.UniqueConstraint(
                name="one_chair_on_the_roll", fields=["filing"], condition=Q(duty=Duty.CHAIR, is_listed=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.term_id}"

    @property
    def planned_duty(self) -> str:
        """The duty once what is prepared counts; empty for who goes."""
        return {Change.NONE: self.duty, Change.OUT: ""}.get(Change(self.change), self.change)
