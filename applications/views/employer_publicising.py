"""The employer's desk: composing a notice for one or many, seeing it as it will be shown, posting it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from applications import rules
from applications.domain import batches, composing, publicising, queries
from applications.domain.composing import Preview
from applications.enums import STILL_TO_BE_PUBLICISED
from applications.interfaces.employer_forms import NoticeForm
from applications.interfaces.filters import QueueFilter
from applications.models import Recommendation
from applications.views.employer import OwnFile
from portal.http import searching
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, show_refusal
from portal.shared.errors import Refusal, StepNotPermitted
from portal.workflow import settle_due

FEW = 20


class ForMany(PortalView):
    """A page for chosen people of the queue: by code, or all that match the filter of the list."""

    access = rules.recommends
    of_states: frozenset[str]
    people: list[Recommendation]
    passed_over: int

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        chosen = self.chosen()
        if len(chosen) <= FEW:
            for one in chosen:
                settle_due(one, self.at)
            chosen = self.chosen()
        self.people = [one for one in chosen if one.state in self.of_states]
        self.passed_over = len(chosen) - len(self.people)

    def chosen(self) -> list[Recommendation]:
        """Return whom the person chose among those of the organisation, one more than can be handled at once."""
        data = self.request.POST or self.request.GET
        if data.get("all"):
            rows = queries.queue(self.actor, **QueueFilter(data, searching.words_of(self.request)).wanted).filter(
                state__in=self.of_states
            )
        else:
            rows = queries.queue(self.actor).filter(code__in=data.getlist("code")[: batches.MOST + 1])
        return list(rows.exclude(code__in=data.getlist("without"))[: batches.MOST + 1])


class Composing(ChangeView):
    """What one and many have in common: preview, and post as it was previewed."""

    template_name = "applications/employer/publicise.html"

    def show(self, form: NoticeForm, people: Sequence[Recommendation], status: int = 200) -> HttpResponseBase:
        lines = composing.previews(people, by=self.actor, at=self.at)
        blocked = [line for line in lines if line.reasons]
        return self.page(
            status=status,
            form=form,
            lines=lines,
            blocked=blocked,
            is_ready=bool(lines) and not blocked and len(lines) <= batches.MOST,
            is_previewed=form.is_bound and form.is_valid(),
            most=batches.MOST,
            term=composing.period(people[0], self.at) if people else None,
            **self.beside(lines),
        )

    def form(self, data: Any = None) -> NoticeForm:
        return NoticeForm(data, initial={"contact": composing.usual_contact(self.actor.organisation)})

    def beside(self, lines: Sequence[Preview]) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}


class Publicise(OwnFile, Composing):
    """A notice for one person."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form(), [self.subject])

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid() or request.POST.get("go") != "post":
            return self.show(form, [self.subject])
        try:
            notice = publicising.publicise(
                [self.subject], by=self.actor, at=self.at, key=key_of(request), **form.cleaned_data
            )
        except StepNotPermitted:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form, [self.subject])
        return HttpResponseRedirect(reverse("publicity:own_notice", args=[notice.code]))

    def beside(self, lines: Sequence[Preview]) -> dict[str, Any]:
        return {"back": reverse("applications:file", args=[self.subject.code])}


class PubliciseMany(ForMany, Composing):
    """One notice for many: all or nobody, with the way to leave out whoever blocks it."""

    of_states = STILL_TO_BE_PUBLICISED

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(self.form(), self.people)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self.form(request.POST)
        lines = composing.previews(self.people, by=self.actor, at=self.at)
        if request.POST.get("go") == "without_blocked":
            self.people = [line.recommendation for line in lines if not line.reasons]
        if not form.is_valid() or request.POST.get("go") != "post" or any(line.reasons for line in lines):
            return self.show(form, self.people)
        try:
            batch = batches.ask_to_publicise(self.people, by=self.actor, at=self.at, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form, self.people)
        if batch.notice is not None:
            return HttpResponseRedirect(reverse("publicity:own_notice", args=[batch.notice.code]))
        return HttpResponseRedirect(reverse("applications:batch", args=[batch.code]))

    def beside(self, lines: Sequence[Preview]) -> dict[str, Any]:
        return {"back": reverse("applications:queue"), "is_for_many": True, "passed_over": self.passed_over}
