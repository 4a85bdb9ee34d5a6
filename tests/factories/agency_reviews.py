"""Agency reviews that reached a state by the real steps; dull on purpose."""

import datetime as dt

from applications.models import Application
from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from review.domain import checking, checklist, deciding, passing
from review.domain.checking import Found
from review.enums.checking import Ground, Proposal, Verdict
from review.models import AgencyReview
from tests.factories import applications

REASON = "所列业绩与申报专业无关，不符合申报条件。"
THREE_WEEKS = dt.timedelta(days=21)


def fresh(review: AgencyReview) -> AgencyReview:
    return AgencyReview.objects.with_all().get(pk=review.pk)


def clerk_of(review: AgencyReview) -> Actor:
    return applications.agency_clerk_of(review.application)


def lead_of(review: AgencyReview) -> Actor:
    return applications.agency_lead_of(review.application)


def queued(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = applications.NOW) -> AgencyReview:
    """Return a review that arrived two weeks after ``at``."""
    return AgencyReview.objects.with_all().get(application=applications.recommended(entry, by, at=at))


def taken(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = applications.NOW) -> AgencyReview:
    """Return a review that the agency's clerk took three weeks after ``at``."""
    review = queued(entry, by, at=at)
    return fresh(checking.take(review, by=clerk_of(review), at=at + THREE_WEEKS))


def found(review: AgencyReview, defects: dict[str, str] | None = None, *, at: dt.datetime) -> AgencyReview:
    """Decide every item: right, but for ``defects``, which are texts by the item's key."""
    told = defects or {}
    items = checklist.items_of(review.snapshot, review.committee)
    decided = {
        item.key: Found(Verdict.DEFECT, told[item.key], item.basis) if item.key in told else Found(Verdict.FINE)
        for item in items
    }
    checking.find(review, decided, by=clerk_of(review), at=at)
    return fresh(review)


def proposed(
    entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = applications.NOW, kind: str = Proposal.PASS
) -> AgencyReview:
    """Return a review that waits for the lead, three weeks after ``at``."""
    later = at + THREE_WEEKS
    defects = {"summary": "请在工作总结中补充业绩说明"} if kind == Proposal.RETURN else {}
    review = found(taken(entry, by, at=at), defects, at=later)
    why = {"reason": REASON, "basis": Ground.CONDITIONS.value} if kind == Proposal.REJECT else {}
    return fresh(checking.propose(review, kind, **why, by=clerk_of(review), at=later))


def passed(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = applications.NOW) -> Application:
    """Return an application that the agency passed three weeks after ``at``."""
    review = proposed(entry, by, at=at)
    passing.pass_review(review, by=lead_of(review), at=at + THREE_WEEKS)
    return Application.objects.get(pk=review.application_id)


def rejected(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = applications.NOW) -> Application:
    """Return an application that the agency rejected three weeks after ``at``."""
    review = proposed(entry, by, at=at, kind=Proposal.REJECT)
    deciding.reject(review, by=lead_of(review), at=at + THREE_WEEKS)
    return Application.objects.get(pk=review.application_id)
