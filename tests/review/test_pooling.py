"""Experts from the nomination to the last term, each refusal with its reason (domain §8.15)."""

import datetime as dt

import pytest

from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.enums import Band, LevelKey
from portal.deadlines.ringing import ring_due
from portal.integrity.domain import deciding
from portal.integrity.enums import Act, Measure, SubjectRole
from portal.integrity.papers import Intent, Ruling
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from review.domain import appointing, nominating, pool_queries
from review.enums.pooling import TermState
from review.models import ExpertTerm
from tests.factories import accounts, catalogue, experts, integrity

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
FROM, TO = dt.date(2026, 8, 1), dt.date(2029, 7, 31)


class Offices:
    """An agency with clerk and lead, and the bureau."""

    def __init__(self) -> None:
        self.agency = accounts.organisation(OrganisationKind.AGENCY)
        self.clerk = accounts.actor(Role.AGENCY_CLERK, at=self.agency)
        self.lead = accounts.actor(Role.AGENCY_LEAD, at=self.agency)
        self.bureau = accounts.actor(Role.BUREAU_CLERK)
        self.head = accounts.actor(Role.BUREAU_LEAD)

    def vetted(self) -> ExpertTerm:
        return experts.vetted(self.agency, clerk=self.clerk, bureau=self.bureau, at=AT)

    def appointed(self, *, starts_on: dt.date = FROM, ends_on: dt.date = TO) -> ExpertTerm:
        return appointing.appoint(self.vetted(), starts_on=starts_on, ends_on=ends_on, by=self.lead, at=AT)

    def ended(self) -> ExpertTerm:
        term = self.appointed()
        return appointing.end(term, reason="工作调动。", by=experts.personally(term), at=AT)


@pytest.fixture
def offices() -> Offices:
    return Offices()


def codes(refusal: Refusal) -> set[str]:
    return {reason.code for reason in refusal.reasons}


def fresh(term: ExpertTerm) -> ExpertTerm:
    return ExpertTerm.objects.get(pk=term.pk)


def told(kind: str) -> int:
    return Notification.objects.filter(kind=f"review.{kind}").count()


