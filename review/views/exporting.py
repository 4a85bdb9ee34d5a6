"""The agency's desk: the queue as a file."""

import tempfile
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.documents.sheets import KEPT_FOR
from portal.http.views import SubjectMixin
from portal.shared import clock
from review import rules
from review.domain import exporting
from review.interfaces import sheets
from review.models import QueueExport
from review.views.queueing import Narrowed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export(Narrowed):
    """What the filter leaves, with the columns that the person sees; asked for by a button, as each time is recorded."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if exporting.is_long(self.actor, self.wanted):
            keys = [column.key for column in self.columns]
            asked = exporting.ask(self.wanted, keys, by=self.actor, at=self.at)
            return HttpResponseRedirect(reverse("review:exported", args=[asked.code]))
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        sheets.written(self.wanted, self.columns, file, by=self.actor, at=self.at)
        file.seek(0)
        name = f"reviews-{self.at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


class Exported(SubjectMixin):
    """A long sheet: being written, ready, or gone again."""

    access = rules.checks
    template_name = "review/queueing/exported.html"
    subject: QueueExport

    def visible(self) -> Any:
        return QueueExport.objects.of(self.actor).select_related("file")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(export=self.subject, kept_days=KEPT_FOR.days, status=HTTPStatus.OK)
