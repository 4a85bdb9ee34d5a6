"""A member's score sheet for one case: filled in and saved on the way, handed in once, then what all sheets say."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import dateformat
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.http.views import SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from review import rules
from review.domain import case_papers, score_summaries, scoring
from review.enums.scoring import SheetState
from review.enums.sitting import BEFORE_VOTE
from review.interfaces.scoring_forms import ScoreForm
from review.models import AgendaItem, ScoreSheet
from review.views.session_base import OfItem

VERSION = "_version"


class Sheet(SubjectMixin):
    """The sheet. Saving needs no memory of earlier requests: versions and equal values make it safe to repeat."""

    access = rules.expert
    template_name = "review/session/scores.html"
    subject: AgendaItem

    def visible(self) -> Any:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        is_script = request.headers.get("Accept") == "application/json"
        form = self.form(request.POST)
        if not form.is_valid():
            return _unfit() if is_script else self.show(form)
        typed = request.POST.get(VERSION, "")
        based_on = int(typed) if typed.isascii() and typed.isdigit() else 0
        try:
            saved = scoring.save(self.subject, form.given, based_on=based_on, by=self.actor, at=self.at)
        except Refusal as refusal:
            if is_script:
                return _refused(refusal)
            show_refusal(form, refusal)
            return self.show(form)
        if is_script:
            at = dateformat.format(self.at.astimezone(clock.BEIJING), "H:i")
            return JsonResponse({"saved": at, "version": saved.version})
        if "hand_in" in request.POST:
            return HttpResponseRedirect(reverse("review:item_scores_hand_in", args=[code]))
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(self.own_address)

    @property
    def own_address(self) -> str:
        """The sheet's page."""
        return reverse("review:item_scores", args=[self.subject.code])

    @cached_property
    def sheet(self) -> ScoreSheet | None:
        """The member's sheet, or None where the case is not scored, or not by this member."""
        member, guide = scoring.scorer_of(self.subject, self.actor), scoring.standard_of(self.subject)
        return scoring.sheet_of(self.subject, member, guide) if member is not None and guide is not None else None

    def form(self, *data: Any) -> ScoreForm:
        lines = scoring.lines_of(self.sheet) if self.sheet is not None else []
        return ScoreForm(*data, lines=lines, works=case_papers.works_of(self.subject))

    def show(self, form: ScoreForm) -> HttpResponseBase:
        """Return the sheet to fill in, or as it was handed in with what all sheets say."""
        sheet = self.sheet
        is_fixed = sheet is not None and sheet.state == SheetState.HANDED_IN
        return self.page(
            item=self.subject,
            sheet=sheet,
            form=form,
            is_fixed=is_fixed,
            is_open=self.subject.state in BEFORE_VOTE,
            total=scoring.total_of(form.lines) if is_fixed else None,
            summary=score_summaries.shown_to(self.subject, sheet.member) if sheet is not None and is_fixed else None,
        )


class HandIn(OfItem):
    access = rules.expert
    heading, button, rule = gettext_lazy("提交评分表"), gettext_lazy("提交"), "R-044"
    explanation = gettext_lazy("提交后不能再修改。评分供评议参考，不代替投票；除您本人外，任何人看不到您的评分。")

    def visible(self) -> Any:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    def act(self, form: forms.Form) -> str:
        scoring.hand_in(self.subject, by=self.actor, at=self.at, key=self.key)
        return _("评分表已提交。")

    def next_address(self) -> str:
        return reverse("review:item_scores", args=[self.subject.code])


def _unfit() -> JsonResponse:
    """Say that something does not fit its field; the script tells it beside the form and goes on."""
    return JsonResponse({"detail": _("有内容未保存，请按提示修改。")}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _refused(refusal: Refusal) -> JsonResponse:
    words = " ".join(str(reason.text) for reason in refusal.reasons)
    return JsonResponse({"detail": words}, status=HTTPStatus.CONFLICT)
