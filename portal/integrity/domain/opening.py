"""Opening a record on a clue: by the bureau, on the proposal of others, or by the system that compares data."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import bureau
from portal.integrity import rules
from portal.integrity.enums import ROLES_OF_PEOPLE, RecordState, Source, SubjectRole
from portal.integrity.guards import FEWEST_SIGNS
from portal.integrity.models import IntegrityRecord
from portal.integrity.registry import handlers
from portal.ledger.record import record as write_down
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

PROPOSALS_AN_HOUR = 20


def open_about(
    who: Person | Organisation | None, *, role: SubjectRole, source: Source, facts: str, by: Actor, at: dt.datetime
) -> IntegrityRecord:
    """Open a record about whom a number named; raises Refusal where it named nobody."""
    if who is None:
        text = _("平台上没有这个号码的人员或者单位，请核对。")
        raise Refusal([Reason(text, basis="R-145", code="subject_unknown", field="number")])
    person, organisation = (who, None) if isinstance(who, Person) else (None, who)
    return open_record(person=person, organisation=organisation, role=role, source=source, facts=facts, by=by, at=at)


@transaction.atomic
def open_record(
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    role: SubjectRole,
    source: Source,
    facts: str,
    case: models.Model | None = None,
    by: Actor,
    at: dt.datetime,
) -> IntegrityRecord:
    """Open a record about one person or one organisation and return it (§8.16 #1).

    ``facts`` is the clue in words; ``case`` the row that it came from, such as an application. Whoever is neither the
    bureau nor the system only proposes: their organisation stands recorded. A case that is already looked into for the
    same subject keeps its one record, to which the facts are added. Raises Refusal with every reason.
    """
    reasons = _reasons_against(person, organisation, role, facts, by)
    if reasons:
        raise Refusal(reasons)
    subject = {"person": person, "organisation": organisation, "role": role}
    opened, is_new = _open_or_find(case, subject, _clue(source, facts, by, at))
    told = {"source": source, "role": role}
    if not is_new:
        write_down(opened, "add_clue", by=by, at=at, basis="R-148", facts=told)
        return _with_clue(opened, source, facts, at)
    write_down(opened, "open", by=by, at=at, after=RecordState.OPENED, basis="R-148", facts=told)
    for handler in handlers():
        handler.opened(opened, at)
    return opened


def _open_or_find(
    case: models.Model | None, subject: dict[str, Any], clue: dict[str, Any]
) -> tuple[IntegrityRecord, bool]:
    """Return the open record of the same case and subject, locked, or a new one; a clue without a case is always new."""
    if case is None:
        return IntegrityRecord.objects.create(**subject, **clue), True
    of_case = {"case_type": ContentType.objects.get_for_model(case), "case_id": case.pk}
    open_ones = IntegrityRecord.objects.select_for_update(of=("self",), no_key=True)
    return open_ones.get_or_create(state=RecordState.OPENED, **of_case, **subject, defaults=clue)


def _clue(source: Source, facts: str, by: Actor, at: dt.datetime) -> dict[str, Any]:
    proposer = None if bureau.test(by) else by.organisation
    return {
        "source": source,
        "facts": facts.strip(),
        "opened_at": at,
        "opened_by": by.person,
        "proposed_by": proposer,
    }


def _with_clue(known: IntegrityRecord, source: Source, facts: str, at: dt.datetime) -> IntegrityRecord:
    with translation.override(settings.LANGUAGE_CODE):
        known_of_it = {"source": Source(source).label, "day": clock.day_of(at).isoformat(), "facts": facts.strip()}
        added = _("补充线索（%(source)s，%(day)s）：%(facts)s") % known_of_it
    clue = f"{known.facts}\n\n{added}"
    IntegrityRecord.objects.filter(pk=known.pk).update(facts=clue)
    known.facts = clue
    return known


def _reasons_against(
    person: Person | None, organisation: Organisation | None, role: SubjectRole, facts: str, by: Actor
) -> list[Reason]:
    reasons = []
    if not rules.opens.test(by):
        text = _("您当前的身份不能提请立案。如掌握线索，可向市人力资源社会保障局举报（电话12333）。")
        reasons.append(Reason(text, basis="R-131", code="may_not_open"))
    if (person is None) == (organisation is None) or (person is not None) != (role in ROLES_OF_PEOPLE):
        text = _("请选择与身份相符的当事人：个人或者单位，二者择一。")
        reasons.append(Reason(text, basis="R-145", code="subject_does_not_fit", field="role"))
    if len(facts.strip()) < FEWEST_SIGNS:
        text = _("请写明可以核查的事实，至少%(fewest)s个字。") % {"fewest": FEWEST_SIGNS}
        reasons.append(Reason(text, basis="R-148", code="facts_too_short", field="facts"))
    if person is not None and by.person is not None and person.pk == by.person.pk:
        reasons.append(Reason(_("不能对自己提请立案。"), basis="R-145", code="about_oneself", field="role"))
    return reasons
