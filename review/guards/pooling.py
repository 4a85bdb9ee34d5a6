"""What must hold before a person's service in a pool moves; every refusal says what to do and on which rule."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import LookupState, System
from applications.models import Lookup
from portal.accounts.actors import ActorKind
from portal.accounts.models import Person
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.models import Level
from portal.catalogue.queries import policy_in_force
from portal.connectors.titles import Level as RegisteredLevel
from portal.connectors.titles import Standing
from portal.integrity.domain.terms import years_after
from portal.integrity.enums import BarKind
from portal.integrity.queries import bars_on
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workflow import Attempt, guard
from review.enums.pooling import HEIGHT, Assessment

if TYPE_CHECKING:
    from review.models.expert import Expert
    from review.models.expert_term import ExpertTerm

LEVELS = {
    RegisteredLevel.SENIOR_FULL: LevelKey.FULL,
    RegisteredLevel.SENIOR_ASSOCIATE: LevelKey.ASSOCIATE,
    RegisteredLevel.INTERMEDIATE: LevelKey.INTERMEDIATE,
    RegisteredLevel.ASSISTANT: LevelKey.ASSISTANT,
    RegisteredLevel.ENTRY: LevelKey.ENTRY,
}


# --- Who the person is ------------------------------------------------------------------------
@guard(gettext_lazy("专家的职称系列或者级别与所评职称不相应。"), basis="R-160", field="level")
def title_sufficient(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """The title lies in the series of the pool and is no lower than what its committees grant."""
    return title_fits(term.expert, term.series_id, term.band) or _title_too_low(term)


@guard(gettext_lazy("请填写专家的研究领域或者从事专业。"), basis="R-160", field="field")
def field_stated(term: "ExpertTerm", attempt: Attempt) -> bool:
    """What the person works on tells whose papers they can judge."""
    return bool(term.expert.field.strip())


@guard(gettext_lazy("该专家受到失信处理，处理期内不得担任评审专家。"), basis="R-144")
def not_barred(term: "ExpertTerm", attempt: Attempt) -> bool | list[Reason]:
    """Nobody serves whom a decision of the integrity archive keeps out."""
    bars = bars_on(term.expert.person, at=attempt.at, kinds={BarKind.EXPERT})
    return [bar.reason for bar in bars] or True


@guard(gettext_lazy("没有生效的诚信档案处理决定，不能取消专家资格。"), basis="R-144")
def bar_decided(term: "ExpertTerm", attempt: Attempt) -> bool:
    """Only a decision of the integrity archive takes the qualification away (E-14)."""
    return bool(bars_on(term.expert.person, at=attempt.at, kinds={BarKind.EXPERT}))


@guard(gettext_lazy("诚信档案处理决定仍然有效，不能恢复专家资格。"), basis="A-45")
def bar_lifted(term: "ExpertTerm", attempt: Attempt) -> bool:
    """What a quashed decision took away comes back; another that holds keeps it away."""
    return not bars_on(term.expert.person, at=attempt.at, kinds={BarKind.EXPERT})


# --- Before the appointment -------------------------------------------------------------------
@guard(gettext_lazy("专家本人尚未同意，请通知其登录平台确认。"), basis="R-160")
def consented(term: "ExpertTerm", attempt: Attempt) -> bool:
    """Nobody is put into a pool without having agreed."""
    return term.consented_at is not None


@guard(gettext_lazy("评审服务机构尚未提出审核意见。"), basis="R-160")
def looked_over(term: "ExpertTerm", attempt: Attempt) -> bool:
    """The agency checks first, the bureau after it."""
    return term.forwarded_at is not None


@guard(gettext_lazy("请填写审核意见。"), basis="R-160", needs=("opinion",), field="opinion")
def opinion_given(term: "ExpertTerm", attempt: Attempt) -> bool:
    """The agency says why the person fits."""
    return bool(str(attempt.facts.get("opinion", "")).strip())


@guard(gettext_lazy("职称尚未核验。"), basis="R-160")
def title_verified(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """A register vouches for the title, or somebody saw the certificate where the register did not answer (A-46)."""
    return title_known(term.expert) or title_state(term.expert.person)


@guard(gettext_lazy("请填写理由。"), basis="R-160", needs=("reason",), field="reason")
def reason_given(term: "ExpertTerm", attempt: Attempt) -> bool:
    """Whoever changes somebody's standing says why."""
    return bool(_reason(attempt)) or attempt.by.kind is ActorKind.SYSTEM


# --- The term ---------------------------------------------------------------------------------
@guard(gettext_lazy("推荐人员不能聘任，请由另一位负责人办理。"), basis="R-160")
def another_nominated(term: "ExpertTerm", attempt: Attempt) -> bool:
    """Four eyes: who named the person is not the one who appoints."""
    return attempt.by.person is not None and attempt.by.person.pk != term.nominated_by_id