# --- Into the pool ----------------------------------------------------------------------------
@pytest.mark.rule("R-160", "R-161")
def test_nobody_enters_without_consent_opinion_and_a_verified_title(offices: Offices) -> None:
    term = experts.nominated(offices.agency, by=offices.clerk, at=AT)
    assert told("expert_nominated") == 1
    with pytest.raises(StepRefused) as refused:
        nominating.vet(term, by=offices.bureau, at=AT)
    assert codes(refused.value) == {"consented", "looked_over", "title_verified"}
    with pytest.raises(StepRefused) as refused:
        nominating.forward(term, opinion="同意。", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"consented"}

    nominating.consent(term, by=experts.personally(term), at=AT)
    nominating.forward(term, opinion="同意推荐。", by=offices.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        nominating.vet(term, by=offices.bureau, at=AT)
    assert [str(reason.text) for reason in refused.value.reasons] == ["职称数据正在核验，请稍后再办理。"]

    experts.title_found(term.expert.person, at=AT)
    done = nominating.vet(term, by=offices.bureau, at=AT)
    assert done.state == TermState.VETTED
    assert told("expert_vetted") == 2  # who named the person, and the lead of the agency
    assert [entry.step for entry in history_of(term)] == ["nominate", "consent", "forward", "vet"]


def test_only_the_person_can_consent_and_the_bureau_vet(offices: Offices) -> None:
    term = experts.nominated(offices.agency, by=offices.clerk, at=AT)
    for by in (offices.clerk, offices.head, accounts.actor()):
        with pytest.raises(StepNotPermitted):
            nominating.consent(term, by=by, at=AT)
    with pytest.raises(StepNotPermitted):
        nominating.vet(term, by=offices.lead, at=AT)


@pytest.mark.parametrize(
    ("level", "band", "fits"),
    [
        (LevelKey.FULL, Band.SENIOR, True),
        (LevelKey.ASSOCIATE, Band.SENIOR, True),
        (LevelKey.INTERMEDIATE, Band.SENIOR, False),
        (LevelKey.INTERMEDIATE, Band.INTERMEDIATE, True),
        (LevelKey.ASSISTANT, Band.INTERMEDIATE, False),
        (LevelKey.FULL, Band.JUNIOR, True),
    ],
)
def test_the_title_is_no_lower_than_what_the_pool_grants(
    offices: Offices, level: LevelKey, band: Band, *, fits: bool
) -> None:
    scope = nominating.Scope(offices.agency, experts.series(), band)
    facts = experts.facts(level=catalogue.level(level))
    if fits:
        assert nominating.nominate(accounts.person(), scope, facts, grounds="", by=offices.clerk, at=AT).pk
        return
    with pytest.raises(StepRefused) as refused:
        nominating.nominate(accounts.person(), scope, facts, grounds="", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"title_sufficient"}


def test_a_title_of_another_series_does_not_fit(offices: Offices) -> None:
    with pytest.raises(StepRefused) as refused:
        experts.nominated(offices.agency, by=offices.clerk, at=AT, series=experts.series("06"))
    assert codes(refused.value) == {"title_sufficient"}


def test_a_person_stands_once_in_a_pool(offices: Offices) -> None:
    term = experts.nominated(offices.agency, by=offices.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        experts.nominated(offices.agency, term.expert.person, by=offices.clerk, at=AT)
    assert codes(refused.value) == {"already_in_the_pool"}
    nominating.decline(term, reason="近期不便参加。", by=experts.personally(term), at=AT)
    assert experts.nominated(offices.agency, term.expert.person, by=offices.clerk, at=AT).pk != term.pk


@pytest.mark.rule("R-161")
def test_employers_industry_and_people_themselves_may_nominate_and_nobody_else(offices: Offices) -> None:
    for role in (Role.EMPLOYER_CLERK, Role.INDUSTRY_OFFICER):
        assert experts.nominated(offices.agency, by=accounts.actor(role), at=AT).consented_at is None
    own = accounts.actor()
    assert experts.nominated(offices.agency, own.person, by=own, at=AT).consented_at == AT
    other = accounts.actor(Role.AGENCY_CLERK)
    for by in (other, offices.bureau, accounts.actor()):
        with pytest.raises(StepNotPermitted):
            experts.nominated(offices.agency, by=by, at=AT)


def test_a_number_is_found_with_its_name_only(offices: Offices) -> None:
    who = accounts.person(full_name="李明")
    number = accounts.document(who).number
    assert nominating.person_named("李明", number) == who
    for name, typed in (("李四", number), ("李明", "110101199003070011")):
        with pytest.raises(Refusal) as refused:
            nominating.person_named(name, typed)
        assert codes(refused.value) == {"person_unknown"}


@pytest.mark.rule("A-46")
def test_a_title_that_no_register_knows_is_checked_by_hand(offices: Offices) -> None:
    term = experts.nominated(offices.agency, by=offices.clerk, at=AT)
    nominating.consent(term, by=experts.personally(term), at=AT)
    with pytest.raises(Refusal) as refused:
        nominating.check_by_hand(term, None, "核对原件。", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"title_asked"}
    experts.title_found(term.expert.person, at=AT, level="intermediate")
    with pytest.raises(Refusal) as refused:
        nominating.check_by_hand(term, None, " ", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"remark_missing"}
    expert = nominating.check_by_hand(term, None, "核对职称证书原件，编号相符。", by=offices.clerk, at=AT)
    assert (expert.title_checked_at, expert.title_checked_by) == (AT, offices.clerk.person)


@pytest.mark.parametrize("standing", ["revoked", "suspended", "superseded"])
def test_a_certificate_that_does_not_count_vouches_for_nothing(offices: Offices, standing: str) -> None:
    term = experts.nominated(offices.agency, by=offices.clerk, at=AT)
    nominating.consent(term, by=experts.personally(term), at=AT)
    nominating.forward(term, opinion="同意。", by=offices.clerk, at=AT)
    experts.title_found(term.expert.person, at=AT, standing=standing)
    with pytest.raises(StepRefused) as refused:
        nominating.vet(term, by=offices.bureau, at=AT)
    assert codes(refused.value) == {"title_verified"}


# --- Terms ------------------------------------------------------------------------------------
@pytest.mark.rule("R-163", "A-55")
def test_a_term_lasts_three_years_to_the_day_and_opens_the_desk(offices: Offices) -> None:
    term = offices.vetted()
    with pytest.raises(StepRefused) as refused:
        appointing.appoint(term, starts_on=FROM, ends_on=TO + dt.timedelta(days=1), by=offices.lead, at=AT)
    assert [str(reason.text) for reason in refused.value.reasons] == ["每届聘期不超过3年，最晚到2029年7月31日。"]
    done = appointing.appoint(term, starts_on=FROM, ends_on=TO, by=offices.lead, at=AT)
    assert (done.state, done.number, done.promised_at) == (TermState.APPOINTED, 1, None)
    held = Membership.objects.get(person=done.expert.person, role=Role.EXPERT)
    assert (held.organisation, held.since, held.until) == (offices.agency, FROM, TO)
    assert told("expert_appointed") == 1


def test_who_named_the_person_does_not_appoint(offices: Offices) -> None:
    term = experts.nominated(offices.agency, by=offices.lead, at=AT)
    nominating.consent(term, by=experts.personally(term), at=AT)
    experts.title_found(term.expert.person, at=AT)
    nominating.forward(term, opinion="同意。", by=offices.clerk, at=AT)
    nominating.vet(term, by=offices.bureau, at=AT)
    with pytest.raises(StepRefused) as refused:
        appointing.appoint(term, starts_on=FROM, ends_on=TO, by=offices.lead, at=AT)
    assert codes(refused.value) == {"another_nominated"}
    with pytest.raises(StepNotPermitted):
        appointing.appoint(term, starts_on=FROM, ends_on=TO, by=offices.clerk, at=AT)
    assert appointing.appoint(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT).number == 1


def test_the_expert_is_drawn_only_after_the_promise(offices: Offices) -> None:
    term = offices.appointed()
    with pytest.raises(StepRefused) as refused:
        appointing.promise(term, promised=False, by=experts.personally(term), at=AT)
    assert codes(refused.value) == {"promise_read"}
    assert not ExpertTerm.objects.covering(FROM).exists()
    appointing.promise(term, promised=True, by=experts.personally(term), at=AT)
    assert list(ExpertTerm.objects.covering(FROM)) == [term]


@pytest.mark.rule("R-163", "A-31")
def test_a_fourth_term_needs_the_bureaus_word_and_reason(offices: Offices) -> None:
    term = offices.ended()
    ExpertTerm.objects.filter(pk=term.pk).update(number=3)
    appointing.assess(term, assessment="passed", remark="", by=offices.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT)
    assert codes(refused.value) == {"terms_left"}
    with pytest.raises(StepNotPermitted):
        appointing.allow_more(term, reason="专业人员稀缺。", by=offices.lead, at=AT)
    term = fresh(term)
    with pytest.raises(StepRefused) as refused:
        appointing.allow_more(term, reason=" ", by=offices.head, at=AT)
    assert codes(refused.value) == {"reason_given"}
    appointing.allow_more(term, reason="该专业全市仅有三名正高级专家。", by=offices.head, at=AT)
    done = appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT)
    assert (done.number, done.allowed_reason) == (4, "该专业全市仅有三名正高级专家。")


@pytest.mark.rule("A-31")
def test_terms_of_a_pool_count_together_across_rows_and_the_limit_is_allowed_only_beyond(offices: Offices) -> None:
    term = offices.vetted()
    with pytest.raises(StepRefused) as refused:
        appointing.allow_more(term, reason="稀缺。", by=offices.head, at=AT)
    assert codes(refused.value) == {"beyond_the_terms"}
    (old,) = experts.appointed(offices.agency)
    ExpertTerm.objects.filter(pk=old.pk).update(number=3)
    ExpertTerm.objects.filter(pk=old.pk).update(state=TermState.DISQUALIFIED, expert=term.expert)
    with pytest.raises(StepRefused) as refused:
        appointing.appoint(term, starts_on=FROM, ends_on=TO, by=offices.lead, at=AT)
    assert codes(refused.value) == {"terms_left"}


@pytest.mark.rule("R-164")
def test_nobody_goes_on_whose_duty_was_not_judged_or_not_good(offices: Offices) -> None:
    term = offices.ended()
    with pytest.raises(StepRefused) as refused:
        appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT)
    assert [str(reason.text) for reason in refused.value.reasons] == [
        "上一届尚未进行履职考核，请先由评审服务机构考核。"
    ]
    with pytest.raises(StepRefused) as refused:
        appointing.assess(term, assessment="failed", remark="", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"assessment_explained"}
    appointing.assess(term, assessment="failed", remark="三次无故缺席。", by=offices.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT)
    assert codes(refused.value) == {"duty_passed"}
    appointing.assess(term, assessment="passed", remark="复核后合格。", by=offices.clerk, at=AT)
    with pytest.raises(StepNotPermitted):
        appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.lead, at=AT)
    done = appointing.renew(term, starts_on=FROM, ends_on=TO, by=offices.head, at=AT)
    assert (done.state, done.number, done.assessment, done.promised_at) == (TermState.APPOINTED, 2, "", None)


