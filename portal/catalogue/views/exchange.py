"""The bureau's desk: rows out to Excel, and back in after a preview of what would change."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.catalogue.domain import importing as domain
from portal.catalogue.domain.rows import Changes, locked_for_preparation
from portal.catalogue.interfaces import importing, sheets
from portal.catalogue.interfaces.forms import ImportForm
from portal.catalogue.models import RowImport
from portal.catalogue.views.editions import EditionMixin
from portal.catalogue.views.rows import EditionPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export(EditionMixin):
    """The rows of the revision in hand as a sheet that can be imported again."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        rows = self.subject.entries.working().with_all().order_by("specialty__code", "-level__rank", "pk")
        response = HttpResponse(sheets.write(rows), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{self.subject.code}.xlsx"'
        return response


class Import(EditionPage):
    """Upload: every fault is listed with row and column; a sheet without faults goes on to its preview."""

    template_name = "catalogue/bureau/import.html"
    heading = _("导入目录")
    button = _("上传并检查")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.faults: list[sheets.Fault] = []

    def form(self, *data: Any) -> Any:
        return ImportForm(*data)

    def act(self, form: Form) -> RowImport | None:
        locked_for_preparation(self.subject)
        file = form.cleaned_data["file"]
        lines = sheets.read(file)
        self.faults = importing.understand(self.subject, lines).faults
        if self.faults:
            return None
        plain = [importing.as_plain(line) for line in lines]
        is_complete = form.cleaned_data["is_complete"]
        return domain.keep(self.subject, plain, file_name=file.name, is_complete=is_complete, by=self.actor, at=self.at)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        return self.show(ImportForm()) if self.faults else response

    def next_address(self, done: RowImport | None) -> str:
        return reverse("catalogue:edition:import_preview", args=[self.subject.code, done.code]) if done else ""

    def beside(self) -> dict[str, Any]:
        shown = self.faults[: sheets.MOST_FAULTS]
        return {**super().beside(), "faults": shown, "fault_count": len(self.faults)}


class Preview(EditionPage):
    """What the kept sheet would change; confirming takes it over."""

    template_name = "catalogue/bureau/import_preview.html"
    heading = _("确认导入")
    button = _("确认导入")
    done_message = _("已导入。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = self.kept_sheets().filter(code=kwargs["sheet"]).first()
        if found is None:
            raise Http404
        self.kept = found

    def kept_sheets(self) -> QuerySet[RowImport]:
        """Return the sheets that this person uploaded and has not taken over yet."""
        return RowImport.objects.filter(edition=self.subject, uploaded_by=self.actor.person, applied_at=None)

    def form(self, *data: Any) -> Any:
        return Form(*data[:1])

    def act(self, form: Form) -> None:
        domain.take_over(self.kept, self.changes(), by=self.actor, at=self.at)

    def changes(self) -> Changes:
        """Return what the sheet changes, judged anew against the rows as they stand."""
        lines = [sheets.SheetRow(**row) for row in self.kept.rows]
        understood = importing.understand(self.subject, lines)
        if understood.faults:
            raise sheets.refused_by(understood.faults)
        return importing.changes_of(understood, is_complete=self.kept.is_complete)

    def beside(self) -> dict[str, Any]:
        return {**super().beside(), "kept": self.kept, "changes": self.changes()}
