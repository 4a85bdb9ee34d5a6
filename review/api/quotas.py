"""The bureau's register of quotas for targeted titles over the API (R-226, A-50)."""

from http import HTTPStatus
from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.catalogue.models import Series
from portal.http.desks import Desk
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.workflow import open_steps
from review import rules
from review.domain import quotas
from review.interfaces import serializers_quotas as shapes
from review.models import TargetedQuota

PROPOSING = ("ground_given", "covers_what_was_granted", "nothing_changes", "quota_waits", "not_found")


class Quotas(Desk):
    access: ClassVar[Predicate] = rules.keeps_quotas
    filter_backends = ()
    serializer_class = shapes.QuotaDetailSerializer
    queryset = TargetedQuota.objects.none()

    def get_queryset(self) -> QuerySet[TargetedQuota]:
        return TargetedQuota.objects.at(self.actor).select_related(*TargetedQuota.FETCHED_WITH)

    @told(
        _("定向评价名额"),
        _("按区、系列、年度核定的名额，含待批准和已替代的；已用和剩余根据验收结果计算。"),
        responses=shapes.QuotaSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        rows = quotas.standings(self.paginate_queryset(self.get_queryset()) or [])
        return self.get_paginated_response(shapes.QuotaSerializer(rows, many=True).data)

    @told(_("一项名额"), _("名额、依据、使用情况和现在能办的步骤。"), responses=shapes.QuotaDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("提出名额"),
        _("由另一位负责人批准后执行；已有名额的，批准后替代原名额。"),
        refusals=PROPOSING,
        request=shapes.QuotaBody,
        responses={201: shapes.QuotaDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        given = dict(self.body(shapes.QuotaBody))
        series = Series.objects.filter(code=given.pop("series")).first()
        if series is None:
            raise Http404
        made = quotas.propose(given.pop("district"), series, given.pop("year"), **given, **self.taking())
        return self.shown(made, status=HTTPStatus.CREATED)

    approve = step_of(
        TargetedQuota,
        "approve",
        quotas.approve,
        _("提出人不能批准；原名额随即由新名额替代。"),
        shows=shapes.QuotaDetailSerializer,
    )
    decline = step_of(
        TargetedQuota,
        "decline",
        quotas.decline,
        _("执行中的名额不变。"),
        shows=shapes.QuotaDetailSerializer,
        body=shapes.QuotaAnswerBody,
    )

    def shown(self, quota: TargetedQuota, *, status: int = HTTPStatus.OK) -> Response:
        """Return the quota with what is used of it and what can be done now."""
        (standing,) = quotas.standings([self.get_queryset().get(pk=quota.pk)])
        steps = [
            {
                "step": one.name,
                "label": str(one.label),
                "basis": one.basis,
                "open": one.is_pressable,
                "reasons": [reason.as_dict() for reason in one.reasons],
                "address": reverse(f"api:quota-{one.name}", args=[quota.code]),
            }
            for one in open_steps(standing.quota, by=self.actor, at=self.at, used=standing.used)
            if one.name in {"approve", "decline"}
        ]
        return Response(shapes.QuotaDetailSerializer(standing, context={"steps": steps}).data, status=status)
