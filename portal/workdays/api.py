"""The years' holiday notices over the API: entered by the bureau, published by another person (A-04)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.http.desks import Desk
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.workdays import publishing
from portal.workdays import serializers as shapes
from portal.workdays.models import YearNotice

DETAIL = shapes.HolidayNoticeDetailSerializer


class HolidayNotices(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.HolidayNoticeSerializer
    filterset_fields = ("year", "state")
    queryset = YearNotice.objects.order_by("-year", "-pk")

    @told(_("节假日安排"), _("各年度的放假和调休安排，年度新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一份节假日安排"), _("逐日列出的放假和调休，以及现在能办的步骤。"), responses=DETAIL)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("登记节假日安排"),
        _("逐日填写，与周末重合的放假日期也要写；由另一人发布后生效。"),
        request=shapes.NewHolidayNoticeSerializer,
        responses={HTTPStatus.CREATED: DETAIL},
    )
    def create(self, request: Request) -> Response:
        made = publishing.prepare(**self.body(shapes.NewHolidayNoticeSerializer), by=self.actor, at=self.at)
        return self.shown(made, HTTPStatus.CREATED)

    publish = step_of(
        YearNotice,
        "publish",
        publishing.publish,
        _("尚未到期的期限重新计算，只会顺延，不会提前。"),
        shows=DETAIL,
    )

    def shown(self, notice: YearNotice, status: int = HTTPStatus.OK) -> Response:
        """Return the notice with its days and steps."""
        return Response(DETAIL(notice, context={"steps": self.steps_here(notice)}).data, status=status)
