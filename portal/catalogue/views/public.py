"""For everybody: the catalogue by series, specialty and level; the windows as of now; what changed from revision to revision."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.catalogue.conditions import conditions_for
from portal.catalogue.enums import ONCE_PUBLISHED, GuideState, Mode
from portal.catalogue.interfaces.forms import SearchForm
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Edition, Guide, PolicyVersion, Series
from portal.catalogue.queries import (
    condition_changes,
    fee_for,
    policy_in_force,
    schedule_for,
    title_names,
    windows_of,
)
from portal.catalogue.views.policies import grouped
from portal.catalogue.views.rows import PAGE, filtered
from portal.http.views import PortalView, SubjectMixin
from portal.shared import clock


def shown_edition(code: str) -> Edition | None:
    """Return the published edition asked for, or the newest; raises Http404 for an unknown code."""
    public = Edition.objects.public()
    if not code:
        return public.order_by("-year", "is_illustrative", "pk").first()
    found = public.filter(code=code).first()
    if found is None:
        raise Http404
    return found


class Browse(PortalView):
    """The published catalogue, searched and narrowed."""

    access = anyone
    template_name = "catalogue/public/browse.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        edition = shown_edition(request.GET.get("edition", ""))
        form = SearchForm(request.GET)
        rows = CatalogueEntry.objects.public().filter(edition=edition) if edition else CatalogueEntry.objects.none()
        page = Paginator(filtered(rows, form), PAGE).get_page(request.GET.get("page"))
        return self.page(
            edition=edition,
            editions=Edition.objects.public().order_by("-year", "code"),
            filter_form=form,
            rows=page,
            series=self.series_chosen(form),
        )

    def series_chosen(self, form: SearchForm) -> Series | None:
        """Return the series that was chosen, so that the page can say how it is evaluated."""
        return Series.objects.filter(code=form.chosen("series")).first() if form.chosen("series") else None


class Entry(SubjectMixin):
    """One row of a published catalogue: what can be obtained, from whom, when, for how much."""

    access = anyone
    template_name = "catalogue/public/entry.html"

    def visible(self) -> QuerySet[CatalogueEntry]:
        return CatalogueEntry.objects.filter(edition__revision__gte=1).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        entry = self.subject
        schedule = schedule_for(entry)
        policy = self.policy(schedule)
        guide = Guide.objects.filter(committee=entry.committee, state=GuideState.PUBLISHED).first()
        return self.page(
            entry=entry,
            titles=title_names(entry),
            windows=windows_of(schedule, self.at) if schedule else [],
            fee=fee_for(entry.level, policy) if entry.is_reviewable else None,
            guide=guide if entry.committee else None,
            conditions=conditions_for(entry) if entry.is_reviewable else None,
            cutoff=policy.month_day("seniority.cutoff", entry.edition.year),
            is_current=CatalogueEntry.objects.public().filter(pk=entry.pk).exists(),
        )

    def policy(self, schedule: AnnualSchedule | None) -> PolicyVersion:
        """Return the numbers that hold for the row's year, or today's where no window is announced yet."""
        return schedule.policy() if schedule else policy_in_force(clock.day_of(self.at))


class Schedules(PortalView):
    """The windows of every schedule in force, as they stand now."""

    access = anyone
    template_name = "catalogue/public/schedules.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        held = AnnualSchedule.objects.in_force().select_related("edition", "owner").order_by("-individual_opens_at")
        waiting = Series.objects.filter(mode=Mode.POST).order_by("code")
        return self.page(plans=[(plan, windows_of(plan, self.at)) for plan in held], waiting=waiting)


class History(SubjectMixin):
    """The revisions of one edition: what each added and dropped."""

    access = anyone
    template_name = "catalogue/public/history.html"

    def visible(self) -> QuerySet[Edition]:
        return Edition.objects.public()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        edition = self.subject
        revisions = [self.revision(edition, number) for number in range(edition.revision, 0, -1)]
        return self.page(edition=edition, revisions=revisions)

    def revision(self, edition: Edition, number: int) -> dict[str, Any]:
        """Return what revision ``number`` changed; the first lists everything anew and is only counted."""
        rows = edition.entries.with_all().order_by("specialty__code", "-level__rank", "pk")
        if number == 1:
            return {"number": 1, "count": rows.filter(since_revision=1).count()}
        return {
            "number": number,
            "added": rows.filter(since_revision=number),
            "dropped": rows.filter(until_revision=number),
            "conditions": condition_changes(edition, number),
        }


class Policy(SubjectMixin):
    """The numbers of one published policy version with their sources."""

    access = anyone
    template_name = "catalogue/public/policy.html"

    def visible(self) -> QuerySet[PolicyVersion]:
        published = PolicyVersion.objects.filter(state__in=ONCE_PUBLISHED).select_related("successor")
        return published.prefetch_related(Prefetch("values"))

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(version=self.subject, groups=grouped(self.subject))
