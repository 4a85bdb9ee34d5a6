"""What one application is made of: sheets, representative works, the dossier, what was frozen; and the eligibility check."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from applications.api.applicant import OwnDesk
from applications.api.bases import conflicting, fitting, known
from applications.domain import candidates, compiling, drafting, lookups, reading
from applications.enums import System
from applications.interfaces.serializers import (
    ChangesSerializer,
    DossierSerializer,
    EligibilitySerializer,
    LookupSerializer,
    RegistersSerializer,
    SheetSerializer,
    SnapshotDetailSerializer,
    SnapshotSerializer,
)
from applications.interfaces.serializers_archive import WorkChoiceSerializer, WorksSerializer
from applications.models import Application, ArchiveItem, Sheet, Snapshot
from applications.sections import SECTIONS, SheetKind
from portal.accounts.rules import acts_personally
from portal.catalogue.enums import GuideState
from portal.catalogue.models import CatalogueEntry, Criterion
from portal.catalogue.queries import policy_in_force, reasons_against_choosing
from portal.http.desks import CODE, Desk
from portal.http.schema import told
from portal.shared import clock

NOT_EDITABLE = ("not_editable", "on_hold")


class Part(OwnDesk):
    """A part of one own application; ``code`` in the address is the application's, ``lookup_field`` the part's."""

    lookup_field = "kind"
    pagination_class = None
    filter_backends = ()

    def application(self) -> Application:
        """Return the own application that the address names; raises Http404."""
        return get_object_or_404(self.get_queryset(), code=self.kwargs["code"])


class Sheets(Part):
    serializer_class = SheetSerializer
    lookup_value_regex = "|".join(SheetKind.values)

    def get_queryset(self) -> QuerySet[Application]:
        return (
            super().get_queryset().select_related(None)
        )  # saved at every pause in typing, and nothing around is shown

    @told(_("填写的表单"), _("每次申报填写一次的部分。"), responses=SheetSerializer(many=True))
    def list(self, request: Request, code: str) -> Response:
        return Response(SheetSerializer(self.application().sheets.order_by("kind"), many=True).data)

    @told(_("一份表单"), _("内容和各字段的版本。"), responses=SheetSerializer)
    def retrieve(self, request: Request, code: str, kind: str) -> Response:
        return Response(SheetSerializer(self._sheet(self.application(), kind)).data)

    @told(
        _("填写表单"),
        _("只改给出的字段；字段见 /api/sections/。版本落后于现值时整体不保存，并在 conflicts 中给出现值和版本。"),
        refusals=[*NOT_EDITABLE, "changed_elsewhere"],
        request=ChangesSerializer,
        responses=SheetSerializer,
    )
    def partial_update(self, request: Request, code: str, kind: str) -> Response:
        application, given = self.application(), self.body(ChangesSerializer)
        saved = drafting.save_sheet(
            application,
            SheetKind(kind),
            known(SECTIONS[kind], given["values"]),
            based_on=given.get("versions", {}),
            by=self.actor,
            at=self.at,
        )
        fitting(saved)
        return conflicting(saved) if saved.conflicts else Response(SheetSerializer(self._sheet(application, kind)).data)

    def _sheet(self, application: Application, kind: str) -> Sheet:
        return get_object_or_404(application.sheets, kind=kind)


class Works(Part):
    serializer_class = WorksSerializer
    lookup_field = "item"
    lookup_value_regex = CODE

    @told(_("代表性成果"), _("已选的成果，以及评审委员会公布的可对应指标。"), responses=WorksSerializer)
    def list(self, request: Request, code: str) -> Response:
        return self._shown()

    @told(
        _("选为代表性成果"),
        _("把业绩档案中的一项成果列为代表性成果，number 为指标序号。"),
        refusals=[*NOT_EDITABLE, "not_a_result", "foreign_indicator", "too_many_works"],
        request=WorkChoiceSerializer,
        responses=WorksSerializer,
    )
    def update(self, request: Request, code: str, item: str) -> Response:
        application, given = self.application(), self.body(WorkChoiceSerializer)
        criterion = self._criterion(application, given["number"])
        drafting.show_work(application, self._item(item), criterion=criterion, by=self.actor, at=self.at)
        return self._shown()

    @told(
        _("取消代表性成果"),
        _("不再列为代表性成果；仍在业绩档案中。"),
        refusals=NOT_EDITABLE,
        request=None,
        responses={204: None},
    )
    def destroy(self, request: Request, code: str, item: str) -> Response:
        drafting.hide_work(self.application(), self._item(item), by=self.actor, at=self.at)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _item(self, code: str) -> ArchiveItem:
        return get_object_or_404(ArchiveItem.objects.of(self.actor).kept(), code=code)

    def _criterion(self, application: Application, number: int | None) -> Criterion | None:
        if number is None:
            return None
        criterion = _menu(application).filter(order=number).first()
        if criterion is None:
            raise ValidationError({"number": [ErrorDetail(gettext("没有这个指标。"), code="does_not_exist")]})
        return criterion

    def _shown(self) -> Response:
        application = self.application()
        works = application.works.select_related("item", "criterion")
        return Response(WorksSerializer({"works": works, "menu": _menu(application)}).data)


def _menu(application: Application) -> QuerySet[Criterion]:
    guides = {"guide__committee": application.entry.committee, "guide__state": GuideState.PUBLISHED}
    return Criterion.objects.of_results().filter(**guides).order_by("order")


class Dossier(Part):
    serializer_class = DossierSerializer

    @told(
        _("申报材料核对"),
        _("按现在的内容生成申报材料：全部部分、尚缺内容及依据、需要核对的提示。只读，不提交。"),
        responses=DossierSerializer,
    )
    def list(self, request: Request, code: str) -> Response:
        dossier = compiling.compile_dossier(self.application(), at=self.at)
        shown = {
            "parts": reading.parts_of(dossier.content),
            "reasons": [reason.as_dict() for reason in dossier.reasons],
            "warnings": dossier.discrepancies,
            "policy": dossier.content["policy"],
            "commitment": dossier.content["commitment"],
        }
        return Response(DossierSerializer(shown).data)


class Snapshots(Part):
    serializer_class = SnapshotSerializer
    lookup_field = "number"
    lookup_value_regex = "[1-9][0-9]{0,3}"

    @told(_("提交记录"), _("每次提交冻结的内容及摘要值。"), responses=SnapshotSerializer(many=True))
    def list(self, request: Request, code: str) -> Response:
        return Response(SnapshotSerializer(self._rows().defer("content"), many=True).data)

    @told(_("一次提交的内容"), _("冻结的全部内容，可按摘要值核对。"), responses=SnapshotDetailSerializer)
    def retrieve(self, request: Request, code: str, number: str) -> Response:
        return Response(SnapshotDetailSerializer(get_object_or_404(self._rows(), number=number)).data)

    def _rows(self) -> QuerySet[Snapshot]:
        return self.application().snapshots.order_by("number")


class Registers(Desk):
    access: ClassVar[Predicate] = acts_personally
    serializer_class = LookupSerializer
    pagination_class = None
    filter_backends = ()

    @told(_("系统数据"), _("学历学位、社会保险、职称证书和信用记录的查询情况。"), responses=LookupSerializer(many=True))
    def list(self, request: Request) -> Response:
        return self._shown()

    @told(
        _("重新查询系统数据"),
        _("再次查询给出的数据来源，不给出的查询全部；结果稍后返回。"),
        request=RegistersSerializer,
        responses={200: LookupSerializer(many=True)},
    )
    def create(self, request: Request) -> Response:
        systems = [System(name) for name in self.body(RegistersSerializer).get("systems", System.values)]
        person = self.actor.person
        assert person is not None  # noqa: S101 - whoever acts personally is a person
        lookups.ask(person, at=self.at, systems=systems, again=True)
        return self._shown()

    def _shown(self) -> Response:
        person = self.actor.person
        known_now = lookups.latest(person) if person else {}
        rows = [known_now[system] for system in System if system in known_now]
        return Response(LookupSerializer(rows, many=True).data)


class Eligibility(Desk):
    access: ClassVar[Predicate] = acts_personally
    lookup_field = "entry"
    lookup_value_regex = CODE

    @told(
        _("申报条件核对"),
        _("按业绩档案和系统数据逐条核对能否按该目录条目申报，每条注明规则编号和政策版本；缺少的信息列为待补充。"),
        responses=EligibilitySerializer,
    )
    def retrieve(self, request: Request, entry: str) -> Response:
        chosen = CatalogueEntry.objects.public().with_all().filter(code=entry).first()
        person, at = self.actor.person, self.at
        if chosen is None or person is None:
            raise Http404
        insured, policy = lookups.insured_employer(person), policy_in_force(clock.day_of(at))
        district = insured.district if insured else chosen.district
        reasons = reasons_against_choosing(chosen, district=district, at=at)
        found: Any = candidates.assessed_before(person, chosen, policy=policy, at=at, reasons=reasons)
        return Response(EligibilitySerializer(found).data)
