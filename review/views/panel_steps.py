"""The expert's desk: handing in, ending the hearing, keeping out of a case, and opening a file that staff looked through."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.http.once import key_of
from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Refusal
from review.domain import attending, blind_files, opining, recusing
from review.interfaces.defence_forms import RecusalForm
from review.views.panel_desk import OnPanel


class PanelForm(OnPanel, ChangeView):
    """A confirmation or a short form about one person."""

    template_name = "review/panel/form.html"
    heading: Any = ""
    explanation: Any = ""
    form_class: Any = None
    done_message: Any = ""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            self.act(form)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, self.done_message)
        return HttpResponseRedirect(self.next_address())

    def form(self, *data: Any) -> Any:
        return RecusalForm(*data)

    def act(self, form: Any) -> None:
        """Do it with one call of the domain."""
        raise NotImplementedError

    def next_address(self) -> str:
        return self.own_address

    def show(self, form: Any) -> HttpResponseBase:
        """Return the page."""
        return self.page(form=form, defence=self.subject)


class Plain(PanelForm):
    """A confirmation without fields."""

    def form(self, *data: Any) -> Any:
        return Form(*data)


class HandIn(Plain):
    heading = gettext_lazy("提交评议意见")
    explanation = gettext_lazy("提交后评分和意见不能再修改。")
    done_message = gettext_lazy("意见已提交。")

    def act(self, form: Any) -> None:
        opining.hand_in(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Complete(Plain):
    heading = gettext_lazy("完成答辩")
    explanation = gettext_lazy("评议组专家均已提交意见，确认本场答辩完成。")
    done_message = gettext_lazy("答辩已完成。")

    def act(self, form: Any) -> None:
        attending.complete(self.subject, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return reverse("review:panel_desk")


class Recuse(PanelForm):
    heading = gettext_lazy("提出回避")
    explanation = gettext_lazy("提出后不再向您展示这份材料，由评审服务机构调整评议组。")
    done_message = gettext_lazy("已回避。")

    def act(self, form: Any) -> None:
        recusing.declare(self.subject, **form.cleaned_data, by=self.actor, at=self.at)

    def next_address(self) -> str:
        return reverse("review:panel_desk")


class Evidence(OnPanel):
    """One file that staff looked through, as bare pages under a number."""

    def get(self, request: HttpRequest, code: str, file: str) -> HttpResponseBase:
        blind = self.subject.blind_files.filter(code=file).select_related("file").first()
        if blind is None:
            raise Http404
        try:
            shown = blind_files.opened(blind, by=self.actor, at=self.at)
        except Refusal as refusal:
            messages.warning(request, " ".join(str(reason.text) for reason in refusal.reasons))
            return HttpResponseRedirect(self.own_address)
        response = HttpResponse(shown.content, content_type=shown.media_type)
        response["Content-Disposition"] = f'attachment; filename="{shown.name}"'
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
