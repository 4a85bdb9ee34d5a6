"""A committee's guide and standard over the API: written by its agency, checked, approved and published (R-039, R-040)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.catalogue.domain import guides
from portal.catalogue.interfaces import serializers_guides as shapes
from portal.catalogue.models import Committee, Guide
from portal.catalogue.rules import writes_guides
from portal.http.desks import Desk
from portal.http.schema import told
from portal.http.stepping import step_of


class Guides(mixins.ListModelMixin, Desk):
    """Guides by the codes of their committees: the bureau sees all, an agency its own."""

    access: ClassVar[Predicate] = bureau | writes_guides
    serializer_class = shapes.GuidedCommitteeSerializer
    filterset_fields: ClassVar = {"edition__code": ["exact"]}
    queryset = Committee.objects.none()

    def get_queryset(self) -> QuerySet[Committee]:
        rows = Committee.objects.select_related("edition", "agency", "guide")
        own = rows if bureau.test(self.actor) else rows.filter(agency=self.actor.organisation)
        return own.order_by("-edition__year", "band", "name", "pk")

    def get_object(self) -> Any:
        """Return the guide of the committee; for writing it, the committee."""
        committee = super().get_object()
        if self.action == "update":
            return committee
        guide = getattr(committee, "guide", None)
        if guide is None:
            raise Http404
        return guide

    @told(_("评审委员会的通知公告"), _("本机构各评审委员会，及其通知公告的状态。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一份通知公告"), _("内容、评价标准和现在能办的步骤。"), responses=shapes.GuideSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("编写通知公告"),
        _("以所填内容代替；核查以后须先退回才能修改。"),
        refusals=["guide_is_not_a_draft"],
        request=shapes.WrittenGuideSerializer,
        responses=shapes.GuideSerializer,
    )
    def update(self, request: Request, code: str) -> Response:
        committee, words = self.get_object(), dict(self.body(shapes.WrittenGuideSerializer))
        lines = words.pop("lines")
        return self.shown(guides.write(committee, words, lines, by=self.actor, at=self.at))

    verify = step_of(Guide, "verify", None, _("核查标准是否设置了不得设置的限制性要求。"), shows=shapes.GuideSerializer)
    send_back = step_of(Guide, "send_back", None, _("退回修改。"), shows=shapes.GuideSerializer)
    approve = step_of(Guide, "approve", None, _("批准后可以公布。"), shows=shapes.GuideSerializer)
    publish = step_of(Guide, "publish", None, _("公布后不能再改。"), shows=shapes.GuideSerializer)
    archive = step_of(Guide, "archive", None, _("归档。"), shows=shapes.GuideSerializer)

    def shown(self, guide: Guide) -> Response:
        """Return the guide as it stands; its steps are found by the committee's code."""
        steps = [
            {**one, "address": one["address"].replace(guide.code, guide.committee.code)}
            for one in self.steps_here(guide)
        ]
        return Response(shapes.GuideSerializer(guide, context={"steps": steps}).data)
