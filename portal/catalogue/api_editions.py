"""A year's catalogue in the bureau's hands over the API: begun, its steps, its rows, committees and conditions (R-020)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.catalogue.conditions.routes import Route
from portal.catalogue.domain import committees, conditions, editions
from portal.catalogue.domain.conditions import Terms
from portal.catalogue.domain.rows import Changes, Row, apply
from portal.catalogue.interfaces import serializers_editions as shapes
from portal.catalogue.interfaces import sheets
from portal.catalogue.interfaces.serializers import ConditionsSerializer, NoteSerializer
from portal.catalogue.models import CatalogueEntry, Committee, ConditionSet, Edition
from portal.http.bodies import XLSX, EmptySerializer
from portal.http.desks import Desk
from portal.http.papers import AN_XLSX, GIVES_XLSX, sent
from portal.http.schema import told
from portal.http.stepping import step_of

YEAR = "[0-9A-Za-z-]{1,40}"
OF_EDITION = rf"editions/(?P<edition>{YEAR})"
NOT_IN_HAND = "edition_is_not_in_preparation"
AGAINST_ROWS = (
    NOT_IN_HAND,
    "series_not_evaluated_here",
    "committee_missing",
    "committee_superfluous",
    "committee_of_another_year",
    "committee_of_another_level",
    "schedule_of_another_year",
    "row_stands_already",
)
AGAINST_COMMITTEES = (NOT_IN_HAND, "committee_name_taken", "parameter_out_of_range")
AGAINST_CONDITIONS = (
    NOT_IN_HAND,
    "conditions_stand_already",
    "specialty_of_another_series",
    "level_without_title",
    "routes_missing",
    "source_missing",
    "no_route_by_education",
    "route_skips_levels",
    "route_asks_nothing",
    "title_not_below",
    "years_without_title",
    "skill_and_audience",
    "years_without_skill",
    "too_many_years",
)
DETAIL = shapes.WorkedEditionDetailSerializer


class Editions(mixins.ListModelMixin, Desk):
    """Every edition, also while it is being prepared."""

    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.WorkedEditionSerializer
    filterset_fields = ("year", "state")
    lookup_value_regex = YEAR
    queryset = Edition.objects.order_by("-year", "code")

    @told(_("编制中的和已公布的目录"), _("全部年度目录及其状态，年度新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一个年度目录的编制情况"), _("状态、本次变更和现在能办的步骤。"), responses=DETAIL)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("新建年度目录"),
        _("空白的，或者从 copy_from 复制评审委员会、条目、申报条件和时间安排；复制的日期须逐项核对。"),
        refusals=["code_taken", "year_taken"],
        request=shapes.NewEditionSerializer,
        responses={HTTPStatus.CREATED: DETAIL},
    )
    def create(self, request: Request) -> Response:
        made = editions.prepare(**self.body(shapes.NewEditionSerializer), by=self.actor, at=self.at)
        return self.shown(made, HTTPStatus.CREATED)

    submit = step_of(Edition, "submit", None, _("提交后不能修改，由另一位负责人审批。"), shows=DETAIL)
    send_back = step_of(Edition, "send_back", None, _("退回修改，写明理由。"), shows=DETAIL, body=NoteSerializer)
    approve = step_of(Edition, "approve", None, _("由没有参与编制的负责人批准。"), shows=DETAIL)
    publish = step_of(
        Edition,
        "publish",
        editions.publish,
        _("发布后即为本年度可以开展评审的机构和专业的唯一依据。"),
        shows=DETAIL,
    )
    amend = step_of(
        Edition, "amend", None, _("编制修订版期间，已发布的目录继续有效。"), shows=DETAIL, body=NoteSerializer
    )
    close = step_of(Edition, "close", None, _("结束后只供查阅。"), shows=DETAIL)

    @told(_("导出目录"), _("本次编制的全部条目，可以修改后在页面导入。"), filters=False, responses=AN_XLSX)
    @action(detail=True, methods=["get"], renderer_classes=GIVES_XLSX)
    def export(self, request: Request, code: str) -> HttpResponse:
        edition = self.get_object()
        rows = edition.entries.working().with_all().order_by("specialty__code", "-level__rank", "pk")
        return sent(sheets.write(rows), XLSX, f"{edition.code}.xlsx")

    def shown(self, edition: Edition, status: int = HTTPStatus.OK) -> Response:
        """Return the edition with its steps."""
        return Response(DETAIL(edition, context={"steps": self.steps_here(edition)}).data, status=status)


class OfEdition(Desk):
    """Something of one edition, found by the edition's code and its own."""

    access: ClassVar[Predicate] = bureau
    filter_backends = ()

    @cached_property
    def edition(self) -> Edition:
        """The edition that the address names; raises Http404."""
        return get_object_or_404(Edition, code=self.kwargs["edition"])

    def listed(self, rows: QuerySet[Any], shape: Any) -> Response:
        """Return one page of ``rows``."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(shape(page, many=True, context=self.get_serializer_context()).data)


class Rows(OfEdition):
    """The rows of the revision in hand."""

    serializer_class = shapes.WorkedRowSerializer
    queryset = CatalogueEntry.objects.none()

    def get_queryset(self) -> QuerySet[CatalogueEntry]:
        return self.edition.entries.working().with_all().order_by("specialty__code", "-level__rank", "pk")

    @told(_("目录条目"), _("本次编制的条目。"), responses=shapes.WorkedRowSerializer(many=True))
    def list(self, request: Request, edition: str) -> Response:
        return self.listed(self.get_queryset(), shapes.WorkedRowSerializer)

    @told(
        _("增加条目"),
        _("一个专业的一个级别；同一评审委员会只有一条。"),
        refusals=AGAINST_ROWS,
        request=shapes.CatalogueRowSerializer,
        responses={HTTPStatus.CREATED: shapes.WorkedRowSerializer},
    )
    def create(self, request: Request, edition: str) -> Response:
        row = Row(**self.body(shapes.CatalogueRowSerializer))
        apply(self.edition, Changes(added=[row]), by=self.actor, at=self.at)
        return self._shown(row, HTTPStatus.CREATED)

    @told(
        _("修改条目"),
        _("以所填内容代替该条目；已公布的条目到新版公布时止，修改后的编号不同。"),
        refusals=AGAINST_ROWS,
        request=shapes.CatalogueRowSerializer,
        responses=shapes.WorkedRowSerializer,
    )
    def update(self, request: Request, edition: str, code: str) -> Response:
        entry = self.get_object()
        row = Row(**self.body(shapes.CatalogueRowSerializer))
        apply(self.edition, Changes(changed=[(entry, row)]), by=self.actor, at=self.at)
        return self._shown(row)

    @told(_("移出条目"), _("新版公布时移出目录。"), refusals=[NOT_IN_HAND], request=None, responses={204: None})
    def destroy(self, request: Request, edition: str, code: str) -> Response:
        apply(self.edition, Changes(dropped=[self.get_object()]), by=self.actor, at=self.at)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _shown(self, row: Row, status: int = HTTPStatus.OK) -> Response:
        stands = self.get_queryset().get(specialty=row.specialty, level=row.level, committee=row.committee)
        return Response(shapes.WorkedRowSerializer(stands).data, status=status)


class Committees(OfEdition):
    """The committees of the year."""

    serializer_class = shapes.WorkedCommitteeSerializer
    queryset = Committee.objects.none()

    def get_queryset(self) -> QuerySet[Committee]:
        return self.edition.committees.select_related("agency").order_by("band", "district", "name", "pk")

    @told(_("评审委员会"), _("该年度的评审委员会。"), responses=shapes.WorkedCommitteeSerializer(many=True))
    def list(self, request: Request, edition: str) -> Response:
        return self.listed(self.get_queryset(), shapes.WorkedCommitteeSerializer)

    @told(
        _("增加评审委员会"),
        _("补正和缴费期限不填的，按政策参数执行。"),
        refusals=AGAINST_COMMITTEES,
        request=shapes.CommitteeSerializer,
        responses={HTTPStatus.CREATED: shapes.WorkedCommitteeSerializer},
    )
    def create(self, request: Request, edition: str) -> Response:
        made = committees.prepare(self.edition, self.body(shapes.CommitteeSerializer), by=self.actor, at=self.at)
        return Response(shapes.WorkedCommitteeSerializer(made).data, status=HTTPStatus.CREATED)

    @told(
        _("修改评审委员会"),
        _("以所填内容代替；已公布的不能改名、换机构、换级别或者换区域，申报开始后不能改期限。"),
        refusals=[*AGAINST_COMMITTEES, "committee_is_public", "year_has_begun"],
        request=shapes.CommitteeSerializer,
        responses=shapes.WorkedCommitteeSerializer,
    )
    def update(self, request: Request, edition: str, code: str) -> Response:
        stored, given = self.get_object(), self.body(shapes.CommitteeSerializer)
        changed = committees.change(stored, given, by=self.actor, at=self.at)
        return Response(shapes.WorkedCommitteeSerializer(changed).data)

    @told(
        _("增加区级初级评审委员会"),
        _("为还没有的各区各设一个工程技术系列初级评审委员会。"),
        refusals=AGAINST_COMMITTEES,
        request=EmptySerializer,
        responses={HTTPStatus.CREATED: shapes.WorkedCommitteeSerializer(many=True)},
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def districts(self, request: Request, edition: str) -> Response:
        self.body(EmptySerializer)
        made = committees.prepare_for_districts(self.edition, by=self.actor, at=self.at)
        return Response(shapes.WorkedCommitteeSerializer(made, many=True).data, status=HTTPStatus.CREATED)


class Conditions(OfEdition):
    """The conditions of the revision in hand."""

    serializer_class = ConditionsSerializer
    queryset = ConditionSet.objects.none()

    def get_queryset(self) -> QuerySet[ConditionSet]:
        return self.edition.condition_sets.working().with_all().in_order()

    @told(_("申报条件"), _("本次编制的申报条件。"), responses=ConditionsSerializer(many=True))
    def list(self, request: Request, edition: str) -> Response:
        return self.listed(self.get_queryset(), ConditionsSerializer)

    @told(
        _("增加申报条件"),
        _("一个系列的一个级别，或者其中一个专业；routes 中各途径满足一条即可。"),
        refusals=AGAINST_CONDITIONS,
        request=shapes.NewConditionsSerializer,
        responses={HTTPStatus.CREATED: ConditionsSerializer},
    )
    def create(self, request: Request, edition: str) -> Response:
        terms = _terms(**self.body(shapes.NewConditionsSerializer))
        conditions.add(self.edition, terms, by=self.actor, at=self.at)
        return self._shown(terms, HTTPStatus.CREATED)

    @told(
        _("修改申报条件"),
        _("以所填内容代替；系列、级别和专业不变。"),
        refusals=AGAINST_CONDITIONS,
        request=shapes.ChangedConditionsSerializer,
        responses=ConditionsSerializer,
    )
    def update(self, request: Request, edition: str, code: str) -> Response:
        held = self.get_object()
        place = {"series": held.series, "level": held.level, "specialty": held.specialty}
        terms = _terms(**place, **self.body(shapes.ChangedConditionsSerializer))
        conditions.put(self.edition, [terms], by=self.actor, at=self.at)
        return self._shown(terms)

    @told(_("移出申报条件"), _("新版公布时移出。"), refusals=[NOT_IN_HAND], request=None, responses={204: None})
    def destroy(self, request: Request, edition: str, code: str) -> Response:
        conditions.drop(self.get_object(), by=self.actor, at=self.at)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _shown(self, terms: Terms, status: int = HTTPStatus.OK) -> Response:
        stands = self.get_queryset().get(series=terms.series, level=terms.level, specialty=terms.specialty)
        return Response(ConditionsSerializer(stands).data, status=status)


def _terms(*, routes: list[dict[str, Any]], **told_so: Any) -> Terms:
    return Terms(**told_so, routes=tuple(Route(**each) for each in routes))
