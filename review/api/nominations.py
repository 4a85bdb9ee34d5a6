"""Naming experts over the API from outside of the agencies: employers, industry authorities, and people themselves (R-161)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.models import Organisation, Person
from portal.accounts.rules import acts_personally
from portal.http.desks import Desk
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from review import rules
from review.api.experts import facts_told
from review.domain import nominating, pool_queries
from review.interfaces.serializers_experts import NominatedSerializer, OutsideNominationSerializer
from review.models import ExpertTerm


class Nominations(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = rules.nominates_from_outside | acts_personally
    serializer_class = NominatedSerializer
    filter_backends = ()
    queryset = ExpertTerm.objects.none()

    def get_queryset(self) -> QuerySet[ExpertTerm]:
        return pool_queries.nominated_by(self.actor)

    @told(_("推荐过的专家"), _("本单位推荐的，或者本人自荐的，以及办理状态。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("推荐专家进入专家库"),
        _("用人单位、行业主管部门推荐的，填写姓名和证件号码，须经本人同意；本人自荐的不填。"),
        refusals=[
            "person_unknown",
            "series_unknown",
            "agency_unknown",
            "step_not_permitted",
            "already_in_the_pool",
            "no_pool",
            "title_sufficient",
            "field_stated",
            "integrity_bar_expert",
        ],
        request=OutsideNominationSerializer,
        responses=NominatedSerializer,
    )
    def create(self, request: Request) -> Response:
        given = self.body(OutsideNominationSerializer)
        facts = facts_told(given)
        scope = nominating.Scope(_pool_of(given["agency"]), facts.series, given["band"])
        person = self._named(given["full_name"], given["number"])
        term = nominating.nominate(person, scope, facts, grounds=given["grounds"], by=self.actor, at=self.at)
        found = self.get_queryset().get(pk=term.pk)
        return Response(NominatedSerializer(found).data, status=HTTPStatus.CREATED)

    def _named(self, full_name: str, number: str) -> Person:
        if self.actor.acts_personally and self.actor.person is not None:
            return self.actor.person
        return nominating.person_named(full_name, number)


def _pool_of(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, kind__in=sorted(nominating.KEEPS_A_POOL), is_active=True).first()
    if found is None:
        raise Refusal([Reason(gettext("没有这个评审服务机构。"), "R-161", "agency_unknown", "agency")])
    return found
