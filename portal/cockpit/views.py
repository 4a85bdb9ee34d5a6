"""The pages of the cockpit: one report each, a table as a file, and the list behind a number."""

from functools import cached_property

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from portal.cockpit import lists, rules, sheets
from portal.cockpit.filters import ReportForm, ScopeForm
from portal.cockpit.reports import REPORTS, Report
from portal.cockpit.tables import WHAT, Table
from portal.http.views import PortalView
from portal.shared import clock
from review.rules import oversees

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FUNNEL = "funnel"


class Scoped(PortalView):
    """A page about what the filter in the address leaves."""

    access = rules.watches

    @cached_property
    def report(self) -> Report:
        """The report that the address names."""
        found = REPORTS.get(self.kwargs.get("report", FUNNEL))
        if found is None:
            raise Http404
        return found

    @cached_property
    def form(self) -> ReportForm:
        """What was chosen."""
        return ReportForm(self.request.GET, self.at, is_grouped=self.report.is_grouped)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of the report."""
        return self.report.build(self.form.scope, self.form.by, self.at)


class Show(Scoped):
    template_name = "cockpit/report.html"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        return self.page(report=self.report, reports=REPORTS.values(), tables=self.tables, filter_form=self.form)


class Funnel(Show):
    """The first report, at the address to which the desk leads."""


class Sheet(Scoped):
    """One table as a file; it holds numbers, and nobody's data."""

    def get(self, request: HttpRequest, report: str, table: str) -> HttpResponseBase:
        found = next((one for one in self.tables if one.key == table), None)
        if found is None:
            raise Http404
        content = sheets.written(found, self.form.said, self.at)
        name = f"{report}-{table}-{self.at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=XLSX, headers=disposition)


class Behind(PortalView):
    """What stands behind a number."""

    access = rules.watches
    template_name = "cockpit/behind.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = ScopeForm(request.GET, self.at)
        try:
            found = lists.behind(form.scope, request.GET.get(WHAT, ""), self.at)
        except LookupError as unknown:
            raise Http404 from unknown
        page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
        return self.page(
            title=found.words,
            page=page,
            lines=[found.told(one) for one in page.object_list],
            scope=form.words,
            opens_files=oversees.test(self.actor),
        )
