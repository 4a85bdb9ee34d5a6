"""Files whose agency may not evaluate, and giving one to another agency (R-152, R-153)."""

from typing import ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.catalogue.models import CatalogueEntry
from portal.http.schema import told
from review import rules
from review.api.applications import OfApplications
from review.domain import transferring
from review.interfaces.serializers_checking import (
    MovableFileSerializer,
    SupervisedReviewSerializer,
    TransferSerializer,
)
from review.models import AgencyReview


class SuspendedFiles(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfApplications):
    access: ClassVar[Predicate] = rules.authorises
    serializer_class = SupervisedReviewSerializer
    filter_backends = ()
    queryset = AgencyReview.objects.none()

    def get_queryset(self) -> QuerySet[AgencyReview]:
        return transferring.waiting(self.actor)

    @told(
        _("暂停评审的申报"),
        _(
            "评审服务机构被暂停或者收回评审权、可以移交的申报：尚未作出审核结论的，以及收回评审权后审核已通过、尚未表决的。"
        ),
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一件暂停评审的申报"), _("所在机构，以及可以移交的目录条目。"), responses=MovableFileSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return Response(MovableFileSerializer(self.get_object()).data)

    @told(
        _("移交其他评审服务机构"),
        _(
            "由市人力资源社会保障局负责人写明原因，移交给本年度同专业、同级别的其他评审委员会；告知申报人、单位和接收的机构。"
            "审核已通过的，接收的机构继续办理缴费、答辩和评审，已缴的评审费有效。"
        ),
        refusals=[
            "step_not_permitted",
            "step_not_open",
            "check_passed",
            "agency_not_suspended",
            "defence_running",
            "vote_running",
            "no_such_target",
            "nobody_there",
            "reason_given",
        ],
        request=TransferSerializer,
        responses=SupervisedReviewSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/transfer")
    def transfer(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(TransferSerializer)
        to = get_object_or_404(CatalogueEntry.objects.public().with_all(), code=given["to"])
        transferring.transfer(review, to, reason=given["reason"], by=self.actor, at=self.at)
        done = AgencyReview.objects.with_all().get(pk=review.pk)
        return Response(SupervisedReviewSerializer(done).data)
