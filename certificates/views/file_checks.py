"""Holding a file against what the portal issued, by anybody; the file is judged and forgotten."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from certificates.domain.file_checks import check_file
from certificates.interfaces import answers, asking, file_answers
from certificates.interfaces.checking_forms import FileForm
from portal.accounts.rules import anyone
from portal.http.limits import count_against
from portal.http.views import PortalView, show_refusal
from portal.shared.errors import Refusal


class CheckFile(PortalView):
    access = anyone
    template_name = "certificates/public/check_file.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=FileForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form=form)
        try:
            count_against(request, asking.FILES, per_hour=asking.FILES_AN_HOUR)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form)
        found = check_file(form.cleaned_data["file"].read(), by=self.actor, at=self.at)
        answer = found.answer
        return self.page(
            found=found,
            kind=file_answers.kind_of(found),
            sealed_when=file_answers.sealed_when(found),
            answer=answer,
            verdict=answers.verdict_of(answer) if answer else "",
            tone=answers.tone_of(answer) if answer else "",
            rows=answers.rows_of(answer) if answer else [],
        )
