"""The bureau reads along: any file that an agency checks, as it stands (R-151)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from applications.domain import reading
from portal.http.desks import TimedDesk
from portal.http.schema import told
from review import rules
from review.domain import checking, looking
from review.interfaces.serializers_checking import SupervisedDetailSerializer, SupervisedReviewSerializer
from review.models import AgencyReview


class SupervisedReviews(mixins.ListModelMixin, TimedDesk):
    access: ClassVar[Predicate] = rules.oversees
    serializer_class = SupervisedReviewSerializer
    filterset_fields = ("state", "agency__code", "application__code")
    queryset = AgencyReview.objects.none()

    def get_queryset(self) -> QuerySet[AgencyReview]:
        return AgencyReview.objects.seen_by(self.actor).with_all().order_by("arrived_at", "pk")

    @told(_("各机构审核的申报"), _("可以按状态、机构和申报编号查找，先报送的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("一件申报材料"),
        _("审核情况、全部申报内容、补正事项和办理记录；只读，监督办理另见再次退回和移交。"),
        responses=SupervisedDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        review: Any = self.get_object()
        review.parts = reading.parts_of(review.snapshot.content)
        review.tally = checking.tally_of(review)
        review.history = looking.history_of(review)
        return Response(SupervisedDetailSerializer(review).data)
