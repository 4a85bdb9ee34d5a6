"""Notices of the gateway that name no known order, by programs."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.desks import Desk
from portal.http.schema import told
from review import rules
from review.domain import stray_notices
from review.interfaces.serializers_paying import SettleStraySerializer, StrayNoticeSerializer
from review.models import StrayNotice


class StrayNotices(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    access: ClassVar[Predicate] = rules.reconciles
    serializer_class = StrayNoticeSerializer
    filter_backends = ()
    queryset = StrayNotice.objects.none()

    def get_queryset(self) -> QuerySet[StrayNotice]:
        return stray_notices.seen_by(self.actor)

    @told(_("未对应订单的缴费通知"), _("签名有效、但平台没有相应订单或者退款单的通知，号码只给出末四位。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一项通知"), _("通知内容、收到次数和处理情况。"))
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("处理缴费通知"),
        _("由负责人写明查明的情况和处理结果。"),
        refusals=["step_not_permitted", "settled_before", "note_given"],
        request=SettleStraySerializer,
        responses=StrayNoticeSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/settle")
    def settle(self, request: Request, code: str) -> Response:
        stray, given = self.get_object(), self.body(SettleStraySerializer)
        stray_notices.settle(stray, note=given["note"], by=self.actor, at=self.at)
        return Response(StrayNoticeSerializer(self.get_queryset().get(pk=stray.pk)).data)
