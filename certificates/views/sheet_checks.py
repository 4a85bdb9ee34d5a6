"""Employers check many certificates at once; the answers are shown, handed out as a sheet, and not kept."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from certificates.interfaces import check_sheets
from certificates.interfaces.check_sheets import Line
from certificates.interfaces.checking_forms import SheetForm
from portal.accounts.rules import employer
from portal.http.views import PortalView, show_refusal
from portal.shared.errors import Reason, Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Template(PortalView):
    """An empty sheet with the headings."""

    access = employer

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return _download(check_sheets.template(), "certificates.xlsx")


class CheckSheet(PortalView):
    access = employer
    template_name = "certificates/public/check_sheet.html"
    may_send_sheets = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=SheetForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form=form)
        file = form.cleaned_data["file"]
        try:
            lines = check_sheets.check_lines(check_sheets.lines_in(file, file.name), by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        return self.page(lines=lines, counts=_counts(lines), sealed=check_sheets.sealed(lines, self.actor))


class Results(PortalView):
    """The answers as a sheet, from what the page of answers hands back: nothing is checked a second time."""

    access = employer

    def post(self, request: HttpRequest) -> HttpResponseBase:
        lines = check_sheets.unsealed(request.POST.get("answers", ""), self.actor)
        if lines is None:
            raise Refusal([Reason(_("查验结果已过期，请重新上传查验。"), code="answers_expired")])
        return _download(check_sheets.written(lines), f"checked-{self.at:%Y%m%d-%H%M}.xlsx")


def _counts(lines: list[Line]) -> list[tuple[str, str, int]]:
    """Return each result with its tone and how many lines have it, the most frequent first."""
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        seen[line.result, line.tone] = seen.get((line.result, line.tone), 0) + 1
    return [(result, tone, count) for (result, tone), count in sorted(seen.items(), key=lambda one: -one[1])]
