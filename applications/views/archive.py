"""The personal archive: facts and results kept from year to year, each with its proofs (R-009)."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import archiving, gathering, queries
from applications.domain.archiving import Saved
from applications.interfaces.forms import SectionForm
from applications.models import Application, ArchiveItem, Evidence
from applications.sections import ITEMS, SECTIONS, ItemKind, Section
from applications.values import shown
from applications.views.applicant import Personal
from applications.views.autosave import FieldsView
from portal.http.once import key_of
from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal


class Kept(Personal):
    """A page of the archive; with ``?for=`` it leads back to the tasks of an own application."""

    @cached_property
    def draft(self) -> Application | None:
        """The own application to lead back to; raises Http404 where there is none."""
        code = self.request.GET.get("for", "")
        found = queries.own(self.actor).filter(code=code).first() if code else None
        if code and found is None:
            raise Http404
        return found

    @property
    def tail(self) -> str:
        """What keeps the application in addresses."""
        return f"?for={self.draft.code}" if self.draft else ""

    @property
    def tail_more(self) -> str:
        """The same behind another parameter."""
        return f"&for={self.draft.code}" if self.draft else ""

    def list_address(self, kind: str, *, removed: str = "") -> str:
        """Return where the items of a kind are listed; results of a draft stand where they are chosen."""
        if self.draft and kind == ItemKind.RESULT and not removed:
            return reverse("applications:works", args=[self.draft.code])
        gone = f"&removed={removed}" if removed else ""
        return f"{reverse('applications:archive')}?kind={kind}{gone}{self.tail_more}"

    def rows_of(self, item: ArchiveItem) -> list[tuple[Any, str]]:
        """Return what stands in an item, in words."""
        pairs = ((field.label, shown(field, item.content.get(field.name))) for field in item.section.fields)
        return [(label, words) for label, words in pairs if words]


class Archive(Kept):
    template_name = "applications/archive/archive.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        kind = request.GET.get("kind", "")
        sections = [section for section in ITEMS if kind in {"", section.key}]
        if not sections:
            raise Http404
        proofs = Prefetch("evidence", Evidence.objects.filter(removed_at=None).select_related("file"))
        own = ArchiveItem.objects.of(self.actor).filter(kind__in=[section.key for section in sections])
        items = list(own.kept().prefetch_related(proofs).order_by("pk"))
        removed = own.exclude(removed_at=None)
        return self.page(
            sections=[(section, self.shown_items(section, items)) for section in sections],
            section=sections[0] if kind else None,
            removed=list(removed.order_by("-removed_at")[: archiving.MOST_PROOFS]),
            just_removed=removed.filter(code=request.GET.get("removed", "")).first(),
        )

    def shown_items(self, section: Section, items: list[ArchiveItem]) -> list[dict[str, Any]]:
        """Return the items of one section as the page shows them."""
        own = [item for item in items if item.kind == section.key]
        return [{"item": item, "rows": self.rows_of(item), "proofs": gathering.proofs_of(item)} for item in own]


class Add(Kept, ChangeView):
    """A new item; it is stored once everything that was entered fits."""

    template_name = "applications/archive/item.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in ItemKind.values:
            raise Http404
        self.section = SECTIONS[kwargs["kind"]]

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        return self.show(SectionForm(self.section, {}))

    def post(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        form = SectionForm(self.section, {}, request.POST)
        if form.is_valid() and not form.fitting():
            form.add_error(None, _("请先填写内容再保存。"))
        if form.errors:
            return self.show(form)
        try:
            item, _saved = archiving.add_item(
                ItemKind(kind), form.fitting(), by=self.actor, at=self.at, key=key_of(request)
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("已加入业绩档案。"))
        if self.section.evidence_required:
            return HttpResponseRedirect(reverse("applications:item", args=[item.code]) + self.tail)
        return HttpResponseRedirect(self.list_address(kind))

    def show(self, form: SectionForm) -> HttpResponseBase:
        """Return the empty form, or the one that was sent with what does not fit."""
        return self.page(section=self.section, form=form, back=self.list_address(self.section.key))


class OwnItem(Kept, SubjectMixin):
    """A page about one item of the person's own."""

    def visible(self) -> Any:
        return ArchiveItem.objects.of(self.actor).select_related("verified_by")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.section = SECTIONS[self.subject.kind]

    @property
    def item_address(self) -> str:
        """Where the item itself stands."""
        return reverse("applications:item", args=[self.subject.code]) + self.tail


class Item(OwnItem):
    """One item: a form for what the person fills in, plain rows for what a register vouches for.

    Saving needs no memory of earlier requests: versions and equal values make a repeated one change nothing.
    """

    template_name = "applications/archive/item.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(SectionForm.of(self.subject))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = SectionForm.of(self.subject, request.POST)
        try:
            saved = archiving.save_item(self.subject, form.typed(), based_on=form.seen(), by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        form.saved(saved.versions, saved.conflicts)
        if form.errors:
            return self.show(form)
        messages.success(request, _("已保存。"))
        if "stay" in request.POST:
            return HttpResponseRedirect(self.item_address)
        return HttpResponseRedirect(self.list_address(self.subject.kind))

    def show(self, form: SectionForm) -> HttpResponseBase:
        """Return the item with its proofs."""
        return self.page(
            item=self.subject,
            section=self.section,
            form=form,
            rows=self.rows_of(self.subject),
            proofs=list(self.subject.evidence.filter(removed_at=None).select_related("file")),
            saved_at=self.subject.saved_at,
            fields_address=reverse("applications:item_fields", args=[self.subject.code]),
            back=self.list_address(self.subject.kind),
        )


class ItemFields(OwnItem, FieldsView):
    http_method_names = ["post"]

    def save(self, fields: dict[str, Any], versions: dict[str, int]) -> Saved:
        return archiving.save_item(self.subject, fields, based_on=versions, by=self.actor, at=self.at)


class ItemChange(OwnItem, ChangeView):
    """One thing done with an item on a page of its own."""

    form_class: Any

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form_class(initial=self.initial()))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form_class(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            self.act(**form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(self.item_address)

    def initial(self) -> dict[str, Any]:
        """Return what stands there already."""
        return {}

    def act(self, **facts: Any) -> None:
        """Do it; raises Refusal."""
        raise NotImplementedError

    def show(self, form: Any) -> HttpResponseBase:
        """Return the page with its form."""
        return self.page(item=self.subject, section=self.section, form=form, cancel_address=self.item_address)
