"""The catalogue over the API: what is published, for everybody to read."""

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, viewsets
from rules.predicates import Predicate

from portal.accounts.rules import anyone
from portal.catalogue.enums import LevelKey, Method
from portal.catalogue.interfaces.serializers import (
    ConditionsSerializer,
    EditionSerializer,
    EntrySerializer,
    PolicySerializer,
    ScheduleSerializer,
    SeriesSerializer,
    SpecialtySerializer,
)
from portal.catalogue.models import (
    AnnualSchedule,
    CatalogueEntry,
    ConditionSet,
    Edition,
    PolicyVersion,
    Series,
    Specialty,
)
from portal.catalogue.models.edition import CatalogueEntryQuerySet
from portal.catalogue.queries import search
from portal.http.schema import told_of_rows


class Published(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Something published, found by its public code."""

    access: ClassVar[Predicate] = anyone
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z-]{1,40}"


@told_of_rows(_("各年度目录"), _("一个年度的目录"), _("历年公布的专业评审目录。"))
class Editions(Published):
    """The catalogue's years."""

    serializer_class = EditionSerializer
    filterset_fields = ("year",)
    queryset = Edition.objects.public().order_by("-year", "code")


@told_of_rows(_("职称系列"), _("一个职称系列"), _("27个职称系列，以及在本市怎样评价。"))
class AllSeries(Published):
    """The 27 national series and how each is evaluated in Beijing."""

    serializer_class = SeriesSerializer
    filterset_fields = ("mode", "practice_oriented")
    queryset = Series.objects.order_by("code")


@told_of_rows(_("专业"), _("一个专业"), _("各系列的专业和随专业适用的规定。"))
class Specialties(Published):
    """The specialties with the rules that attach to them."""

    serializer_class = SpecialtySerializer
    queryset = Specialty.objects.select_related("series").order_by("code")
    filterset_fields: ClassVar = {"series__code": ["exact"], "requires_matching_major": ["exact"]}


class EntryFilter(django_filters.FilterSet):
    """Narrows the rows; ``q`` searches the words of specialty, committee, agency and title."""

    edition = django_filters.CharFilter("edition__code")
    series = django_filters.CharFilter("specialty__series__code")
    specialty = django_filters.CharFilter("specialty__code")
    level = django_filters.ChoiceFilter("level__key", choices=LevelKey.choices)
    method = django_filters.ChoiceFilter(choices=Method.choices)
    district = django_filters.CharFilter("committee__district")
    q = django_filters.CharFilter(method="by_words")

    class Meta:
        model = CatalogueEntry
        fields = ("edition", "series", "specialty", "level", "method", "district", "q")

    def by_words(self, rows: CatalogueEntryQuerySet, name: str, value: str) -> CatalogueEntryQuerySet:
        """Search for every word."""
        return search(rows, value)


@told_of_rows(
    _("目录条目"), _("一个目录条目"), _("公布的专业、级别和评审委员会；q 按字词查找专业、委员会、机构和职称。")
)
class Entries(Published):
    """The rows of each year's published revision."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    queryset = (
        CatalogueEntry.objects.public()
        .filter(edition__revision__gte=1)
        .with_all()
        .order_by("edition__code", "specialty__code", "-level__rank", "pk")
    )


class ConditionsFilter(django_filters.FilterSet):
    """Narrows the conditions by their place."""

    edition = django_filters.CharFilter("edition__code")
    series = django_filters.CharFilter("series__code")
    level = django_filters.ChoiceFilter("level__key", choices=LevelKey.choices)
    specialty = django_filters.CharFilter("specialty__code")

    class Meta:
        model = ConditionSet
        fields = ("edition", "series", "level", "specialty")


@told_of_rows(_("申报条件"), _("一个级别的申报条件"), _("各年度公布的申报条件，注明依据。"))
class Conditions(Published):
    """What the levels ask for in each year's published revision: ways of which one is enough."""

    serializer_class = ConditionsSerializer
    filterset_class = ConditionsFilter
    queryset = ConditionSet.objects.public().filter(edition__revision__gte=1).with_all().in_order()


@told_of_rows(_("时间安排"), _("一份时间安排"), _("现行的个人申报、单位推荐、机构审核和评审时间。截止时间不含该时刻。"))
class Schedules(Published):
    """The windows that hold."""

    serializer_class = ScheduleSerializer
    queryset = AnnualSchedule.objects.in_force().select_related("edition").order_by("-individual_opens_at", "pk")
    filterset_fields: ClassVar = {"edition__code": ["exact"], "kind": ["exact"]}


@told_of_rows(_("政策参数版本"), _("一个政策参数版本"), _("各版本的全部参数、允许范围和来源。"))
class Policies(Published):
    """The policy versions with every number, its allowed range and its source."""

    serializer_class = PolicySerializer
    queryset = (
        PolicyVersion.objects.once_published()
        .select_related("successor")
        .prefetch_related("values")
        .order_by("-valid_from")
    )
