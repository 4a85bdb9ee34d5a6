"""The freelancer's way: who may, whom they may choose, on the association's desk and on paper (R-080…R-085, A-16, A-17)."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.domain import associating, drafting, lookups, publicising, receiving, recommending, submitting
from applications.domain.compiling import compile_dossier
from applications.enums import LookupState, SealedPaper, System
from applications.models import Application, Lookup, Recommendation
from applications.sections import SheetKind
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry, Recognition
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.notifications.models import Notification
from portal.publicity.enums import NoticeKind
from portal.shared import clock
from portal.shared.errors import Refusal, StepRefused
from portal.workflow import carry_out
from review.domain import checking, checklist, deciding
from review.enums.checking import Proposal, Verdict
from tests.factories import accounts, applications, freelancers

pytestmark = pytest.mark.django_db
NOW, AT = applications.NOW, freelancers.SUBMITTED_AT


@pytest.fixture
def row() -> CatalogueEntry:
    return freelancers.entry()


@pytest.fixture
def association() -> Organisation:
    return freelancers.association()


@pytest.fixture
def who() -> Actor:
    return freelancers.freelancer()


def against(application: Application, at: dt.datetime = AT) -> list[str]:
    found = Application.objects.with_all().get(pk=application.pk)
    return [reason.code for reason in compile_dossier(found, at=at).reasons]


def submit(application: Application, who: Actor, at: dt.datetime = AT) -> Application:
    found = Application.objects.with_all().get(pk=application.pk)
    return submitting.submit(found, commitment=True, by=who, at=at)


# --- Who may ------------------------------------------------------------------------------------
@pytest.mark.rule("R-081", "R-080", "A-17")
def test_twelve_months_in_the_city_and_work_of_the_last_year_both_proved(row, association, who) -> None:
    application = freelancers.filled(row, who, association, since="2025-08")
    assert against(application) == ["freelancer_months"]
    freelancers.works(who, since="2025-05", until="2025-07", in_field=False)
    assert against(application) == []


@pytest.mark.rule("R-080", "A-17")
def test_work_that_ended_more_than_a_year_ago_or_elsewhere_is_not_enough(row, association, who) -> None:
    application = freelancers.filled(row, who, association, since="2023-01", until="2025-06")
    assert against(application) == ["freelancer_activity"]
    freelancers.works(who, since="2026-01", in_beijing=False)
    assert against(application) == ["freelancer_activity"]
    freelancers.works(who, since="2026-03")
    assert against(application) == []


@pytest.mark.rule("R-080")
def test_only_the_series_of_the_year(association, who) -> None:
    assert against(freelancers.filled(freelancers.entry("05"), who, association)) == ["freelancer_series"]


@pytest.mark.rule("R-080", "R-066")
def test_nothing_counts_without_its_proof(row, association, who) -> None:
    application = applications.filled(row, who)
    associating.choose(application, association, by=who, at=NOW)
    assert against(application) == ["section_empty"]


@pytest.mark.rule("R-082")
def test_only_a_recognised_association_is_chosen_and_on_the_day_of_submission(row, association, who) -> None:
    application = applications.filled(row, who)
    with pytest.raises(Refusal, match="不在认可名单内"):
        associating.choose(application, freelancers.association(is_recognised=False), by=who, at=NOW)
    chosen = freelancers.filled(freelancers.entry(), freelancers.freelancer(), association)
    lead = accounts.actor(Role.BUREAU_LEAD)
    held = Recognition.objects.get(association=association)
    carry_out(held, "end", by=lead, at=AT, note="主管部门收回认可", ended_on=AT.date())
    assert against(chosen, AT - dt.timedelta(days=1)) == []
    assert against(chosen) == ["association_not_recognised"]


@pytest.mark.rule("R-070")
def test_whom_an_employer_insures_goes_through_the_employer(row, association) -> None:
    insured = applications.applicant()
    application = applications.filled(row, insured)
    with pytest.raises(Refusal, match="由参保单位审核推荐"):
        associating.choose(application, association, by=insured, at=NOW)


@pytest.mark.rule("R-070")
def test_an_employer_found_after_the_choice_stops_it_until_it_is_undone(row, association, who) -> None:
    application = freelancers.filled(row, who, association)
    lookup = Lookup.objects.get(person=who.person, system=System.INSURANCE)
    lookup.answer = applications._answers(applications.employer())["insurance"]
    lookup.save()
    assert "insured_by_employer" in against(application)
    associating.choose(application, None, by=who, at=AT)
    assert "insured_by_employer" not in against(application)


@pytest.mark.rule("A-46")
def test_an_outage_of_the_insurance_register_goes_along_to_the_agency(row, association) -> None:
    who = accounts.person()
    accounts.document(who)
    person = freelancers.acting_personally(who)
    applications.know(who, None, insurance=None)
    application = freelancers.filled(row, person, association)
    assert "insurance_not_answered" in against(application)
    carry_out(Lookup.objects.get(person=who, system=System.INSURANCE), "give_up", by=SYSTEM, at=NOW)
    assert Lookup.objects.get(person=who, system=System.INSURANCE).state == LookupState.FAILED
    dossier = compile_dossier(Application.objects.with_all().get(pk=application.pk), at=AT)
    assert [reason.code for reason in dossier.reasons] == []
    assert "register_unanswered" in {one.code for one in dossier.discrepancies}
    assert lookups.insured_employer(who) is None


# --- On the association's desk --------------------------------------------------------------------
def on_the_desk(row: CatalogueEntry, who: Actor, association: Organisation) -> Recommendation:
    application = submit(freelancers.filled(row, who, association), who, NOW)
    clerk = freelancers.clerk_of(association)
    recommendation = receiving.receive(application.recommendation, by=clerk, at=NOW)
    parts = receiving.present_snapshot(recommendation).content["parts"]
    found = {part: receiving.Found(is_right=True) for part in parts}
    return receiving.check(recommendation, found, by=clerk, at=NOW)


@pytest.mark.rule("R-082", "R-084", "R-085", "A-16")
def test_the_association_checks_publicises_and_recommends_on_its_desk(at, row, association, who) -> None:
    recommendation = on_the_desk(row, who, association)
    assert (recommendation.kind, recommendation.organisation) == ("association", association)
    clerk, head = freelancers.clerk_of(association), freelancers.head_of(association)
    notice = publicising.publicise([recommendation], contact="秘书处，010-00000000", by=clerk, at=NOW)
    assert notice.kind == NoticeKind.ASSOCIATION
    assert notice.lines.get().content["unit"] == "自由职业者"
    later = NOW + dt.timedelta(days=14)
    at(later)
    ring_due(at=later)
    opinion = recommending.Opinion("作品扎实，同意推荐该同志。", "", truth=True)
    with pytest.raises(Refusal):
        recommending.recommend(recommendation, opinion, by=clerk, at=later)
    recommending.recommend(recommendation, opinion, by=head, at=later)
    done = Application.objects.get(pk=recommendation.application_id)
    assert (done.state, done.channel, done.employer) == ("recommended", "freelancer", association)
    items = {item.key: item for item in checklist.items_of(done.review.snapshot, done.entry.committee)}
    assert "在线推荐" in items["law:association"].title
    assert items["law:association"].basis == "R-082"
    assert "北京市文化和旅游局于2025年3月3日认可" in items["law:association"].automatic[0]


@pytest.mark.rule("R-082")
def test_an_association_recognised_no_more_posts_no_notice(row, association, who) -> None:
    recommendation = on_the_desk(row, who, association)
    held, lead = Recognition.objects.get(association=association), accounts.actor(Role.BUREAU_LEAD)
    carry_out(held, "end", by=lead, at=NOW, note="主管部门收回认可", ended_on=NOW.date())
    with pytest.raises(StepRefused) as refusal:
        publicising.publicise([recommendation], contact="秘书处", by=freelancers.clerk_of(association), at=NOW)
    assert [(one.code, one.basis) for one in refusal.value.reasons] == [("association_is_recognised", "R-082")]


# --- On paper -------------------------------------------------------------------------------------
@pytest.fixture
def sealed(row, association, who) -> Application:
    application = freelancers.filled(row, who, association, on_paper=True)
    freelancers.seal(application, who)
    return application


@pytest.mark.rule("A-16", "R-083", "R-084")
def test_the_sealed_papers_go_straight_to_the_agency_as_a_recommendation(sealed, association, who) -> None:
    done = submit(sealed, who)
    record = done.recommendation
    assert (done.state, record.state, record.kind) == ("recommended", "recommended", "association")
    assert (record.opinion, record.signed_at, record.signed_by) == (freelancers.SEALED["opinion"], AT, None)
    assert record.publicised["unit"] == "自由职业者"
    assert record.publicised_at == clock.end_of(dt.date(2026, 7, 16))
    snapshot = done.review.snapshot
    assert snapshot == record.snapshot
    assert snapshot.is_intact
    assert [one["paper"] for one in snapshot.content["scans"]] == SealedPaper.values
    assert snapshot.files.filter(item_code="sealed").count() == 3
    items = {item.key: item for item in checklist.items_of(snapshot, done.entry.committee)}
    assert [file.label for file in items["sealed"].files] == [paper.label for paper in SealedPaper]
    assert (items["sealed"].basis, "纸质推荐" in items["law:association"].title) == ("R-084", True)
    assert "比对" in items["sealed"].hint
    assert not {"applications.employer_window", "applications.individual_window"} & setting.kinds_waiting(done)
    assert Notification.objects.filter(kind="applications.sealed_handed_in", organisation=association).exists()


@pytest.mark.rule("R-084", "A-05", "A-04", "R-073", "R-082", "R-024")
@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"notice_until": "2026-07-15"}, ["notice_too_short"]),
        ({"notice_since": "2026-07-10", "notice_until": "2026-07-17", "sealed_on": "2026-07-18"}, []),
        ({"notice_since": "2026-07-13", "notice_until": "2026-07-20"}, ["notice_not_over", "sealed_too_early"]),
        ({"notice_since": "2026-07-01", "notice_until": "2026-07-10"}, ["notice_too_early"]),
        ({"sealed_on": "2026-07-16"}, ["sealed_too_early"]),
        ({"sealed_on": "2026-07-21"}, ["sealed_in_future"]),
        ({"opinion": ""}, ["field_missing"]),
        ({"notice_since": "2025-03-02"}, ["association_not_recognised", "notice_too_early"]),
    ],
)
def test_notice_and_seal_stand_in_their_order(row, association, who, told, codes) -> None:
    application = freelancers.filled(row, who, association, on_paper=True)
    freelancers.seal(application, who, **told)
    assert against(application) == codes


@pytest.mark.rule("R-083", "R-084")
def test_each_of_the_three_scans_is_asked_for(row, association, who) -> None:
    application = freelancers.filled(row, who, association, on_paper=True)
    assert against(application) == ["field_missing"] * 4 + ["scan_missing"] * 3
    freelancers.seal(application, who)
    application.scans.filter(paper=SealedPaper.PUBLICITY).delete()
    with pytest.raises(StepRefused) as refusal:
        submit(application, who)
    assert [(one.code, one.basis) for one in refusal.value.reasons] == [("scan_missing", "R-084")]


@pytest.mark.rule("R-024")
def test_on_paper_it_is_submitted_in_the_persons_own_window(sealed, who) -> None:
    with pytest.raises(Refusal):
        submit(sealed, who, dt.datetime(2026, 7, 29, 0, 0, tzinfo=clock.BEIJING))


# --- Corrections on paper -------------------------------------------------------------------------
RETURNED_AT = dt.datetime(2026, 8, 10, 10, 0, tzinfo=clock.BEIJING)
AGAIN_AT = dt.datetime(2026, 8, 20, 10, 0, tzinfo=clock.BEIJING)


@pytest.fixture
def returned(at: Callable[[dt.datetime], None], sealed: Application, who: Actor) -> Application:
    application = submit(sealed, who)
    at(RETURNED_AT)
    clerk, lead = applications.agency_clerk_of(application), applications.agency_lead_of(application)
    review = checking.take(application.review, by=clerk, at=RETURNED_AT)
    items = checklist.items_of(review.snapshot, review.committee)
    found = {item.key: checking.Found(Verdict.FINE) for item in items}
    found["sealed"] = checking.Found(Verdict.DEFECT, "公示材料扫描件公章不清晰，请重新盖章扫描", "R-084")
    checking.find(review, found, by=clerk, at=RETURNED_AT)
    deciding.return_once(checking.propose(review, Proposal.RETURN, by=clerk, at=RETURNED_AT), by=lead, at=RETURNED_AT)
    return Application.objects.with_all().get(pk=application.pk)


@pytest.mark.rule("R-078", "A-16")
def test_a_correction_is_sealed_again_and_goes_back_the_same_way(at, returned, who) -> None:
    at(AGAIN_AT)
    assert against(returned, AGAIN_AT) == ["scan_outdated", "scan_outdated", "sealed_before_return"]
    freelancers.seal(returned, who, at=AGAIN_AT, sealed_on="2026-08-18")
    done = submitting.resubmit(returned, commitment=True, by=who, at=AGAIN_AT)
    assert (done.state, done.recommendation.state) == ("under_second_review", "recommended")
    assert done.recommendation.snapshot.number == 2
    assert done.review.snapshot == done.recommendation.snapshot
    with pytest.raises(Refusal):
        associating.choose(done, None, by=who, at=AGAIN_AT)


@pytest.mark.rule("A-09", "R-078")
def test_publicised_content_that_changed_is_publicised_anew(at, returned, who) -> None:
    at(AGAIN_AT)
    sheet = returned.sheets.get(kind=SheetKind.SUMMARY)
    changed = {"achievement": "独立完成动画短片两部，获行业展映。"}
    drafting.save_sheet(returned, SheetKind.SUMMARY, changed, based_on=sheet.versions, by=who, at=AGAIN_AT)
    freelancers.seal(returned, who, at=AGAIN_AT, sealed_on="2026-08-19")
    assert against(returned, AGAIN_AT) == ["notice_before_return"]
    again = {"notice_since": "2026-08-11", "notice_until": "2026-08-18", "sealed_on": "2026-08-19"}
    freelancers.seal(returned, who, at=AGAIN_AT, **again)
    done = submitting.resubmit(returned, commitment=True, by=who, at=AGAIN_AT)
    assert done.recommendation.publicised["achievements"].startswith("独立完成动画短片两部")