def test_a_pause_has_a_reason_and_keeps_out_of_draws(offices: Offices) -> None:
    term = offices.appointed()
    with pytest.raises(StepRefused) as refused:
        appointing.pause(term, reason="", by=offices.clerk, at=AT)
    assert codes(refused.value) == {"reason_given"}
    paused = appointing.pause(term, reason="出国进修。", by=offices.clerk, at=AT)
    assert (paused.state, paused.reason) == (TermState.PAUSED, "出国进修。")
    assert appointing.resume(term, by=offices.clerk, at=AT).state == TermState.APPOINTED
    assert (told("expert_paused"), told("expert_resumed")) == (1, 1)


@pytest.mark.rule("R-163")
def test_the_term_ends_by_itself_after_a_reminder_ninety_days_before(offices: Offices) -> None:
    term = offices.appointed()
    over = clock.end_of(TO)
    ring_due(at=over - dt.timedelta(days=90, seconds=1))
    assert told("expert_term_ending") == 0
    ring_due(at=over - dt.timedelta(days=90))
    assert told("expert_term_ending") == 3  # the expert, the clerk and the lead
    ring_due(at=over - dt.timedelta(seconds=1))
    assert fresh(term).state == TermState.APPOINTED
    ring_due(at=over + dt.timedelta(days=3))
    assert fresh(term).state == TermState.ENDED
    assert told("expert_term_ended") == 3
    assert history_of(term).last().at == over  # type: ignore[union-attr]


