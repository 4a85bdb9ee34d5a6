"""What the agencies did not check, or have heard and voted on, in time, for programs of the bureau that supervises them (N-13)."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.desks import Desk
from portal.http.schema import told
from review import rules
from review.domain import unheard
from review.interfaces.serializers_checking import SupervisedReviewSerializer
from review.models import AgencyReview


class Supervised(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = rules.oversees
    filter_backends = ()
    serializer_class = SupervisedReviewSerializer
    queryset = AgencyReview.objects.none()


class OverdueReviews(Supervised):
    def get_queryset(self) -> QuerySet[AgencyReview]:
        return AgencyReview.objects.overdue().with_all().order_by("due_at", "agency", "pk")

    @told(_("机构审核逾期"), _("评审服务机构未在规定时间内完成首次审核的申报，最早到期的在前。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)


class UnheardReviews(Supervised):
    def get_queryset(self) -> QuerySet[AgencyReview]:
        return unheard.overdue(self.at)

    @told(_("答辩评审逾期"), _("已通过审核、本年度评审期结束时尚未表决的申报，评审期最早结束的在前。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)
