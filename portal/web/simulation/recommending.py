"""The employer's part: receiving, checking, publicising, objections, the head's signature, refusals, and silence."""

import datetime as dt
from collections.abc import Sequence

from applications.domain import publicising, receiving, recommending
from applications.domain.receiving import Found
from applications.domain.recommending import Opinion
from applications.enums import WITH_THE_EMPLOYER, ApplicationState, RecommendationState, RefusalGround
from applications.models import Application, Recommendation
from portal.accounts.actors import PUBLIC, Actor
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import ObjectionState
from portal.publicity.models import Line, Objection
from portal.web.simulation.people import Employer
from portal.web.simulation.stories import Ending, Story

CONTACT = "人力资源部，电话010-00000000"
SENT_BACK = "工作经历与参保记录起始时间不一致，请核对后重新提交。"
REFUSED = "所列主要成果由其他同事主持完成，与本人作用不符。"
OPINION = Opinion("该同志专业能力突出，业绩真实，同意推荐。", "近三年年度考核均为合格以上", truth=True)
DOUBT = "公示的主要业绩由项目组其他人员完成，本人仅参与辅助工作，可向项目组核实。"
UPHELD = "经核查项目档案，异议所述属实，本人不是主要完成人。"
UNFOUNDED = "经核查项目档案和参与人员，异议所述与事实不符。"


def receive(application: Application, story: Story, employer: Employer, *, at: dt.datetime) -> None:
    """Receive a file the day it came, and send it back or refuse it where the story says so."""
    if application.state != ApplicationState.SUBMITTED or story.ending is Ending.EMPLOYER_SILENT:
        return
    row = receiving.receive(_recommendation(application), by=employer.clerk, at=at)
    if story.ending is Ending.EMPLOYER_REFUSED:
        ground = RefusalGround.UNTRUE
        receiving.refuse(row, ground=ground, reason=REFUSED, by=employer.head, at=at)
    elif story.sent_back:
        receiving.send_back(row, reason=SENT_BACK, by=employer.clerk, at=at)


def check(application: Application, story: Story, employer: Employer, *, at: dt.datetime) -> Recommendation | None:
    """Find everything right in a file that is being checked; None for any other."""
    if application.state not in WITH_THE_EMPLOYER or story.ending is Ending.EMPLOYER_SILENT:
        return None
    row = _recommendation(application)
    if row.state == RecommendationState.PENDING:  # it came again
        row = receiving.receive(row, by=employer.clerk, at=at)
    if row.state != RecommendationState.CHECKING:
        return None
    parts = receiving.present_snapshot(row).content["parts"]
    return receiving.check(row, {part: Found(is_right=True) for part in parts}, by=employer.clerk, at=at)


def publicise(rows: Sequence[Recommendation], employer: Employer, *, at: dt.datetime) -> None:
    """Post one notice with everybody of the employer's who was checked."""
    if rows:
        publicising.publicise(rows, contact=CONTACT, by=employer.clerk, at=at)


def object_to(application: Application, *, at: dt.datetime) -> Objection | None:
    """Let somebody object to the person on a running notice."""
    line = Line.objects.filter(subject_id=application.pk, notice__state="posted").order_by("-pk").first()
    return objecting.lodge(line, Statement(DOUBT), by=PUBLIC, at=at) if line is not None else None


def answer(application: Application, story: Story, employer: Employer, *, at: dt.datetime) -> None:
    """Look into an open objection and decide on it; the clerk investigates and the head decides."""
    for objection in open_objections(application):
        decide(objection, employer.clerk, employer.head, upheld=story.ending is Ending.OBJECTION_UPHELD, at=at)


def decide(objection: Objection, clerk: Actor, lead: Actor, *, upheld: bool, at: dt.datetime) -> None:
    """Investigate as one and decide as another."""
    taken = objecting.accept(objection, by=clerk, at=at)
    step, words = ("find_fatal", UPHELD) if upheld else ("find_unfounded", UNFOUNDED)
    objecting.decide(taken, step, answer=words, by=lead, at=at)


def open_objections(application: Application) -> list[Objection]:
    """Return the objections against the person that nobody decided yet."""
    rows = Objection.objects.filter(line__subject_id=application.pk, state=ObjectionState.RECEIVED)
    return list(rows.select_related("line__notice", "handler").order_by("pk"))


def recommend(application: Application, employer: Employer, *, at: dt.datetime) -> None:
    """Sign for whoever stood the full time clean."""
    row = _recommendation(application)
    if row.state == RecommendationState.PUBLICISED:
        recommending.recommend(row, OPINION, by=employer.head, at=at)


def confirm(application: Application, employer: Employer, *, at: dt.datetime) -> None:
    """Check a corrected file again and confirm the recommendation."""
    row = _recommendation(application)
    if row.state != RecommendationState.RECHECKING:
        return
    check_again = receiving.present_snapshot(row).content["parts"]
    receiving.check(row, {part: Found(is_right=True) for part in check_again}, by=employer.clerk, at=at)
    recommending.recommend(_recommendation(application), OPINION, by=employer.head, at=at)


def _recommendation(application: Application) -> Recommendation:
    return Recommendation.objects.with_all().get(application=application)
