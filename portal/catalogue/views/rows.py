"""The bureau's desk: rows, committees and specialties of an edition in preparation."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.rules import bureau
from portal.catalogue.domain import committees, specialties
from portal.catalogue.domain.rows import Changes, Row, apply, row_of
from portal.catalogue.interfaces.forms import CommitteeForm, RowForm, SearchForm, SpecialtyForm
from portal.catalogue.models import Committee, Specialty
from portal.catalogue.models.edition import CatalogueEntryQuerySet
from portal.catalogue.queries import search
from portal.catalogue.views.editions import EditionMixin
from portal.catalogue.views.forming import FormPage
from portal.http.views import ChangeView, PortalView, SubjectMixin

PAGE = 50


def filtered(rows: CatalogueEntryQuerySet, form: SearchForm) -> CatalogueEntryQuerySet:
    """Return ``rows`` narrowed by what was chosen, in the order of a printed catalogue."""
    wanted = {"specialty__series__code": form.chosen("series"), "level__key": form.chosen("level")}
    narrowed = rows.filter(**{field: value for field, value in wanted.items() if value})
    found = search(narrowed, form.chosen("q"))
    return found.with_all().order_by("specialty__code", "-level__rank", "committee__district", "pk")


class Rows(EditionMixin):
    """The rows of the revision in hand."""

    template_name = "catalogue/bureau/rows.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = SearchForm(request.GET)
        found = filtered(self.subject.entries.working(), form)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        return self.page(edition=self.subject, filter_form=form, rows=page)


class EditionPage(EditionMixin, FormPage):
    """A form about something of one edition."""

    def beside(self) -> dict[str, Any]:
        return {"edition": self.subject}

    def cancel_address(self) -> str:
        return reverse("catalogue:edition:rows", args=[self.subject.code])

    def next_address(self, done: Any) -> str:
        return self.cancel_address()


class AddRow(EditionPage):
    heading = _("增加条目")
    button = _("增加")
    done_message = _("条目已增加。")

    def form(self, *data: Any) -> Any:
        return RowForm(*data[:1], edition=self.subject, series=self.request.GET.get("series", ""))

    def act(self, form: Form) -> None:
        apply(self.subject, Changes(added=[Row(**form.cleaned_data)]), by=self.actor, at=self.at)


class ChangeRow(EditionPage):
    heading = _("修改条目")
    button = _("保存")
    done_message = _("条目已修改。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = self.subject.entries.working().with_all().filter(code=kwargs["row"]).first()
        if found is None:
            raise Http404
        self.entry = found

    def form(self, *data: Any) -> Any:
        row = row_of(self.entry)
        return RowForm(*data[:1], edition=self.subject, initial=vars(row))

    def act(self, form: Form) -> None:
        changed = (self.entry, Row(**form.cleaned_data))
        apply(self.subject, Changes(changed=[changed]), by=self.actor, at=self.at)


class DropRow(ChangeRow):
    heading = _("移出条目")
    button = _("移出目录")
    done_message = _("条目已移出。")

    def form(self, *data: Any) -> Any:
        return Form(*data[:1])

    def act(self, form: Form) -> None:
        apply(self.subject, Changes(dropped=[self.entry]), by=self.actor, at=self.at)

    def beside(self) -> dict[str, Any]:
        return {**super().beside(), "entry": self.entry}


class Committees(EditionMixin):
    """The committees of the year."""

    template_name = "catalogue/bureau/committees.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        listed = self.subject.committees.select_related("agency", "guide").order_by("band", "district", "name")
        return self.page(edition=self.subject, committees=Paginator(listed, PAGE).get_page(request.GET.get("page")))


class CommitteePage(EditionPage):
    """A form about a committee."""

    def cancel_address(self) -> str:
        return reverse("catalogue:edition:committees", args=[self.subject.code])


class AddCommittee(CommitteePage):
    heading = _("增加评审委员会")
    button = _("增加")
    done_message = _("评审委员会已增加。")

    def form(self, *data: Any) -> Any:
        return CommitteeForm(*data[:1])

    def act(self, form: Form) -> Committee:
        return committees.prepare(self.subject, form.cleaned_data, by=self.actor, at=self.at)


class ChangeCommittee(CommitteePage):
    heading = _("修改评审委员会")
    button = _("保存")
    done_message = _("评审委员会已修改。")

    def form(self, *data: Any) -> Any:
        committee = self.subject.committees.select_related("agency").filter(code=self.kwargs["committee"]).first()
        if committee is None:
            raise Http404
        self.committee = committee
        return CommitteeForm(*data[:1], instance=committee, initial={"agency": committee.agency.code})

    def act(self, form: Form) -> Committee:
        stored = Committee.objects.get(pk=self.committee.pk)
        return committees.change(stored, form.cleaned_data, by=self.actor, at=self.at)


class DistrictCommittees(EditionMixin, ChangeView):
    """One press for the junior engineering committees of all districts."""

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        made = len(committees.prepare_for_districts(self.subject, by=self.actor, at=self.at))
        words = ngettext("已增加%(n)s个区级初级评审委员会。", "已增加%(n)s个区级初级评审委员会。", made)
        messages.success(request, words % {"n": made})
        return HttpResponseRedirect(reverse("catalogue:edition:committees", args=[self.subject.code]))


class Specialties(PortalView):
    """Every specialty with its series and flags."""

    access = bureau
    template_name = "catalogue/bureau/specialties.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = SearchForm(request.GET)
        found = Specialty.objects.select_related("series").order_by("code")
        if form.chosen("series"):
            found = found.filter(series__code=form.chosen("series"))
        found = found.filter(name__icontains=form.chosen("q"))
        form.fields.pop("level")
        return self.page(filter_form=form, specialties=Paginator(found, PAGE).get_page(request.GET.get("page")))


class AddSpecialty(FormPage):
    access = bureau
    heading = _("设立专业")
    button = _("保存")
    done_message = _("专业已设立，可以列入目录。")

    def form(self, *data: Any) -> Any:
        return SpecialtyForm(*data[:1])

    def act(self, form: Any) -> Specialty:
        return specialties.store(form.save(commit=False), by=self.actor, at=self.at)

    def next_address(self, done: Any) -> str:
        return self.cancel_address()

    def cancel_address(self) -> str:
        return reverse("catalogue:specialties")


class ChangeSpecialty(SubjectMixin, AddSpecialty):
    heading = _("修改专业")
    done_message = _("专业已修改。")

    def visible(self) -> QuerySet[Specialty]:
        return Specialty.objects.select_related("series")

    def form(self, *data: Any) -> Any:
        return SpecialtyForm(*data[:1], instance=self.subject)
