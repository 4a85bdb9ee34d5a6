"""Filling in the sheets of a draft, with and without scripts, and choosing its representative works."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import drafting, gathering, opening
from applications.domain.archiving import Saved
from applications.domain.drafting import MOST_WORKS
from applications.enums import EDITABLE
from applications.interfaces.forms import SectionForm, WorkForm
from applications.models import ArchiveItem, Sheet
from applications.sections import RESULT, SECTIONS, ItemKind, SheetKind
from applications.views.applicant import OwnApplication
from applications.views.autosave import FieldsView
from portal.catalogue.models import Criterion
from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Reason, Refusal


class OwnSheet(OwnApplication):
    """One sheet of an own application; unknown kinds are not found."""

    sheet: Sheet

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = self.subject.sheets.filter(kind=kwargs["kind"]).first()
        if found is None:
            raise Http404
        self.sheet = found
        self.section = SECTIONS[found.kind]


class SheetPage(OwnSheet):
    """One sheet as a form. What fits is kept even where something else does not fit.

    Saving needs no memory of earlier requests: versions and equal values make a repeated one change nothing.
    """

    template_name = "applications/applicant/sheet.html"

    def get(self, request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
        if self.subject.state not in EDITABLE:
            return HttpResponseRedirect(reverse("applications:mine", args=[code]))
        return self.show(SectionForm.of(self.sheet))

    def post(self, request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
        form = SectionForm.of(self.sheet, request.POST)
        try:
            saved = drafting.save_sheet(
                self.subject, SheetKind(kind), form.typed(), based_on=form.seen(), by=self.actor, at=self.at
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        form.saved(saved.versions, saved.conflicts)
        if form.errors:
            return self.show(form)
        messages.success(request, _("已保存。"))
        back = "stay" not in request.POST
        return HttpResponseRedirect(reverse("applications:mine", args=[code]) if back else request.path)

    def show(self, form: SectionForm) -> HttpResponseBase:
        """Return the form with where its fields save themselves."""
        return self.page(
            application=self.subject,
            section=self.section,
            form=form,
            saved_at=self.sheet.saved_at,
            fields_address=reverse("applications:sheet_fields", args=[self.subject.code, self.sheet.kind]),
        )


class SheetFields(OwnSheet, FieldsView):
    http_method_names = ["post"]

    def save(self, fields: dict[str, Any], versions: dict[str, int]) -> Saved:
        kind = SheetKind(self.sheet.kind)
        return drafting.save_sheet(self.subject, kind, fields, based_on=versions, by=self.actor, at=self.at)


class Works(OwnApplication, ChangeView):
    """Which results the application shows, each under an indicator of the committee's published standard (R-044)."""

    template_name = "applications/applicant/works.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.state not in EDITABLE:
            return HttpResponseRedirect(reverse("applications:mine", args=[code]))
        return self.show([])

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        item = ArchiveItem.objects.of(self.actor).filter(code=request.POST.get("item", "")).first()
        if item is None:
            raise Http404
        try:
            self.change(item)
        except Refusal as refusal:
            return self.show(refusal.reasons)
        return HttpResponseRedirect(f"{request.path}#work-{item.code}")

    def change(self, item: ArchiveItem) -> None:
        """Show the result, under an indicator where one was chosen, or take it out."""
        if "hide" in self.request.POST:
            drafting.hide_work(self.subject, item, by=self.actor, at=self.at)
            return
        chosen = self.request.POST.get("criterion", "")
        criterion = next((one for one in self.criteria() if str(one.order) == chosen), None)
        drafting.show_work(self.subject, item, criterion=criterion, by=self.actor, at=self.at)

    def criteria(self) -> list[Criterion]:
        """Return the published standard of the chosen committee."""
        return opening.criteria_of(self.subject.entry)

    def show(self, refused: Sequence[Reason]) -> HttpResponseBase:
        """Return the results with what is chosen, the chosen ones first."""
        gathered, criteria = gathering.gather(self.subject), self.criteria()
        results = [item for item in gathered.kept if item.kind == ItemKind.RESULT]
        rows = [self.row(item, gathered, criteria) for item in results]
        return self.page(
            application=self.subject,
            section=RESULT,
            rows=sorted(rows, key=lambda row: not row["is_shown"]),
            most=MOST_WORKS,
            chosen=len(gathered.criteria),
            has_criteria=bool(criteria),
            refused=refused,
        )

    def row(self, item: ArchiveItem, gathered: gathering.Gathered, criteria: list[Criterion]) -> dict[str, Any]:
        """Return one result as the page shows it."""
        criterion = gathered.criteria.get(item.pk)
        initial = {"criterion": str(criterion.order)} if criterion else {}
        return {
            "item": item,
            "is_shown": item.pk in gathered.criteria,
            "proofs": len(gathering.proofs_of(item)),
            "form": WorkForm(criteria, item, initial=initial),
        }
