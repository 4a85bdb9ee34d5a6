"""What the agency's queue is narrowed by: the same for the page and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.districts import District
from portal.accounts.models import Person
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import Committee, Series
from portal.http.declared import actor_in
from review.domain import queueing
from review.domain.queueing import Rows, Wanted
from review.enums.queueing import ANYBODY, ME, NOBODY, Held, Order, Tab
from review.models import AgencyReview

ASSIGNEES = [(ME, _("本人")), (NOBODY, _("未分配")), (ANYBODY, _("已分配"))]


class ReviewFilter(django_filters.FilterSet):
    """The queue as a program narrows it; a name is never looked for by an address."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=Tab.choices, help_text=_("不填为 open，即全部待办理。")
    )
    committee = django_filters.CharFilter(label=_("评审委员会"), help_text=_("评审委员会编号。"))
    level = django_filters.ChoiceFilter(label=_("级别"), choices=LevelKey.choices)
    series = django_filters.CharFilter(label=_("系列"), help_text=_("系列代码，两位数字。"))
    assignee = django_filters.CharFilter(
        label=_("审核人"), help_text=_("人员编号；me 为本人，none 为未分配，any 为已分配。")
    )
    district = django_filters.ChoiceFilter(label=_("单位所在区"), choices=District.choices)
    due_by = django_filters.DateFilter(label=_("截止不晚于"), help_text=_("首次审核截止日期，含当日。"))
    hold = django_filters.ChoiceFilter(label=_("暂停情形"), choices=Held.choices)
    number = django_filters.CharFilter(label=_("申报编号"))
    order = django_filters.ChoiceFilter(label=_("排序"), choices=Order.choices, help_text=_("不填为 due。"))

    class Meta:
        model = AgencyReview
        fields: tuple[str, ...] = ()

    @property
    def wanted(self) -> Wanted:
        """What was chosen; a choice that does not exist narrows nothing."""
        return wanted_of(self.form)

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Narrow and order by the same words as the page."""
        wanted = self.wanted
        narrowed = queueing.narrowed(queryset, actor_in(self.request), wanted)
        return queueing.ordered(narrowed, wanted.order)


Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offer:
    """What one agency's staff have to choose from besides what is the same for all."""

    committees: Choices
    series: Choices
    clerks: Choices


def offer_of(committees: Sequence[Committee], series: Sequence[Series], clerks: Sequence[Person]) -> Offer:
    """Return what is offered where the agency has these committees, series and clerks."""
    return Offer(
        tuple((one.code, _with_its_band(one)) for one in committees),
        tuple((one.code, one.name) for one in series),
        tuple((one.code, one.full_name) for one in clerks),
    )


class QueueFilter(ReviewFilter):
    """The queue as a person narrows it: with the agency's committees, series and clerks to choose from."""

    def __init__(self, data: QueryDict, offer: Offer) -> None:
        super().__init__(data, AgencyReview.objects.none())
        del self.filters["number"]  # on the page it is looked for together with names
        self._offer("committee", offer.committees)
        self._offer("series", offer.series)
        self._offer("assignee", (*ASSIGNEES, *offer.clerks))
        for name, filter_ in self.filters.items():
            if name in {"state", "order"}:
                filter_.extra["empty_label"] = None
            elif "choices" in filter_.extra:
                filter_.extra["empty_label"] = _("全部")
            filter_.extra["help_text"] = ""

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        label = self.filters[name].label
        self.filters[name] = django_filters.ChoiceFilter(field_name=name, label=label, choices=choices)


@dataclass(frozen=True)
class Narrowing:
    """What somebody chose, as the domain takes it, and the choices as the page shows them."""

    wanted: Wanted
    fields: SafeString


def narrowing_of(given: QueryDict, offer: Offer) -> Narrowing:
    """Return what ``given`` says of the filter; the state is chosen beside it and shown nowhere in it."""
    chosen = tuple((name, given[name]) for name in QueueFilter.base_filters if given.get(name))
    return _narrowing(chosen, offer, get_language())


# The form is the same for the same choices: building and rendering it costs more than the page's rows.
@lru_cache(maxsize=200)
def _narrowing(chosen: tuple[tuple[str, str], ...], offer: Offer, language: str | None) -> Narrowing:
    data = QueryDict(mutable=True)
    data.update(dict(chosen))
    form = QueueFilter(data, offer).form
    groups = ((field.as_field_group(),) for field in form if field.name != "state")
    return Narrowing(wanted_of(form), format_html_join("", "{}", groups))


def _with_its_band(committee: Committee) -> str:
    return gettext("%(name)s（%(band)s）") % {"name": committee.name, "band": committee.get_band_display()}


def wanted_of(form: Any) -> Wanted:
    """Return what a form of the filter says."""
    form.is_valid()
    return Wanted(**{name: value for name, value in form.cleaned_data.items() if value})
