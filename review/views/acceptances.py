"""Results before the bureau on the desks of agency and bureau: the list, one batch, one person of it."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.accounts.rules import bureau
from portal.http.views import PortalView, SubjectMixin
from portal.workflow import OpenStep, open_steps
from review import rules
from review.domain import acceptance_queries, result_notices
from review.enums.accepting import CASE_TONES, TONES, AcceptanceState, CaseState
from review.interfaces import acceptance_pages as pages
from review.models import AcceptedCase, ResultAcceptance
from review.views.experts import history_words

STEPS = {
    name: f"review:acceptance_{name}"
    for name in ("take", "send_back", "report_again", "accept", "accept_partly", "refuse")
}
CASE_STEPS = {
    name: f"review:result_{name}"
    for name in (
        "release",
        "order_revote",
        "revote_on_appeal",
        "correct_shown",
        "propose_exemption",
        "approve_exemption",
        "decline_exemption",
    )
}
# Where one of these is the reason, the step can never be this person's.
NEVER = frozenset({"may_be_exempted", "was_told_of_failing", "waits_for_a_new_notice"})


class Acceptances(PortalView):
    access = rules.sees_acceptances
    template_name = "review/acceptance/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = acceptance_queries.batches(self.actor)
        found = [(one, TONES[AcceptanceState(one.state)]) for one in rows[:200]]
        is_bureau = pages.sees_checks(self.actor)
        return self.page(rows=found, keeps_quotas=rules.keeps_quotas.test(self.actor), is_bureau=is_bureau)


class OneBatch(SubjectMixin):
    """A page about one batch that the actor's office sees."""

    access = rules.sees_acceptances
    subject: ResultAcceptance

    def visible(self) -> Any:
        return ResultAcceptance.objects.at(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The batch's own page."""
        return reverse("review:acceptance", args=[self.subject.code])


class Show(OneBatch):
    template_name = "review/acceptance/batch.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        batch, is_bureau = self.subject, pages.sees_checks(self.actor)
        found = pages.found_for(batch, self.at) if is_bureau else None
        steps = [one for one in pages.steps_of(batch, found, self.actor, self.at) if one.name in STEPS]
        waiting = result_notices.to_be_shown(batch) if is_bureau else []
        return self.page(
            batch=batch,
            tone=TONES[AcceptanceState(batch.state)],
            steps=[(one, self.page_of(one)) for one in steps],
            rows=pages.rows_of(batch, found),
            checks=pages.checks_of(batch, found) if is_bureau else [],
            papers=batch.papers.select_related("file"),
            promise=pages.promise_of(batch, self.at),
            notices=result_notices.notices_of(batch),
            waiting=len(waiting),
            history=history_words(batch),
            is_bureau=is_bureau,
            measures=pages.measures_after(batch) if is_bureau else "",
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""


class OneResult(SubjectMixin):
    """A page about one person of a batch."""

    access = bureau
    subject: AcceptedCase

    def visible(self) -> Any:
        return AcceptedCase.objects.at(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The person's page."""
        return reverse("review:result", args=[self.subject.code])


class ShowResult(OneResult):
    template_name = "review/acceptance/result.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        case, batch = self.subject, self.subject.acceptance
        steps = [one for one in open_steps(case, by=self.actor, at=self.at) if one.name in CASE_STEPS]
        return self.page(
            case=case,
            tone=CASE_TONES[CaseState(case.state)],
            steps=[(one, self.page_of(one)) for one in steps if self.concerns(one)],
            checks=pages.of_case(case, pages.found_for(batch, self.at)),
            history=history_words(case),
        )

    def concerns(self, step: OpenStep) -> bool:
        """Say whether the step can be this person's: exemptions are for the talent channel (A-12), reviews for who did not pass, corrections for who is shown anew."""
        return all(one.code not in NEVER for one in step.reasons)

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(CASE_STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""
