"""What must hold before a record is closed, put to its subject, decided, served, ended."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pgtrigger
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.deadlines import setting
from portal.integrity.enums import ACTS_OF_ROLE, MEASURES_OF_ROLE, ONLY_IF_SERIOUS, STATEMENT, Measure, SubjectRole
from portal.ledger.queries import history_of
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.integrity.models import IntegrityRecord, PlatformEntry

FEWEST_SIGNS = 10

THE_SUBJECT_STAYS = pgtrigger.Protect(
    name="the_subject_stays",
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(
        "code", "person", "organisation", "role", "source", "opened_at", "case_type", "case_id"
    ),
)
RECORDS_ARE_KEPT = pgtrigger.Protect(name="records_are_kept", operation=pgtrigger.Delete)
WHAT_WAS_DECIDED_STAYS = pgtrigger.Trigger(
    name="what_was_decided_stays",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF OLD.decided_at IS NOT NULL AND (NEW.state <> 'amended' OR OLD.served_at IS NOT NULL) AND
           (NEW.decided_at, NEW.decision, NEW.measures, NEW.is_serious, NEW.policy_code,
            NEW.record_until, NEW.apply_bar_until, NEW.promotion_bar_until)
           IS DISTINCT FROM
           (OLD.decided_at, OLD.decision, OLD.measures, OLD.is_serious, OLD.policy_code,
            OLD.record_until, OLD.apply_bar_until, OLD.promotion_bar_until) THEN
            RAISE EXCEPTION 'what was decided is only changed by an amendment before its service';
        END IF;
        RETURN NEW;
    """,
)


