"""A freelancer's recommender and the papers that it sealed, over the API (R-082…R-084, A-16)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.draft import NOT_EDITABLE, Part
from applications.domain import associating
from applications.enums import SealedPaper
from applications.interfaces.serializers_association import (
    RecommendedBySerializer,
    RecommenderChoiceSerializer,
    ScannedSerializer,
)
from applications.models import Application
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.enums import Channel
from portal.http.schema import told


class Recommenders(Part):
    serializer_class = RecommendedBySerializer
    lookup_field = "paper"
    lookup_value_regex = "|".join(SealedPaper.values)

    @told(
        _("推荐协会、学会"), _("自由职业者选择的协会、学会、推荐方式和盖章扫描件。"), responses=RecommendedBySerializer
    )
    def list(self, request: Request, code: str) -> Response:
        return self._shown(self.application())

    @told(
        _("选择推荐协会、学会"),
        _(
            "没有由单位参保的，选择认可的协会、学会（见 /api/catalogue/associations/）；association 为空的由参保单位推荐。"
        ),
        refusals=[*NOT_EDITABLE, "insured_by_employer", "association_not_recognised", "choice_is_fixed"],
        request=RecommenderChoiceSerializer,
        responses=RecommendedBySerializer,
    )
    def create(self, request: Request, code: str) -> Response:
        application, given = self.application(), self.body(RecommenderChoiceSerializer)
        chosen = _association(given["association"])
        return self._shown(
            associating.choose(application, chosen, on_paper=given["on_paper"], by=self.actor, at=self.at)
        )

    @told(
        _("提交盖章扫描件"),
        _("纸质推荐的，按续传协议交文件后以文件编号提交三份盖章材料的扫描件；再次提交的替换原件。"),
        refusals=[*NOT_EDITABLE, "is_on_paper", "offer_unknown"],
        request=ScannedSerializer,
        responses=RecommendedBySerializer,
    )
    def update(self, request: Request, code: str, paper: str) -> Response:
        application, given = self.application(), self.body(ScannedSerializer)
        associating.attach(application, SealedPaper(paper), given["file"], by=self.actor, at=self.at)
        return self._shown(application)

    def _shown(self, application: Application) -> Response:
        found = application.employer if application.channel == Channel.FREELANCER else None
        shown: dict[str, Any] = {
            "association": found.code if found else "",
            "name": found.name if found else "",
            "on_paper": application.on_paper,
            "scans": application.scans.select_related("file").order_by("pk"),
        }
        return Response(RecommendedBySerializer(shown).data)


def _association(code: str) -> Organisation | None:
    """Return the association named; raises ValidationError beside ``association``."""
    if not code:
        return None
    found = Organisation.objects.filter(code=code, kind=OrganisationKind.ASSOCIATION).first()
    if found is None:
        raise ValidationError({"association": [ErrorDetail(gettext("没有这个协会、学会。"), code="does_not_exist")]})
    return found
