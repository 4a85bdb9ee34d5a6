"""The employer's desk: recommending many with one opinion, and what became of everybody in a batch."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from applications import rules
from applications.domain import batches, queries, receiving
from applications.enums import BatchKind, RecommendationState
from applications.interfaces.employer_forms import ManyOpinionsForm
from applications.models import Batch as BatchRow
from applications.views.employer_publicising import ForMany
from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal

# Each person's own opinion adds two boxes to the page; beyond so many the common one holds, or the person's own page.
MOST_WITH_OWN_WORDS = 100


class RecommendMany(ForMany, ChangeView):
    """One opinion for many, each of whom may have words of their own."""

    template_name = "applications/employer/recommend_many.html"
    of_states = frozenset({RecommendationState.PUBLICISED, RecommendationState.RECHECKING})

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self.form(request.POST)
        if not self.may_sign:
            return self.show(form)
        if not form.is_valid():
            return self.show(form)
        try:
            batch = batches.ask_to_recommend(self.people, form.given, form.own(self.people), by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(reverse("applications:batch", args=[batch.code]))

    @property
    def may_sign(self) -> bool:
        """Whether the actor heads the organisation."""
        return rules.heads_recommender.test(self.actor)

    def form(self, *data: Any) -> ManyOpinionsForm:
        people = self.people if len(self.people) <= MOST_WITH_OWN_WORDS else []
        snapshots = receiving.present_snapshots(people)
        told = {key: queries.assessments_in(snapshot) for key, snapshot in snapshots.items()}
        return ManyOpinionsForm(*data, people=people, told=told)

    def show(self, form: ManyOpinionsForm) -> HttpResponseBase:
        return self.page(
            status=HTTPStatus.OK if self.may_sign else HTTPStatus.FORBIDDEN,
            form=form,
            people=self.people,
            passed_over=self.passed_over,
            is_too_many=len(self.people) > batches.MOST,
            most=batches.MOST,
        )


class Batch(SubjectMixin):
    """What became of everybody: done, or the reasons."""

    access = rules.recommends
    template_name = "applications/employer/batch.html"
    subject: BatchRow

    def visible(self) -> Any:
        return BatchRow.objects.at(self.actor).select_related("notice", "person")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        items = list(self.subject.items.select_related("recommendation__application__applicant").order_by("pk"))
        return self.page(
            batch=self.subject,
            items=items,
            done=sum(item.is_done for item in items) if not self.subject.reasons else 0,
            left=[item for item in items if item.reasons],
            handled=sum(item.handled_at is not None for item in items),
            is_notice=self.subject.kind == BatchKind.PUBLICISE,
        )
