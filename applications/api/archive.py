"""The personal archive, and the form that all of it follows."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rules.predicates import Predicate

from applications.api.bases import conflicting, fitting, known
from applications.domain import archiving
from applications.interfaces.serializers_archive import (
    DisputeSerializer,
    EvidenceSerializer,
    ItemChangesSerializer,
    ItemSerializer,
    NewItemSerializer,
    ProofSerializer,
    SectionSerializer,
)
from applications.models import ArchiveItem, Evidence
from applications.sections import SECTIONS, Field, ItemKind, Section
from portal.accounts.rules import acts_personally, anyone
from portal.http.desks import CODE, Desk
from portal.http.schema import told

EVIDENCE_HELP = _(
    "先按续传协议（tus 1.0.0）把文件交到 /files/uploads/：创建时在 Upload-Metadata 写明 filename 和 purpose（application_evidence），"
    "完成后用 GET 查询上传结果得到文件编号，再用本操作挂到条目上。"
)


class Sections(APIView):
    access: ClassVar[Predicate] = anyone

    @told(
        _("申报表的全部部分和字段"),
        _("每个字段的名称、类型、最大长度、选项、填写说明和依据。按此填写表单和业绩档案的 values。"),
        responses=SectionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response([_section(section) for section in SECTIONS.values()])


def _section(section: Section) -> dict[str, Any]:
    words = {name: str(getattr(section, name)) for name in ("name", "hint", "evidence")}
    facts = {name: getattr(section, name) for name in ("key", "is_sheet", "least", "evidence_required", "basis")}
    return {**facts, **words, "inputs": [_input(field) for field in section.fields]}


def _input(field: Field) -> dict[str, Any]:
    facts = {name: getattr(field, name) for name in ("name", "required", "most", "basis")}
    choices = field.choices.choices if field.choices else []
    return {
        **facts,
        "label": str(field.label),
        "hint": str(field.hint),
        "entry": field.entry.value,
        "choices": [{"value": value, "label": str(label)} for value, label in choices],
    }


class ItemFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=ItemKind.choices)

    class Meta:
        model = ArchiveItem
        fields = ("kind",)


class Archive(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    access: ClassVar[Predicate] = acts_personally
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    queryset = ArchiveItem.objects.none()

    def get_queryset(self) -> QuerySet[ArchiveItem]:
        proofs = Prefetch("evidence", Evidence.objects.filter(removed_at=None).select_related("file").order_by("pk"))
        return ArchiveItem.objects.of(self.actor).kept().prefetch_related(proofs).order_by("kind", "pk")

    @told(_("业绩档案"), _("本人保存的学历、经历、职称、业绩等条目，可按类别筛选。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("档案条目"), _("一个条目的内容、各字段的版本和证明材料。"))
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("新增条目"),
        _("在一个类别中新增条目，同时填入内容。"),
        refusals=["archive_full"],
        request=NewItemSerializer,
        responses={201: ItemSerializer},
    )
    def create(self, request: Request) -> Response:
        given = self.body(NewItemSerializer)
        kind = ItemKind(given["kind"])
        values = known(SECTIONS[kind], given.get("values", {}))
        item, saved = archiving.add_item(kind, values, by=self.actor, at=self.at)
        fitting(saved)
        return self._shown(item, status.HTTP_201_CREATED)

    @told(
        _("修改条目"),
        _("只改给出的字段。版本落后于现值时整体不保存，并在 conflicts 中给出现值和版本。系统核验的条目不能手工修改。"),
        refusals=["verified_item", "changed_elsewhere"],
        request=ItemChangesSerializer,
        responses=ItemSerializer,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(ItemChangesSerializer)
        values = known(item.section, given["values"])
        based_on = given.get("versions", {})
        saved = archiving.save_item(item, values, based_on=based_on, by=self.actor, at=self.at)
        fitting(saved)
        return conflicting(saved) if saved.conflicts else self._shown(item)

    @told(_("移除条目"), _("移出档案；已提交的申报中仍然保留。可以恢复。"), request=None, responses={204: None})
    def destroy(self, request: Request, code: str) -> Response:
        archiving.remove_item(self.get_object(), by=self.actor, at=self.at)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @told(_("恢复条目"), _("把移除的条目放回档案。"), request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def put_back(self, request: Request, code: str) -> Response:
        item = ArchiveItem.objects.of(self.actor).filter(code=code).first()
        if item is None:
            raise Http404
        archiving.put_back(item, by=self.actor, at=self.at)
        return self._shown(item)

    @told(
        _("对系统数据提出异议"),
        _("系统核验的内容与实际不符时写明情况并上传证明，由评审服务机构核验；留空即撤回。"),
        refusals=["own_item"],
        request=DisputeSerializer,
        responses=ItemSerializer,
    )
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, code: str) -> Response:
        item = self.get_object()
        archiving.dispute(item, self.body(DisputeSerializer)["reason"], by=self.actor, at=self.at)
        return self._shown(item)

    @told(
        _("挂接证明材料"),
        EVIDENCE_HELP,
        refusals=["offer_unknown", "too_many_proofs"],
        request=ProofSerializer,
        responses={201: EvidenceSerializer},
    )
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(ProofSerializer)
        proof = archiving.prove(item, given["file"], label=given["label"], by=self.actor, at=self.at)
        return Response(EvidenceSerializer(proof).data, status=status.HTTP_201_CREATED)

    @told(_("取消证明材料"), _("从条目上取下文件；已提交的申报中仍然保留。"), request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=f"evidence/(?P<proof>{CODE})")
    def drop_evidence(self, request: Request, code: str, proof: str) -> Response:
        found = Evidence.objects.filter(item=self.get_object(), code=proof, removed_at=None).first()
        if found is None:
            raise Http404
        archiving.drop_proof(found, by=self.actor, at=self.at)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shown(self, item: ArchiveItem, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=item.pk)).data, status=code)
