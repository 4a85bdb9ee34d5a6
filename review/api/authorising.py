"""The bureau lets an agency return a file once more, for an error of the agency's own (A-09)."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.schema import told
from review import rules
from review.api.applications import OfApplications
from review.domain import authorising
from review.interfaces.serializers_checking import AuthoriseSerializer, SecondCheckSerializer
from review.models import AgencyReview


class SecondChecks(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfApplications):
    access: ClassVar[Predicate] = rules.authorises
    serializer_class = SecondCheckSerializer
    filter_backends = ()
    queryset = AgencyReview.objects.none()

    def get_queryset(self) -> QuerySet[AgencyReview]:
        return authorising.second_checks(self.actor)

    @told(_("补正后复审的申报"), _("各评审服务机构正在复审的申报，以及是否已同意再次退回。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一件复审"), _("评审服务机构、已退回次数和允许退回的次数。"))
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("同意再次退回补正"),
        _("因评审服务机构自身差错，由市人力资源社会保障局负责人写明原因，同意其再退回一次；告知评审服务机构。"),
        refusals=["step_not_permitted", "authorised_before", "step_not_open", "reason_given"],
        request=AuthoriseSerializer,
        responses=SecondCheckSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/authorise_return")
    def authorise_return(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(AuthoriseSerializer)
        authorising.authorise_return(review, reason=given["reason"], by=self.actor, at=self.at)
        return Response(SecondCheckSerializer(self.get_queryset().get(pk=review.pk)).data)