@guard(gettext_lazy("请写明核查情况和证据。"), basis="R-148", needs=("findings",), field="findings")
def findings_given(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """An investigation without a result helps nobody who decides."""
    return _says_something(attempt.facts.get("findings"))


@guard(gettext_lazy("尚无核查情况，请先由经办人核查。"), basis="R-148")
def investigated(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Neither a clue nor its refutation is taken on its face."""
    return bool(record.findings)


@guard(gettext_lazy("请写明理由。"), basis="A-45", needs=("reason",), field="reason")
def reason_given(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Closing and quashing are explained to whoever reads the record later."""
    return _says_something(attempt.facts.get("reason"))


@guard(gettext_lazy("您是当事人，不能办理本案。"), basis="A-45")
def not_involved(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Nobody works on a record about themselves."""
    return attempt.by.person is None or attempt.by.person.pk != record.person_id


@guard(gettext_lazy("核查人不能作出决定，请由另一位负责人办理。"), basis="A-45")
def another_investigated(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Four eyes, by the ledger: whoever ever investigated the record cannot decide about it."""
    investigators = history_of(record).filter(step="investigate").values_list("person", flat=True)
    return attempt.by.person is None or attempt.by.person.pk not in set(investigators)


# --- The notice -----------------------------------------------------------------------------
@guard(gettext_lazy("请选择与身份相符的失信行为。"), basis="R-140", needs=("intent",), field="act")
def act_fits(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Each role has its own ways to go wrong."""
    intent = attempt.facts.get("intent")
    return intent is not None and intent.act in ACTS_OF_ROLE[SubjectRole(record.role)]


@guard(gettext_lazy("请写明认定的事实、理由和依据。"), basis="A-45", needs=("intent",), field="grounds")
def grounds_given(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Nobody can answer what they were not told."""
    intent = attempt.facts.get("intent")
    return intent is not None and _says_something(intent.grounds)


@guard(gettext_lazy("请选择拟作出的处理。"), basis="R-140", needs=("intent",), field="measures")
def intended_measures_fit(record: "IntegrityRecord", attempt: Attempt) -> bool | str:
    """The ladder offers each role its own measures."""
    intent = attempt.facts.get("intent")
    return _fit(record, intent.measures, is_serious=intent.is_serious) if intent is not None else False


# --- The statement --------------------------------------------------------------------------
@guard(gettext_lazy("请写明陈述和申辩的内容，至少10个字。"), basis="A-45", needs=("statement",), field="statement")
def statement_given(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """An empty statement would end the time for a real one."""
    statement = attempt.facts.get("statement")
    return statement is not None and len(str(statement).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("您已提交过陈述申辩。"), basis="A-45")
def not_yet_stated(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """What was said stays as it was said."""
    return record.stated_at is None


@guard(gettext_lazy("陈述申辩期限已过。"), basis="A-45")
def time_to_state_runs(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """The timer is the fact; one that has rung is over."""
    return setting.waiting(STATEMENT, record) is not None


@guard(gettext_lazy("当事人尚未陈述申辩，期限也未届满，不能作出决定。"), basis="A-45")
def heard_or_time_over(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Nobody is decided about unheard."""
    return record.stated_at is not None or setting.waiting(STATEMENT, record) is None


# --- The decision ---------------------------------------------------------------------------
@guard(gettext_lazy("请写明决定的内容、事实和依据。"), basis="R-142", needs=("ruling",), field="text")
def decision_worded(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """A decision without reasons cannot be appealed against."""
    ruling = attempt.facts.get("ruling")
    return ruling is not None and _says_something(ruling.text)


@guard(gettext_lazy("请写明集体讨论的时间、参加人和记录编号。"), basis="A-45", needs=("ruling",), field="deliberation")
def deliberated(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """The decision is a collective one; the lead who enters it speaks for several."""
    ruling = attempt.facts.get("ruling")
    return ruling is not None and _says_something(ruling.deliberation)


@guard(gettext_lazy("请写明救济途径和期限。"), basis="A-45", needs=("ruling",), field="remedies")
def remedies_told(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Reconsideration and litigation are named in every decision."""
    ruling = attempt.facts.get("ruling")
    return ruling is not None and _says_something(ruling.remedies)


@guard(gettext_lazy("请写明对陈述申辩意见的采纳情况。"), basis="A-45", needs=("ruling",), field="considered")
def statement_considered(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """Whoever spoke is answered."""
    ruling = attempt.facts.get("ruling")
    return record.stated_at is None or (ruling is not None and _says_something(ruling.considered))


@guard(gettext_lazy("请选择处理措施。"), basis="R-140", needs=("ruling",), field="measures")
def measures_fit(record: "IntegrityRecord", attempt: Attempt) -> bool | str:
    """The ladder offers each role its own measures."""
    ruling = attempt.facts.get("ruling")
    return _fit(record, ruling.measures, is_serious=ruling.is_serious) if ruling is not None else False


@guard(gettext_lazy("决定不得重于事先告知的处理，须重新告知。"), basis="A-45", needs=("ruling",), field="measures")
def not_heavier_than_told(record: "IntegrityRecord", attempt: Attempt) -> bool | str:
    """What the subject could not speak about cannot be decided, and speaking makes nothing worse."""
    ruling = attempt.facts.get("ruling")
    if ruling is None:
        return True
    untold = [measure.label for measure in ruling.measures if measure not in record.intended]
    if untold:
        return _("事先没有告知的处理：%(measures)s。决定不得重于告知。") % {"measures": joined(untold)}
    return record.intends_serious or not ruling.is_serious or _("事先没有告知情节严重，决定不得重于告知。")


# --- Service and end ------------------------------------------------------------------------
@guard(gettext_lazy("请写明送达方式、时间和凭证。"), basis="A-45", needs=("how",), field="how")
def service_described(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """That a decision reached its subject must be provable."""
    return _says_something(attempt.facts.get("how"))


@guard(gettext_lazy("决定尚未送达。"), basis="A-45")
def was_served(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """A decision binds from its service."""
    return record.served_at is not None


@guard(gettext_lazy("决定已经送达。"), basis="A-45")
def not_served_yet(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """One service is enough; a served decision is only quashed."""
    return record.served_at is None


@guard(gettext_lazy("记录期限尚未届满。"), basis="R-142")
def term_is_over(record: "IntegrityRecord", attempt: Attempt) -> bool:
    """The record stands its full years, whatever the timer says."""
    return record.record_until is not None and attempt.at >= record.record_until


@guard(gettext_lazy("没有需要重试的故障。"), basis="A-14")
def is_stuck(entry: "PlatformEntry", attempt: Attempt) -> bool:
    """What is tried again by itself needs nobody."""
    return entry.not_before is None


def _fit(record: "IntegrityRecord", measures: Collection[Measure], *, is_serious: bool) -> bool | str:
    role = SubjectRole(record.role)
    strange = [measure.label for measure in measures if measure not in MEASURES_OF_ROLE[role]]
    if strange:
        return _("%(measures)s不适用于%(role)s。") % {"measures": joined(strange), "role": role.label}
    too_hard = [measure.label for measure in measures if measure in ONLY_IF_SERIOUS]
    if too_hard and not is_serious:
        return _("%(measures)s只适用于情节严重的。") % {"measures": joined(too_hard)}
    return bool(measures)


def _says_something(words: object) -> bool:
    return bool(str(words or "").strip())