@guard(gettext_lazy("请填写聘期的起止日期。"), basis="R-163", needs=("starts_on", "ends_on"), field="ends_on")
def term_not_too_long(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """A term lasts at most the policy's years, the last day included (A-55)."""
    starts, ends = _days(attempt.facts)
    if starts is None or ends is None:
        return False
    if ends < starts or ends < clock.day_of(attempt.at):
        return _("聘期截止日期不能早于起始日期和今天。")
    years = policy_in_force(clock.day_of(attempt.at)).number("expert.term_years")
    last = years_after(starts, years) - dt.timedelta(days=1)
    if ends <= last:
        return True
    known = {"years": years, "last": dateformat.format(last, _("Y年n月j日"))}
    return _("每届聘期不超过%(years)s年，最晚到%(last)s。") % known


@guard(gettext_lazy("已达到聘期届数上限。"), basis="R-163")
def terms_left(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """At most the policy's number of terms in one pool, counted together, unless the bureau allowed one more (A-31)."""
    most = policy_in_force(clock.day_of(attempt.at)).number("expert.max_terms")
    number = term.next_number
    if number <= most or term.allowed_number == number:
        return True
    known = {"number": number, "most": most}
    return _("原则上聘期不超过%(most)s届，本次为第%(number)s届，须由市人力资源社会保障局负责人说明理由后批准。") % known


@guard(gettext_lazy("未达到聘期届数上限，不需要批准。"), basis="A-31")
def beyond_the_terms(term: "ExpertTerm", attempt: Attempt) -> bool:
    """Only what is over the limit needs to be allowed."""
    return term.next_number > policy_in_force(clock.day_of(attempt.at)).number("expert.max_terms")


@guard(gettext_lazy("上一届履职考核未合格，不能续聘。"), basis="R-164")
def duty_passed(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """Who goes on serving was judged by how they served."""
    if term.assessment == Assessment.NONE:
        return _("上一届尚未进行履职考核，请先由评审服务机构考核。")
    return bool(term.assessment == Assessment.PASSED)


@guard(gettext_lazy("请填写考核说明。"), basis="R-164", needs=("remark",), field="remark")
def assessment_explained(term: "ExpertTerm", attempt: Attempt) -> bool:
    """A failed assessment says why."""
    is_failed = attempt.facts.get("assessment") == Assessment.FAILED
    return not is_failed or bool(str(attempt.facts.get("remark", "")).strip())


@guard(gettext_lazy("请填写结束聘期的理由。"), basis="R-163", needs=("reason",), field="reason")
def over_or_explained(term: "ExpertTerm", attempt: Attempt) -> bool | str:
    """A term ends by itself after its last day; whoever ends it before says why."""
    if attempt.by.kind is not ActorKind.SYSTEM:
        return bool(_reason(attempt))
    is_over = term.ends_on is not None and attempt.at >= clock.end_of(term.ends_on)
    return is_over or _("聘期尚未届满。")


@guard(gettext_lazy("请先阅读并同意保密和回避承诺。"), basis="R-116", needs=("promised",), field="promised")
def promise_read(term: "ExpertTerm", attempt: Attempt) -> bool:
    """The promise of secrecy and recusal is given in so many words."""
    return bool(attempt.facts.get("promised"))


# --- Facts that several rooms ask -------------------------------------------------------------
def title_fits(expert: "Expert", series_id: int, band: str) -> bool:
    """Return whether the expert's title lies in the series and is no lower than the band (E-06)."""
    return expert.series_id == series_id and HEIGHT[Band(expert.level.committee_band)] >= HEIGHT[Band(band)]


def title_known(expert: "Expert") -> bool:
    """Return whether the title was found in a register, or its certificate was checked by hand."""
    if expert.title_checked_at is not None:
        return True
    answered = Lookup.objects.filter(person=expert.person_id, system=System.TITLES, state=LookupState.ANSWERED).first()
    held = ((answered.answer or {}) if answered else {}).get("titles", [])
    return any(_vouches(found, expert) for found in held)


def title_answered(person: Person) -> bool:
    """Return whether the registers of titles were asked and nothing is under way any more."""
    lookup = Lookup.objects.filter(person=person, system=System.TITLES).first()
    return lookup is not None and lookup.state != LookupState.WAITING


def title_state(person: Person) -> str:
    """Return in words why no register vouches for a title of the person, and what to do."""
    lookup = Lookup.objects.filter(person=person, system=System.TITLES).first()
    if lookup is None:
        return _("职称尚未核验，请先发起职称数据核验。")
    if lookup.state == LookupState.WAITING:
        return _("职称数据正在核验，请稍后再办理。")
    if lookup.state == LookupState.FAILED:
        return _("职称数据暂时无法核验，请核对职称证书原件后登记人工核验结果。")
    return _("登记数据中没有与所填系列、级别相符的有效职称，请更正，或者核对职称证书原件后登记人工核验结果。")


def _vouches(found: Mapping[str, Any], expert: "Expert") -> bool:
    ranks = dict(Level.objects.values_list("key", "rank"))
    level = LEVELS.get(RegisteredLevel(found["level"]))
    is_valid = found["standing"] == Standing.VALID and found["series"] == expert.series.name
    return is_valid and level is not None and ranks[level] >= expert.level.rank


def _title_too_low(term: "ExpertTerm") -> str:
    known = {
        "held": f"{term.expert.series.name}{term.expert.level}",
        "series": term.series.name,
        "band": Band(term.band).label,
    }
    return _("专家的职称为%(held)s，与%(series)s系列%(band)s职称的评审不相应。") % known


def _reason(attempt: Attempt) -> str:
    return str(attempt.facts.get("reason", "")).strip()


def _days(facts: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    return facts.get("starts_on"), facts.get("ends_on")
