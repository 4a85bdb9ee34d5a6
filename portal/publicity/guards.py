"""What must hold before a notice is posted or ended, and before an objection is handled or decided."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pgtrigger
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import OrganisationKind
from portal.deadlines import setting
from portal.publicity.enums import ANSWER, FIELDS_OF_KIND, NotAdmittedGround, NoticeKind
from portal.publicity.registry import owned_kinds, owner_of
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.phrases import joined
from portal.workdays import counting
from portal.workdays.queries import calendar_in_force
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.publicity.models import Notice, Objection

LEAST_WORKDAYS = 5

# Eighteen signs like an identity number, or eleven digits like a mobile number, whatever field they hide in.
PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])")

LINES_ARE_FROZEN = pgtrigger.Trigger(
    name="lines_are_frozen",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("line", "publicity_line%ROWTYPE")],
    func="""
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'cleared_at' - 'struck_at' = to_jsonb(OLD) - 'cleared_at' - 'struck_at' THEN
            RETURN NEW;
        END IF;
        line := COALESCE(NEW, OLD);
        IF (SELECT state FROM publicity_notice WHERE id = line.notice_id) <> 'draft' THEN
            RAISE EXCEPTION 'the lines of a posted notice are frozen';
        END IF;
        RETURN line;
    """,
)


@guard(gettext_lazy("这类公示不能在本系统发布。"), basis="R-003")
def somebody_answers(notice: "Notice", attempt: Attempt) -> bool:
    """A kind that no room of the portal answers for would have no effect."""
    return NoticeKind(notice.kind) in owned_kinds()


@guard(gettext_lazy("公示期不得少于5个工作日。"), basis="R-072")
def runs_long_enough(notice: "Notice", attempt: Attempt) -> bool:
    """No policy and no person can go below five working days."""
    return notice.workdays >= LEAST_WORKDAYS


@guard(gettext_lazy("请先添加公示内容。"), basis="R-072")
def has_lines(notice: "Notice", attempt: Attempt) -> bool:
    """A notice that shows nobody publicises nothing."""
    return notice.lines.exists()


@guard(gettext_lazy("公示内容含有不得公开的信息。"), basis="A-07")
def shows_only_what_may_be_shown(notice: "Notice", attempt: Attempt) -> bool | str:
    """Only the fields of the kind, and nowhere an identity or telephone number."""
    allowed = {field.value for field in FIELDS_OF_KIND[NoticeKind(notice.kind)]}
    for number, content in notice.lines.values_list("number", "content"):
        strange = sorted(set(content) - allowed)
        if strange:
            return _("第%(number)s行含有本类公示不得公开的项目：%(fields)s。") % {
                "number": number,
                "fields": joined(strange),
            }
        if _has_personal_number(content.values()):
            return _("第%(number)s行含有身份证件号码或手机号码，请删除后再发布。") % {"number": number}
    if _has_personal_number([notice.title, notice.text]):
        return _("标题或正文含有身份证件号码或手机号码，请删除后再发布。")
    return True


@guard(gettext_lazy("请写明异议受理方式（部门、电话或邮箱）。"), basis="A-08", field="contact")
def names_a_contact(notice: "Notice", attempt: Attempt) -> bool:
    """Whoever objects must know where."""
    return bool(notice.contact.strip())


@guard(gettext_lazy("尚不具备发布条件。"), basis="R-121")
def owner_agrees(notice: "Notice", attempt: Attempt) -> bool | str:
    """The room that owns the kind may know more against it."""
    if NoticeKind(notice.kind) not in owned_kinds():
        return True
    reasons = owner_of(notice.kind).reasons_against_posting(notice, attempt.at)
    return not reasons or _("；").join(str(reason.text) for reason in reasons)


@guard(gettext_lazy("公示期尚未届满。"), basis="R-072")
def ran_its_full_time(notice: "Notice", attempt: Attempt) -> bool:
    """Counts anew from the posting day, whatever the timer says: never shorter than promised (invariant 5)."""
    if notice.posted_at is None:
        return False
    last_full_day = clock.day_of(attempt.at) - counting.ONE_DAY
    posted = clock.day_of(notice.posted_at)
    return counting.workdays_between(calendar_in_force(), posted, last_full_day) >= notice.workdays


@guard(gettext_lazy("请写明撤回原因。"), basis="R-072", needs=("reason",), field="reason")
def reason_of_withdrawal(notice: "Notice", attempt: Attempt) -> bool:
    """A withdrawal without reason would be a silent one."""
    return bool(str(attempt.facts.get("reason", "")).strip())


@guard(gettext_lazy("请写明延长核查的原因。"), basis="A-08", needs=("reason",), field="reason")
def reason_of_extension(objection: "Objection", attempt: Attempt) -> bool:
    """The person who waits learns why it takes longer."""
    return bool(str(attempt.facts.get("reason", "")).strip())


@guard(gettext_lazy("答复期限已过，不能延长，请尽快作出决定。"), basis="A-08")
def time_to_answer_runs(objection: "Objection", attempt: Attempt) -> bool:
    """What is over cannot be lengthened."""
    return setting.waiting(ANSWER, objection) is not None


@guard(gettext_lazy("请填写书面处理意见，将答复异议人和当事人。"), basis="A-08", needs=("answer",), field="answer")
def answer_given(objection: "Objection", attempt: Attempt) -> bool:
    """Every decision has written reasons."""
    return bool(str(attempt.facts.get("answer", "")).strip())


@guard(gettext_lazy("请选择不予受理的理由。"), basis="A-08", needs=("ground",), field="ground")
def lacks_checkable_facts(objection: "Objection", attempt: Attempt) -> bool | str:
    """Only an anonymous objection without checkable facts, or a repetition, is not admitted."""
    ground = attempt.facts.get("ground", "")
    if ground == NotAdmittedGround.NO_FACTS:
        return not objection.is_named or _("实名异议不得以缺少可核查事实为由不予受理。")
    if ground == NotAdmittedGround.DUPLICATE:
        earlier = objection.line.objections.filter(received_at__lt=objection.received_at)
        return earlier.exists() or _("此前没有针对同一对象的异议，不属于重复异议。")
    return False


@guard(gettext_lazy("您是当事人，不能办理本异议。"), basis="A-08")
def not_involved(objection: "Objection", attempt: Attempt) -> bool:
    """Nobody handles an objection against themselves."""
    return attempt.by.person is None or objection.line.person_id != attempt.by.person.pk


@guard(gettext_lazy("核查人不能同时作出决定，请由另一位负责人决定。"), basis="A-08")
def another_investigated(objection: "Objection", attempt: Attempt) -> bool:
    """Four eyes wherever an agency or the bureau decides; an employer's head may do both."""
    if objection.handler.kind in {OrganisationKind.EMPLOYER, OrganisationKind.ASSOCIATION}:
        return True
    return attempt.by.person is None or objection.investigator_id != attempt.by.person.pk


@guard(gettext_lazy("本异议应由上一级决定。"), basis="A-08")
def decided_here(objection: "Objection", attempt: Attempt) -> list[Reason]:
    """The room that owns the kind may leave the decision to another authority."""
    return owner_of(objection.line.notice.kind).reasons_against_deciding(objection)


@guard(gettext_lazy("本异议已在最高一级处理，不能再移交。"), basis="A-08", needs=("to",))
def somebody_stands_above(objection: "Objection", attempt: Attempt) -> bool:
    """The bureau is the last instance."""
    return attempt.facts.get("to") is not None


def _has_personal_number(texts: Iterable[object]) -> bool:
    return any(PERSONAL_NUMBER.search(str(text)) for text in texts)
