"""The agency's desk: what somebody keeps of the queue: filters under a name, and which columns are seen."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review import rules
from review.domain import preferring
from review.interfaces.columns import ALWAYS, USUAL
from review.interfaces.filters import QueueFilter
from review.interfaces.queueing import ColumnsForm, NameForm, SaveFilterForm
from review.models import SavedFilter
from review.views.queueing import Narrowed


class Columns(Narrowed, ChangeView):
    template_name = "review/queueing/columns.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        chosen = preferring.chosen_columns(self.actor)
        return self.page(form=ColumnsForm(initial={"keys": USUAL if chosen is None else chosen}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = ColumnsForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        preferring.choose_columns([ALWAYS, *form.cleaned_data["keys"]], by=self.actor)
        return HttpResponseRedirect(self.back)


class SaveFilter(Narrowed, ChangeView):
    """Keeps the present filter; words that were looked for are not kept with it."""

    template_name = "review/queueing/save_filter.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=SaveFilterForm(), words=self.words)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = SaveFilterForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, words=self.words)
        given = form.cleaned_data
        try:
            preferring.save_filter(given["name"], self.wanted.criteria, is_default=given["is_default"], by=self.actor)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.page(form=form, words=self.words)
        messages.success(request, _("已保存常用筛选“%(name)s”。") % {"name": given["name"].strip()})
        return HttpResponseRedirect(self.back)


class Filters(Narrowed):
    """Every kept filter with what can be done with it."""

    template_name = "review/queueing/filters.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(filters=[(one, self.told(one)) for one in preferring.filters_of(self.actor)])

    def told(self, kept: SavedFilter) -> list[tuple[Any, str]]:
        """Return the filter's choices as (what, chosen) in words."""
        fields = QueueFilter(self.given, self.offer).form.fields
        return [
            (fields[name].label, str(dict(getattr(fields[name], "choices", ())).get(value, value)))
            for name, value in kept.criteria.items()
            if name in fields
        ]


class OwnFilter(SubjectMixin, ChangeView):
    """One kept filter of the person."""

    access = rules.checks
    subject: SavedFilter

    def visible(self) -> Any:
        return SavedFilter.objects.of(self.actor)

    def done(self, words: str) -> HttpResponseBase:
        """Go back to the list of filters and say what happened."""
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("review:filters"))


class RenameFilter(OwnFilter):
    template_name = "review/queueing/rename_filter.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(NameForm(initial={"name": self.subject.name}))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = NameForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            preferring.rename(self.subject, form.cleaned_data["name"])
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return self.done(_("已改名。"))

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(form=form, kept=self.subject)


class DefaultFilter(OwnFilter):
    """Makes a filter the one with which the queue opens, or takes that back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.is_default:
            preferring.drop_default(self.subject)
            return self.done(_("已取消默认。"))
        preferring.make_default(self.subject, by=self.actor)
        return self.done(_("已设为默认。"))


class DeleteFilter(OwnFilter):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        name = self.subject.name
        self.subject.delete()
        return self.done(_("已删除常用筛选“%(name)s”。") % {"name": name})
