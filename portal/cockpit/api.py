"""The figures of the cockpit over the API: the same tables, and the same lists behind their numbers."""

from typing import ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from applications.models import Application
from portal.cockpit import lists, rules
from portal.cockpit import serializers as shapes
from portal.cockpit.filters import ReportForm, ScopeForm
from portal.cockpit.reports import REPORTS
from portal.cockpit.tables import ALL, WHAT, YEAR
from portal.http.desks import Desk
from portal.http.schema import told

Form = TypeVar("Form", bound=ScopeForm)


class Figures(Desk):
    """What the bureau's staff count."""

    access: ClassVar[Predicate] = rules.watches
    serializer_class = shapes.ReportSerializer
    filter_backends = ()
    queryset = Application.objects.none()
    lookup_field = "report"
    lookup_value_regex = "[a-z]{1,20}"

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.none()

    @told(_("统计目录"), _("可以查询的统计。"), responses=shapes.ReportSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset([*REPORTS.values()])
        return self.get_paginated_response(shapes.ReportSerializer(page, many=True).data)

    @told(
        _("一项统计"),
        _("各表的数字和页面相同；单元格的list是查看对应清单的查询参数，原样用于清单地址。"),
        refusals=["invalid"],
        parameters=[shapes.ReportQuery],
        responses=shapes.FiguresSerializer,
    )
    def retrieve(self, request: Request, report: str) -> Response:
        found = REPORTS.get(report)
        if found is None:
            raise Http404
        form = must_be_right(ReportForm(request.query_params, self.at, is_grouped=found.is_grouped))
        tables = [shapes.shown(one) for one in found.build(form.scope, form.by, self.at)]
        scope = {YEAR: ALL, **form.scope.criteria}
        figures = {"key": report, "title": found.title, "counted_at": self.at, "scope": scope, "tables": tables}
        return Response(shapes.FiguresSerializer(figures).data)

    @told(
        _("数字对应的清单"),
        _("列出一个数字所计的申报、批次或者异议，不含姓名。"),
        refusals=["invalid"],
        parameters=[shapes.ListQuery],
        responses=shapes.BehindSerializer(many=True),
    )
    @action(detail=False)
    def lines(self, request: Request) -> Response:
        form = must_be_right(ScopeForm(request.query_params, self.at))
        try:
            found = lists.behind(form.scope, request.query_params.get(WHAT, ""), self.at)
        except LookupError as unknown:
            raise Http404 from unknown
        page = self.paginate_queryset(found.rows) or []
        return self.get_paginated_response(shapes.BehindSerializer([found.told(one) for one in page], many=True).data)


def must_be_right(form: Form) -> Form:
    """Return the form; a program that asks for what does not exist is told so."""
    if form.errors:
        raise ValidationError({name: [str(one) for one in errors] for name, errors in form.errors.items()})
    return form
