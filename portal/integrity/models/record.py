"""Records of misconduct."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import bureau, bureau_lead, is_system
from portal.documents.models import StoredFile
from portal.integrity import guards, rules
from portal.integrity.enums import (
    AWAITING_SERVICE,
    ROLES_OF_PEOPLE,
    STANDING,
    UNDECIDED,
    RecordState,
    SubjectRole,
)
from portal.integrity.models.columns import RecordColumns
from portal.integrity.papers import Intent, Ruling, Sentence, Words
from portal.workflow import StateField, state_machine, transition

S = RecordState
CLAIMS = (
    guards.decision_worded,
    guards.deliberated,
    guards.remedies_told,
    guards.statement_considered,
    guards.measures_fit,
    guards.not_heavier_than_told,
    guards.another_investigated,
    guards.not_involved,
)


class RecordQuerySet(models.QuerySet["IntegrityRecord"]):
    """Records by subject and standing."""

    def about(self, who: Person | Organisation) -> Self:
        """Return the records about one person or organisation."""
        return self.filter(person=who) if isinstance(who, Person) else self.filter(organisation=who)

    def undecided(self) -> Self:
        """Return the records about which nothing is decided yet."""
        return self.filter(state__in=UNDECIDED)

    def standing(self) -> Self:
        """Return the records that were decided and not quashed."""
        return self.filter(state__in=STANDING)

    def with_names(self) -> Self:
        """Fetch whom each record is about along with it."""
        return self.select_related("person", "organisation")


@state_machine
class IntegrityRecord(RecordColumns):
    """One case of misconduct of one person or one organisation, from the clue to its end (domain §8.16)."""

    state = StateField(_("状态"), default=S.OPENED, choices=RecordState)
    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="record_is_about_one_subject",
                condition=Q(person__isnull=False, organisation=None, role__in=sorted(ROLES_OF_PEOPLE))
                | Q(Q(person=None, organisation__isnull=False), ~Q(role__in=sorted(ROLES_OF_PEOPLE))),
            ),
            models.CheckConstraint(
                name="closed_record_has_reason",
                condition=~Q(state=S.CLOSED_NO_CASE) | Q(Q(closed_at__isnull=False), ~Q(closing_reason="")),
            ),
            models.CheckConstraint(
                name="noticed_record_has_grounds",
                condition=Q(state__in=[S.OPENED, S.CLOSED_NO_CASE])
                | Q(Q(noticed_at__isnull=False), ~Q(grounds=""), ~Q(act="")),
            ),
            models.CheckConstraint(
                name="decided_record_has_its_term",
                condition=~Q(state__in=sorted({*STANDING, S.QUASHED}))
                | Q(Q(decided_at__isnull=False, told_at__isnull=False, record_until__isnull=False), ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="only_applicants_are_barred_from_applying",
                condition=Q(apply_bar_until=None, promotion_bar_until=None) | Q(role=SubjectRole.APPLICANT),
            ),
            models.CheckConstraint(
                name="only_the_serious_are_barred_from_promotion",
                condition=Q(promotion_bar_until=None) | Q(is_serious=True),
            ),
            models.CheckConstraint(
                name="in_force_after_its_service",
                condition=~Q(state__in=[S.IN_FORCE, S.EXPIRED, S.QUASHED])
                | Q(served_at__isnull=False, in_force_at__isnull=False),
            ),
            # The same case is opened once; what comes in besides is added to it (domain.opening).
            models.UniqueConstraint(
                name="one_open_record_per_case",
                fields=["case_type", "case_id", "role", "person", "organisation"],
                condition=Q(state=S.OPENED, case_id__isnull=False),
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="records_by_state", fields=["state", "-opened_at"]),
            models.Index(name="records_of_case", fields=["case_type", "case_id"]),
        ]
        triggers: ClassVar = [guards.THE_SUBJECT_STAYS, guards.RECORDS_ARE_KEPT, guards.WHAT_WAS_DECIDED_STAYS]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=S.OPENED,
        target=S.OPENED,
        who=bureau,
        label=_("登记核查情况"),
        basis="R-148",
        guards=[guards.findings_given, guards.not_involved],
    )
    def investigate(self, *, by: Actor, at: dt.datetime, findings: Words, **_facts: Any) -> None:
        """Somebody looked into the clue; who did so cannot decide."""
        self.investigator = by.person
        self.findings = str(findings)

    @transition(
        state,
        source=S.OPENED,
        target=S.CLOSED_NO_CASE,
        who=bureau_lead,
        label=_("不予处理"),
        basis="A-45",
        guards=[guards.investigated, guards.reason_given, guards.not_involved],
        caution=True,
    )
    def close(self, *, by: Actor, at: dt.datetime, reason: Words, **_facts: Any) -> None:
        """There is nothing to it."""
        self.closed_at = at
        self.closing_reason = str(reason)

    @transition(
        state,
        source=S.OPENED,
        target=S.NOTICED,
        who=bureau_lead,
        label=_("告知当事人"),
        basis="A-45",
        guards=[
            guards.investigated,
            guards.act_fits,
            guards.grounds_given,
            guards.intended_measures_fit,
            guards.not_involved,
        ],
        caution=True,
    )
    def give_notice(self, *, by: Actor, at: dt.datetime, intent: Intent, **_facts: Any) -> None:
        """The subject learns of facts, grounds and intended measures, and may answer."""
        self.noticed_at = at
        self.act = intent.act
        self.grounds = intent.grounds.strip()
        self.intended = list(intent.measures)
        self.intends_serious = intent.is_serious

    @transition(
        state,
        source=S.NOTICED,
        target=S.NOTICED,
        who=rules.is_the_subject,
        label=_("陈述申辩"),
        basis="A-45",
        guards=[guards.not_yet_stated, guards.time_to_state_runs, guards.statement_given],
    )
    def state_own_case(
        self, *, by: Actor, at: dt.datetime, statement: Words, file: StoredFile | None = None, **_facts: Any
    ) -> None:
        """The subject answers, once and for the record."""
        self.statement = str(statement)
        self.statement_file = file
        self.stated_at = at

    @transition(
        state,
        source=S.NOTICED,
        target=S.DECIDED,
        who=bureau_lead,
        label=_("作出决定"),
        basis="R-140",
        guards=[guards.heard_or_time_over, *CLAIMS],
        caution=True,
    )
    def decide(self, *, by: Actor, at: dt.datetime, ruling: Ruling, sentence: Sentence, **_facts: Any) -> None:
        """The bars hold from now on; the rest follows from service."""
        self.decided_at = at
        self.rule(by, at, ruling, sentence)

    @transition(
        state,
        source=AWAITING_SERVICE,
        target=S.AMENDED,
        who=bureau_lead,
        label=_("更正决定"),
        basis="A-45",
        guards=[guards.not_served_yet, guards.reason_given, *CLAIMS],
        caution=True,
    )
    def amend(
        self, *, by: Actor, at: dt.datetime, ruling: Ruling, sentence: Sentence, reason: Words, **_facts: Any
    ) -> None:
        """An error is put right before service; the corrected decision is served anew and runs from its first day."""
        self.amended_at = at
        self.amendment = str(reason)
        self.rule(by, at, ruling, sentence)

    # Decided and amended decisions are served alike; each keeps its state until it is in force.
    @transition(
        state,
        source=S.DECIDED,
        target=S.DECIDED,
        who=rules.records_service,
        label=_("登记送达"),
        basis="A-45",
        guards=[guards.not_served_yet, guards.service_described],
    )
    def serve(self, *, by: Actor, at: dt.datetime, how: str, **_facts: Any) -> None:
        """The decision reached its subject."""
        self._served(at, how)

    @transition(
        state,
        source=S.AMENDED,
        target=S.AMENDED,
        who=rules.records_service,
        label=_("登记更正决定的送达"),
        basis="A-45",
        guards=[guards.not_served_yet, guards.service_described],
    )
    def serve_again(self, *, by: Actor, at: dt.datetime, how: str, **_facts: Any) -> None:
        """The corrected decision reached its subject."""
        self._served(at, how)

    def _served(self, at: dt.datetime, how: str) -> None:
        self.served_at = at
        self.service = how.strip()

    @transition(
        state,
        source=AWAITING_SERVICE,
        target=S.IN_FORCE,
        who=is_system,
        label=_("生效"),
        basis="R-142",
        guards=[guards.was_served],
    )
    def enter_into_force(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Served: certificates and applications follow, and both credit platforms are told."""
        self.in_force_at = at

    @transition(
        state,
        source=S.IN_FORCE,
        target=S.EXPIRED,
        who=is_system,
        label=_("期满"),
        basis="R-142",
        guards=[guards.term_is_over],
    )
    def expire(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The years are over: off the active list and both platforms, kept in the archive."""
        self.ended_at = at

    @transition(
        state,
        source=S.IN_FORCE,
        target=S.QUASHED,
        who=bureau_lead,
        label=_("撤销决定"),
        basis="A-45",
        guards=[guards.reason_given, guards.not_involved],
        caution=True,
    )
    def quash(self, *, by: Actor, at: dt.datetime, reason: Words, **_facts: Any) -> None:
        """An appeal or a court lifted it; every effect is reversed."""
        self.ended_at = at
        self.quashing_reason = str(reason)
