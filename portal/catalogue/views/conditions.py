"""The bureau's desk: what the levels ask for, in the revision in hand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.catalogue.conditions.reading import value_of
from portal.catalogue.domain import conditions as domain
from portal.catalogue.domain.conditions import Terms, terms_of
from portal.catalogue.interfaces.condition_forms import (
    ConditionsForm,
    NewConditionsForm,
    RouteFormSet,
    as_entered,
    routes_in,
)
from portal.catalogue.interfaces.forms import SearchForm
from portal.catalogue.models import ConditionSet
from portal.catalogue.queries import levels_without_conditions
from portal.catalogue.views.editions import EditionMixin
from portal.catalogue.views.rows import PAGE, EditionPage
from portal.http.views import show_refusal
from portal.shared.errors import Refusal


class Conditions(EditionMixin):
    """The conditions of the revision in hand, and the reviewed levels that have none yet."""

    template_name = "catalogue/bureau/conditions.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = SearchForm(request.GET)
        form.fields.pop("q")
        held = self.subject.condition_sets.working().with_all().in_order()
        wanted = {"series__code": form.chosen("series"), "level__key": form.chosen("level")}
        found = held.filter(**{field: value for field, value in wanted.items() if value})
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        return self.page(
            edition=self.subject,
            filter_form=form,
            rows=page,
            sets=[(each, value_of(each)) for each in page],
            missing=levels_without_conditions(self.subject),
        )


class ConditionsPage(EditionPage):
    """A form about one set with its ways below."""

    template_name = "catalogue/bureau/conditions_form.html"
    button = _("保存")
    done_message = _("申报条件已保存。")

    def cancel_address(self) -> str:
        return reverse("catalogue:edition:conditions", args=[self.subject.code])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        plain, routes = self.initial()
        return self.show_both(self.form(initial=plain), RouteFormSet(initial=routes))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form, formset = self.form(request.POST), RouteFormSet(request.POST)
        if not (form.is_valid() and formset.is_valid()):
            return self.show_both(form, formset)
        try:
            self.enter(Terms(**self.place(), **form.cleaned_data, routes=routes_in(formset)))
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show_both(form, formset)
        messages.success(request, self.done_message)
        return HttpResponseRedirect(self.cancel_address())

    def show_both(self, form: Any, formset: Any) -> HttpResponseBase:
        return self.page(form=form, formset=formset, cancel_address=self.cancel_address(), **self.beside())

    def form(self, *data: Any, **options: Any) -> Any:
        """Return the form about the set itself, bound where data are given."""
        raise NotImplementedError

    def initial(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Return what the forms start from."""
        return {}, []

    def place(self) -> dict[str, Any]:
        """Return the place of the set where the form does not ask for it."""
        return {}

    def enter(self, terms: Terms) -> None:
        """Do what the form asks for with one call of the domain."""
        raise NotImplementedError


class AddConditions(ConditionsPage):
    heading = _("增加申报条件")

    def form(self, *data: Any, **options: Any) -> Any:
        return NewConditionsForm(*data, **options)

    def initial(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        return {name: self.request.GET.get(name, "") for name in ("series", "level")}, []

    def enter(self, terms: Terms) -> None:
        domain.add(self.subject, terms, by=self.actor, at=self.at)


class SetMixin(EditionMixin):
    """A page about one set of the revision in hand."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = self.subject.condition_sets.working().with_all().filter(code=kwargs["conditions"]).first()
        if found is None:
            raise Http404
        self.conditions: ConditionSet = found

    def beside(self) -> dict[str, Any]:
        return {"edition": self.subject, "entry": self.conditions}


class ChangeConditions(SetMixin, ConditionsPage):
    heading = _("修改申报条件")

    def form(self, *data: Any, **options: Any) -> Any:
        return ConditionsForm(*data, **options)

    def initial(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        return as_entered(terms_of(self.conditions))

    def place(self) -> dict[str, Any]:
        held = self.conditions
        return {"series": held.series, "level": held.level, "specialty": held.specialty}

    def enter(self, terms: Terms) -> None:
        domain.put(self.subject, [terms], by=self.actor, at=self.at)


class DropConditions(SetMixin, EditionPage):
    heading = _("移出申报条件")
    button = _("移出")
    done_message = _("申报条件已移出。")

    def cancel_address(self) -> str:
        return reverse("catalogue:edition:conditions", args=[self.subject.code])

    def form(self, *data: Any) -> Any:
        return Form(*data[:1])

    def act(self, form: Form) -> None:
        domain.drop(self.conditions, by=self.actor, at=self.at)
