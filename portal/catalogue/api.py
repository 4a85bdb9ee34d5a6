"""The catalogue over the API: what is published, for everybody to read."""

from typing import Any, ClassVar

import django_filters
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


class Published(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Something published, found by its public code."""

    access: ClassVar[Predicate] = anyone
    lookup_field = "code"


class Editions(Published):
    """The catalogue's years."""

    serializer_class = EditionSerializer
    filterset_fields = ("year",)
    queryset = Edition.objects.public().order_by("-year", "code")


class AllSeries(Published):
    """The 27 national series and how each is evaluated in Beijing."""

    serializer_class = SeriesSerializer
    filterset_fields = ("mode", "practice_oriented")
    queryset = Series.objects.order_by("code")


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


class Conditions(Published):
    """What the levels ask for in each year's published revision: ways of which one is enough."""

    serializer_class = ConditionsSerializer
    filterset_class = ConditionsFilter
    queryset = ConditionSet.objects.public().filter(edition__revision__gte=1).with_all().in_order()


class Schedules(Published):
    """The windows that hold."""

    serializer_class = ScheduleSerializer
    queryset = AnnualSchedule.objects.in_force().select_related("edition").order_by("-individual_opens_at", "pk")
    filterset_fields: ClassVar = {"edition__code": ["exact"], "kind": ["exact"]}


class Policies(Published):
    """The policy versions with every number, its allowed range and its source."""

    serializer_class = PolicySerializer
    queryset = (
        PolicyVersion.objects.once_published()
        .select_related("successor")
        .prefetch_related("values")
        .order_by("-valid_from")
    )
