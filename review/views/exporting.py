"""The agency's desk: the queue as a file."""

import tempfile

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from portal.shared import clock
from review.domain import exporting
from review.interfaces import sheets
from review.interfaces.columns import needs_of
from review.views.queueing import Narrowed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export(Narrowed):
    """What the filter leaves, with the columns that the person sees; asked for by a button, as each time is recorded."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        columns, file = self.columns, tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with tempfile.TemporaryDirectory() as folder:
            exporting.export(
                self.wanted,
                [column.key for column in columns],
                lambda rows: sheets.write(rows, columns, file, at=self.at, folder=folder),
                needs=needs_of(columns),
                has_personal=any(column.is_personal for column in columns),
                by=self.actor,
                at=self.at,
            )
        file.seek(0)
        name = f"reviews-{self.at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
