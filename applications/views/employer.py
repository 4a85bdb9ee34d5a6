"""The employer's desk: the queue, and one person's file."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from applications import rules
from applications.domain import publicising, queries, reading, receiving, standing
from applications.enums import STILL_TO_BE_PUBLICISED, RecommendationState
from applications.interfaces.filters import QueueFilter
from applications.models import Recommendation, Snapshot
from portal.deadlines.terms import term_of
from portal.http import searching
from portal.http.views import PortalView, SubjectMixin
from portal.publicity.domain import posting

PEOPLE_A_PAGE = 20
# With whom something can be done for many at once.
SELECTABLE = STILL_TO_BE_PUBLICISED | {RecommendationState.PUBLICISED}


class Queue(PortalView):
    access = rules.recommends
    template_name = "applications/employer/queue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = QueueFilter(request.GET, searching.words_of(request))
        counts = queries.counts(self.actor)
        rows = queries.queue(self.actor, **form.wanted)
        paginator = Paginator(rows, PEOPLE_A_PAGE)
        if form.is_by_state_only:
            paginator.count = form.number_in(counts)
        page = paginator.get_page(request.GET.get("page"))
        dues = standing.dues_of(page.object_list)
        return self.page(
            filter_form=form,
            tabs=form.tabs(counts),
            page=page,
            rows=[(one, dues.get(one.application_id)) for one in page],
            posting_until=queries.first_posting_limit(self.actor),
            most=publicising.MOST_ON_ONE_NOTICE,
            is_selected=request.GET.get("select") == "page",
            selectable=SELECTABLE,
            may_sign=rules.heads_recommender.test(self.actor),
        )


class Search(PortalView):
    """Takes the name that is looked for in the body, so that it stands in no address."""

    access = rules.recommends
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        chosen = QueueFilter(request.POST).cleaned_data
        query = {**chosen, "found": searching.keep(request, request.POST.get("words", ""))}
        told = urlencode({name: value for name, value in query.items() if value})
        return HttpResponseRedirect(f"{reverse('applications:queue')}?{told}")


class OwnFile(SubjectMixin):
    access = rules.recommends
    subject: Recommendation

    def visible(self) -> Any:
        return queries.queue(self.actor)

    @property
    def snapshot(self) -> Snapshot | None:
        """What the employer looks at; None while the person edits."""
        return self.subject.application.snapshots.filter(discarded_at=None).order_by("-number").first()


class File(OwnFile):
    """Everything about one person that the employer may see, and what can be done now."""

    template_name = "applications/employer/file.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        one, snapshot = self.subject, self.snapshot
        due = standing.due_of(one)
        return self.page(
            recommendation=one,
            application=one.application,
            steps=standing.steps_of(one, by=self.actor, at=self.at),
            due=due,
            due_term=term_of(due) if due else None,
            history=standing.history_of(one),
            objections=standing.objections_to(one),
            mine=self.actor.organisation,
            **self._content(one, snapshot),
            **self._notice(one),
        )

    def _content(self, one: Recommendation, snapshot: Snapshot | None) -> dict[str, Any]:
        if snapshot is None:
            return {}
        checks = standing.checks_of(one, snapshot)
        return {
            "snapshot": snapshot,
            "parts": reading.parts_of(snapshot.content),
            "progress": standing.progress_of(snapshot, checks),
            "wrong": [check for check in checks.values() if not check.is_right],
            "may_check": one.state in receiving.CHECKED_IN,
        }

    def _notice(self, one: Recommendation) -> dict[str, Any]:
        if one.notice is None:
            return {}
        end = posting.end_of(one.notice)
        return {
            "notice": one.notice,
            "end": end,
            "term": term_of(end) if end else None,
            "line": standing.line_of(one),
            "is_provable": bool(one.notice.proof) and one.state != RecommendationState.HELD,
        }
