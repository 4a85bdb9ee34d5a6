"""What the agency settles between a hearing and its panel: who keeps out, and which files the panel may open."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import Person
from portal.http.desks import Desk
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from review.domain import blind_files, recusing
from review.interfaces.serializers_defence import (
    HearingDetailSerializer,
    MarkBlindSerializer,
    MarkedFileSerializer,
    OrderPanelRecusalSerializer,
)
from review.models import Defence


class HearingPanels(Desk):
    """The part of a hearing that its panel is concerned with; the view gives ``_shown``."""

    @told(
        _("责成专家回避"),
        _("评议组专家与申报人有利害关系的，由机构写明原因责成回避；意见提交后不能再办理。"),
        refusals=["expert_unknown", "step_not_permitted", "too_late", "handed_in", "relation_missing"],
        request=OrderPanelRecusalSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/order_recusal")
    def order_recusal(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(OrderPanelRecusalSerializer)
        sitting = defence.slot.sittings.values("expert") if defence.slot else []
        expert = Person.objects.filter(pk__in=sitting, code=given["expert"]).first()
        if expert is None:
            raise Refusal([Reason(gettext("评议组中没有这名专家。"), "A-48", "expert_unknown", "expert")])
        recusing.order(defence, expert, given["relation"], given["remark"], by=self.actor, at=self.at)
        return self._shown(defence)

    @told(
        _("评议组可以查看的材料"),
        _("申报材料中的文件，以及是否已经提供给评议组。"),
        filters=False,
        responses=MarkedFileSerializer(many=True),
    )
    @action(detail=True, methods=["get"], url_path="files", pagination_class=None)
    def files(self, request: Request, code: str) -> Response:
        return self._files_of(self.get_object())

    @told(
        _("指定评议组可以查看的材料"),
        _(
            "所列的文件逐份看过、不显示申报人身份和单位后提供给评议组；未列的不再提供。"
            "文中与姓名或者单位相似的文字确系普通词语的，列入confirmed。"
        ),
        refusals=[
            "step_not_permitted",
            "too_late",
            "file_unknown",
            "kind_not_showable",
            "file_names_person",
            "file_may_name_person",
            "cannot_be_bared",
            "cannot_be_read",
        ],
        request=MarkBlindSerializer,
        responses=MarkedFileSerializer(many=True),
    )
    @action(detail=True, methods=["post"], url_path="steps/mark_files")
    def mark_files(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(MarkBlindSerializer)
        files, confirmed = set(given["files"]), given.get("confirmed", ())
        blind_files.mark(defence, files, confirmed=confirmed, by=self.actor, at=self.at)
        return self._files_of(defence)

    def _files_of(self, defence: Defence) -> Response:
        rows = [{"file": file, "is_shown": is_shown} for file, is_shown in blind_files.candidates(defence)]
        return Response(MarkedFileSerializer(rows, many=True).data)

    def _shown(self, defence: Defence) -> Response:
        raise NotImplementedError