def test_a_command_after_the_last_day_meets_an_ended_term(offices: Offices) -> None:
    term = offices.appointed()
    with pytest.raises(StepRefused) as refused:
        appointing.pause(term, reason="请假。", by=offices.clerk, at=clock.end_of(TO))
    assert codes(refused.value) == {"step_not_open"}
    assert fresh(term).state == TermState.ENDED


def test_whoever_ends_a_term_early_says_why_and_the_role_ends_with_the_last_pool(offices: Offices) -> None:
    term = offices.appointed()
    with pytest.raises(StepRefused) as refused:
        appointing.end(term, by=offices.clerk, at=AT)
    assert codes(refused.value) == {"over_or_explained"}
    appointing.end(term, reason="本人辞聘。", by=experts.personally(term), at=AT)
    assert Membership.objects.get(person=term.expert.person, role=Role.EXPERT).ended_at == AT


# --- The qualification ------------------------------------------------------------------------
def _intent() -> tuple[Intent, Ruling]:
    measures = (Measure.RECORD, Measure.CANCEL_EXPERT)
    intent = Intent(Act.BROKEN_PROCEDURE, "泄露评审会议情况。", measures, is_serious=False)
    ruling = Ruling(
        text="取消评审专家资格。",
        deliberation="2026年12月17日局务会。",
        measures=measures,
        remedies="六十日内申请行政复议。",
        is_serious=False,
    )
    return intent, ruling


