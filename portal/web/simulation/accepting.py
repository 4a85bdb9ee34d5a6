"""Results before the bureau and the public: reported, accepted by another, publicised, objected to."""

import datetime as dt

from applications.enums import ApplicationState
from applications.models import Application
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.publicity.domain import objecting
from portal.web.simulation import evidence, recommending, voting
from portal.web.simulation.season import Block
from portal.web.simulation.staffing import Cast, Desk
from portal.web.simulation.stories import Ending, Story
from review.domain import accepting, result_notices
from review.domain.acceptance_papers import PURPOSE
from review.enums.sitting import SessionState
from review.models import ResultAcceptance

CONTACT = "市人力资源社会保障局，电话12333"


def report(block: Block, desk: Desk, *, at: dt.datetime) -> None:
    """Report the block's signed session with the agency's work report."""
    session = voting.session_of(block, desk)
    if session is None or session.state != SessionState.SIGNED:
        return
    content = evidence.paper(f"{session.committee.name}{session.title}工作报告：程序合规，材料齐全。")
    paper = keep(content, name="工作报告.pdf", purpose=PURPOSE, kind=Kind.PDF, owner=session.committee.agency, at=at)
    accepting.report(session, paper=paper, statement="程序合规。", by=desk.office.clerk, at=at)


def accept(block: Block, desk: Desk, cast: Cast, *, at: dt.datetime) -> None:
    """Take the batch as the clerk, accept it as the lead, and post the list the same day."""
    session = voting.session_of(block, desk)
    batch = ResultAcceptance.objects.with_all().filter(session=session).first() if session is not None else None
    if batch is None:
        return
    taken = accepting.take(batch, by=cast.clerk, at=at)
    accepted = accepting.accept(taken, by=cast.lead, at=at)
    if result_notices.to_be_shown(accepted):
        result_notices.post(accepted, contact=CONTACT, by=cast.clerk, at=at)


def object_to(application: Application, story: Story, *, at: dt.datetime) -> None:
    """Let somebody object to a result on the running list, where the story says so."""
    is_objected = story.objected_to_result or story.ending is Ending.RESULT_STRUCK
    if is_objected and application.state == ApplicationState.IN_RESULT_NOTICE:
        recommending.object_to(application, at=at)


def answer(application: Application, story: Story, desk: Desk, cast: Cast, *, at: dt.datetime) -> None:
    """Let the agency look into an objection and hand it up; the bureau decides."""
    for objection in recommending.open_objections(application):
        looked_into = objecting.accept(objection, by=desk.office.clerk, at=at)
        handed_up = objecting.escalate(looked_into, by=desk.office.clerk, at=at)
        upheld = story.ending is Ending.RESULT_STRUCK
        recommending.decide(handed_up, cast.clerk, cast.lead, upheld=upheld, at=at)
