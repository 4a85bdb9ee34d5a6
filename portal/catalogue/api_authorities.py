"""The standing of agencies in a year, for programs of the bureau: listed, suspended, withdrawn (R-152, R-153)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.catalogue.domain import standing
from portal.catalogue.interfaces.serializers_authorities import (
    AuthorityDetailSerializer,
    AuthoritySerializer,
    CauseSerializer,
    SuspendSerializer,
)
from portal.catalogue.models import AgencyAuthority
from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told

MEASURES = frozenset({"suspend", "restore", "withdraw"})


class Authorities(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = bureau
    serializer_class = AuthoritySerializer
    filterset_fields = ("state", "edition__year")
    queryset = AgencyAuthority.objects.select_related("agency", "edition").order_by("-edition", "agency__name", "pk")

    @told(_("评审服务机构的评审权"), _("各年度目录中的机构及其状态，年度新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一个机构的评审权"), _("状态、理由、历次暂停和现在能办的步骤。"), responses=AuthorityDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("暂停评审工作"),
        _("写明理由和整改期限；暂停期间不得召开新的评审会议，该机构申报人的各项期限停止计算。"),
        steps=[(AgencyAuthority, "suspend")],
        request=SuspendSerializer,
        responses=AuthorityDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/suspend")
    def suspend(self, request: Request, code: str) -> Response:
        return self._taken(standing.suspend, SuspendSerializer)

    @told(
        _("恢复评审工作"),
        _("整改到位的，恢复评审工作，各项期限继续计算。"),
        steps=[(AgencyAuthority, "restore")],
        request=CauseSerializer,
        responses=AuthorityDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/restore")
    def restore(self, request: Request, code: str) -> Response:
        return self._taken(standing.restore, CauseSerializer)

    @told(
        _("收回评审权"),
        _("收回后该机构本年度不再开展评审；已签署的评审结果不受影响，其余申报可以移交其他机构。"),
        steps=[(AgencyAuthority, "withdraw")],
        request=CauseSerializer,
        responses=AuthorityDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/withdraw")
    def withdraw(self, request: Request, code: str) -> Response:
        return self._taken(standing.withdraw, CauseSerializer)

    def _taken(self, measure: Callable[..., AgencyAuthority], body: Any) -> Response:
        authority, key = self.get_object(), key_of(self.request._request)
        return self._shown(measure(authority, **self.body(body), by=self.actor, at=self.at, key=key))

    def _shown(self, authority: AgencyAuthority) -> Response:
        found: QuerySet[AgencyAuthority] = self.get_queryset().prefetch_related("suspensions")
        row = found.get(pk=authority.pk)
        steps = [
            {**one, "address": reverse(f"api:authority-{one['step']}", args=[row.code])}
            for one in self.steps_of(row, self.request)
            if one["step"] in MEASURES
        ]
        return Response(AuthorityDetailSerializer(row, context={"steps": steps}).data)