@pytest.mark.rule("R-144")
def test_a_decision_of_the_archive_takes_the_qualification_everywhere(offices: Offices) -> None:
    term = offices.appointed()
    with pytest.raises(StepRefused) as refused:
        appointing.disqualify(term, reason="有投诉。", by=offices.lead, at=AT)
    assert codes(refused.value) == {"bar_decided"}
    intent, ruling = _intent()
    integrity.Bureau().decided(person=term.expert.person, role=SubjectRole.EXPERT, intent=intent, ruling=ruling)
    assert fresh(term).state == TermState.DISQUALIFIED
    assert told("expert_disqualified") >= 3
    with pytest.raises(StepRefused) as refused:
        experts.nominated(offices.agency, term.expert.person, by=offices.clerk, at=integrity.DECIDED)
    assert codes(refused.value) == {"integrity_bar_expert"}


@pytest.mark.rule("A-45")
def test_a_quashed_decision_gives_everything_back(offices: Offices) -> None:
    running, waiting = offices.appointed(), offices.vetted()
    intent, ruling = _intent()
    bureau = integrity.Bureau()
    for term in (running, waiting):
        person = term.expert.person
        record = bureau.in_force(person=person, role=SubjectRole.EXPERT, intent=intent, ruling=ruling)
        assert fresh(term).state == TermState.DISQUALIFIED
        deciding.quash(record, reason="京政复〔2027〕1号。", by=bureau.lead, at=integrity.on(12, 22))
    assert (fresh(running).state, fresh(waiting).state) == (TermState.PAUSED, TermState.VETTED)
    held = Membership.objects.filter(person=running.expert.person, role=Role.EXPERT, ended_at=None)
    assert held.count() == 1
    ring_due(at=clock.end_of(TO))
    assert fresh(running).state == TermState.ENDED


# --- Who sees what ----------------------------------------------------------------------------
def test_an_agency_sees_its_own_pool_and_the_bureau_every_one(offices: Offices) -> None:
    experts.appointed(offices.agency, 2)
    experts.appointed(accounts.organisation(OrganisationKind.AGENCY), 3)
    none: dict[str, Actor] = {"expert": accounts.actor(Role.EXPERT, at=offices.agency), "person": accounts.actor()}
    assert ExpertTerm.objects.at(offices.clerk).count() == 2
    assert ExpertTerm.objects.at(offices.bureau).count() == 5
    assert [ExpertTerm.objects.at(actor).count() for actor in none.values()] == [0, 0]


@pytest.mark.rule("R-162")
def test_the_share_of_the_young_is_counted_by_age_on_the_day(offices: Offices) -> None:
    agency: Organisation = offices.agency
    experts.appointed(agency, 4, born_on=dt.date(1975, 1, 1))
    experts.appointed(agency, 1, born_on=dt.date(1980, 7, 9))  # turns 46 tomorrow
    share = pool_queries.young_share(ExpertTerm.objects.at(offices.clerk), AT)
    assert (share.young, share.known, share.percent, share.is_low) == (1, 5, 20, False)
    later = pool_queries.young_share(ExpertTerm.objects.at(offices.clerk), AT + dt.timedelta(days=1))
    assert (later.young, later.percent, later.is_low) == (0, 0, True)


def test_ones_own_terms_are_shown_to_oneself(offices: Offices) -> None:
    term = offices.appointed()
    assert list(pool_queries.own_terms(acting_personally(term.expert.person))) == [term]
    assert list(pool_queries.to_promise(experts.acting(term))) == [term]
