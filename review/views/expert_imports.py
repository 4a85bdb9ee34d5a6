"""The agency's desk: many experts by a sheet, judged row by row, shown, and taken over once confirmed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.rules import agency
from portal.http.bodies import XLSX
from portal.http.papers import sent
from portal.http.views import PortalView, SubjectMixin
from review.domain import expert_importing
from review.interfaces import expert_sheets
from review.interfaces.expert_forms import SheetForm
from review.models import ExpertImport
from review.views.defence_rounds import AgencyForm

MOST_FAULTS = 100


class Template(PortalView):
    """An empty sheet with the headings."""

    access = agency

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return sent(expert_sheets.template(), XLSX, "experts.xlsx")


class Import(AgencyForm):
    """Upload: every fault is listed with row and column; a sheet without faults goes on to its preview."""

    template_name = "review/experts/import.html"
    heading = _("导入评审专家")
    rule = "R-161"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.faults: list[Any] = []

    @property
    def own(self) -> Organisation:
        """The agency whose pool it is."""
        assert self.actor.organisation is not None  # noqa: S101 - staff of an agency act for one
        return self.actor.organisation

    def form(self, *data: Any) -> SheetForm:
        return SheetForm(data[0], self.request.FILES) if data else SheetForm()

    def act(self, form: SheetForm) -> ExpertImport | None:
        file = form.cleaned_data["file"]
        sheet = expert_sheets.judged(file, self.own, by=self.actor, at=self.at)
        self.faults = sheet.faults
        if self.faults:
            return None
        return expert_importing.keep(self.own, sheet.lines, file_name=file.name, by=self.actor, at=self.at)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        return self.show(SheetForm()) if self.faults else response

    def next_address(self, done: ExpertImport | None) -> str:
        if done is None:
            return reverse("review:expert_import")
        return reverse("review:expert_import_preview", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("review:experts")

    def show(self, form: Any) -> HttpResponseBase:
        return self.page(
            form=form,
            cancel_address=self.cancel_address(),
            faults=self.faults[:MOST_FAULTS],
            fault_count=len(self.faults),
        )


class Preview(SubjectMixin, AgencyForm):
    """Who would be named; confirming names them."""

    access = agency
    template_name = "review/experts/import_preview.html"
    heading = _("确认导入")
    rule = "R-161"

    def visible(self) -> QuerySet[ExpertImport]:
        return ExpertImport.objects.waiting(self.actor)

    def form(self, *data: Any) -> Form:
        return Form(*data)

    def act(self, form: Form) -> Any:
        made = expert_importing.take_over(self.subject, by=self.actor, at=self.at)
        messages.success(self.request, gettext("已推荐%(n)s人，等待本人同意。") % {"n": len(made)})
        return made

    def next_address(self, done: Any) -> str:
        return reverse("review:experts")

    def cancel_address(self) -> str:
        return reverse("review:experts")

    @property
    def lines(self) -> list[expert_importing.Line]:
        """Who stands on the sheet."""
        return expert_importing.lines_kept(self.subject)
