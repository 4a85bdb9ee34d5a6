"""The employer's desk: checking, publicising and recommending, for one and for many."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from applications import rules
from applications.domain import publicising, queries, reading, receiving, recommending
from applications.domain.receiving import Found
from applications.domain.recommending import Opinion
from applications.enums import RecommendationState
from applications.interfaces.serializers_employer import (
    ChecksSerializer,
    OpinionForManySerializer,
    OpinionSerializer,
    OutcomesSerializer,
    PostedSerializer,
    PubliciseSerializer,
    QueueFilterSerializer,
    QueueSearchSerializer,
    RecommendationDetailSerializer,
    RecommendationSerializer,
    RefuseSerializer,
    SendBackSerializer,
)
from applications.models import Application, Recommendation, Snapshot
from portal.deadlines.models import Deadline
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk, codes_in
from portal.http.once import key_of
from portal.http.schema import told

# The steps that this desk offers, and the address of each; taking a notice back is done with the notice.
ADDRESSES = {
    "open": "api:recommendation-receive",
    "send_back": "api:recommendation-send-back",
    "publicise": "api:recommendation-publicise",
    "recommend": "api:recommendation-recommend",
    "confirm": "api:recommendation-recommend",
    "refuse": "api:recommendation-refuse",
}


class Recommendations(Desk):
    access: ClassVar[Predicate] = rules.recommends
    asking = ("search",)
    serializer_class = RecommendationSerializer
    filter_backends = ()
    queryset = Recommendation.objects.none()

    def get_queryset(self) -> QuerySet[Recommendation]:
        return queries.queue(self.actor)

    def timed(self, request: HttpRequest) -> QuerySet[Recommendation]:
        """Return what the address names, or for many at once what the body names."""
        most = publicising.MOST_ON_ONE_NOTICE
        named = [self.kwargs["code"]] if "code" in self.kwargs else codes_in(request, "codes", most=most)
        return self.get_queryset().filter(code__in=named) if named else Recommendation.objects.none()

    @told(
        _("审核推荐列表"),
        _("本单位的全部推荐，等待最久的在前。state 可填 open（全部待办）。"),
        parameters=[QueueFilterSerializer],
        responses=RecommendationSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = QueueFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return self._listed(**wanted.validated_data)

    @told(
        _("查找推荐"),
        _("按姓名或者申报编号查找；查找的内容不写在地址中，page和size写在地址中。"),
        request=QueueSearchSerializer,
        responses={200: RecommendationSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], url_path="searches", url_name="searches")
    def search(self, request: Request) -> Response:
        return self._listed(**self.body(QueueSearchSerializer))

    def _listed(self, *, notice: str, **narrowed: str) -> Response:
        page = self.paginate_queryset(queries.queue(self.actor, on_notice=notice, **narrowed))
        return self.get_paginated_response(RecommendationSerializer(page, many=True).data)

    @told(
        _("一件推荐"),
        _("申报人提交时冻结的全部内容、逐项核对情况、补正后的变化、期限和现在能办的步骤。"),
        responses=RecommendationDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("受理"),
        _("开始审核申报人提交的内容。"),
        steps=[(Recommendation, "open"), (Application, "receive")],
        request=EmptySerializer,
        responses=RecommendationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/open")
    def receive(self, request: Request, code: str) -> Response:
        recommendation = self.get_object()
        self.body(EmptySerializer)
        return self._shown(receiving.receive(recommendation, **self._step()))

    @told(
        _("逐项核对"),
        _("记录各部分是否属实；不属实的须写明情况。可分多次。part 取自 parts 中的 key。"),
        refusals=["step_not_open", "step_not_permitted", "part_unknown", "remark_missing"],
        request=ChecksSerializer,
        responses=RecommendationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/check")
    def check(self, request: Request, code: str) -> Response:
        recommendation, rows = self.get_object(), self.body(ChecksSerializer)["found"]
        found = {row["part"]: Found(row["is_right"], row["remark"]) for row in rows}
        return self._shown(receiving.check(recommendation, found, by=self.actor, at=self.at))

    @told(
        _("退回申报人修改"),
        _("个人申报时间内请申报人修改后再次提交。"),
        steps=[(Recommendation, "send_back"), (Application, "send_back")],
        request=SendBackSerializer,
        responses=RecommendationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/send_back")
    def send_back(self, request: Request, code: str) -> Response:
        recommendation, given = self.get_object(), self.body(SendBackSerializer)
        return self._shown(receiving.send_back(recommendation, **given, **self._step()))

    @told(
        _("不予推荐"),
        _("由单位负责人写明理由和原因；申报人收到原因和救济途径。"),
        refusals=["asked_with_many"],
        steps=[(Recommendation, "refuse")],
        request=RefuseSerializer,
        responses=RecommendationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/refuse")
    def refuse(self, request: Request, code: str) -> Response:
        recommendation, given = self.get_object(), self.body(RefuseSerializer)
        return self._shown(receiving.refuse(recommendation, **given, **self._step()))

    @told(
        _("签署推荐"),
        _("由单位负责人填写推荐意见和考核结果并作真实性声明；补正后的复核确认也用本操作。"),
        refusals=["asked_with_many"],
        steps=[(Recommendation, "recommend"), (Recommendation, "confirm"), (Application, "recommend")],
        request=OpinionSerializer,
        responses=RecommendationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/recommend")
    def recommend(self, request: Request, code: str) -> Response:
        recommendation, opinion = self.get_object(), _opinion(self.body(OpinionSerializer))
        return self._shown(recommending.recommend(recommendation, opinion, **self._step()))

    @told(
        _("发布公示"),
        _("为一人或者多人发布一份单位公示，公示不少于5个工作日；其中一人不能公示的，全部不发布。"),
        refusals=["not_found", "how_many", "owner_agrees", "names_a_contact"],
        steps=[(Recommendation, "publicise")],
        request=PubliciseSerializer,
        responses={201: PostedSerializer},
    )
    @action(detail=False, methods=["post"])
    def publicise(self, request: Request) -> Response:
        given = self.body(PubliciseSerializer)
        chosen = self._chosen(given["codes"])
        notice = publicising.publicise(chosen, contact=given["contact"], text=given["text"], **self._step())
        due = Deadline.objects.waiting().of(notice).order_by("due_at").first()
        shown = {
            "notice": notice.code,
            "title": notice.title,
            "posted_at": notice.posted_at,
            "workdays": notice.workdays,
            "due_at": due.due_at if due else None,
            "recommendations": self._chosen(given["codes"]),
        }
        return Response(PostedSerializer(shown).data, status=status.HTTP_201_CREATED)

    @told(
        _("批量签署推荐"),
        _("以同一意见推荐多人，各人分别办理：不能推荐的保持原状并逐条给出原因，不影响其他人。"),
        refusals=["not_found", "asked_with_many"],
        steps=[(Recommendation, "recommend")],
        request=OpinionForManySerializer,
        responses={200: OutcomesSerializer},
    )
    @action(detail=False, methods=["post"])
    def recommend_many(self, request: Request) -> Response:
        given = self.body(OpinionForManySerializer)
        found = recommending.recommend_many(self._chosen(given["codes"]), _opinion(given), by=self.actor, at=self.at)
        outcomes = [
            {
                "code": one.recommendation.code,
                "done": one.is_done,
                "state": one.recommendation.state,
                "reasons": [reason.as_dict() for reason in one.reasons],
            }
            for one in found
        ]
        return Response(OutcomesSerializer({"outcomes": outcomes}).data)

    def _chosen(self, codes: Sequence[str]) -> Sequence[Recommendation]:
        """Return what ``codes`` name, in their order; raises Http404 where the organisation has not got all of them."""
        found = {one.code: one for one in self.get_queryset().filter(code__in=codes)}
        if found.keys() != set(codes):
            raise Http404
        return [found[code] for code in dict.fromkeys(codes)]

    def _step(self) -> dict[str, Any]:
        return {"by": self.actor, "at": self.at, "key": key_of(self.request._request)}

    def _shown(self, recommendation: Recommendation) -> Response:
        found: Any = self.get_queryset().get(pk=recommendation.pk)
        frozen = found.application.snapshots.filter(discarded_at=None).order_by("-number").first()
        found.parts = reading.parts_of(frozen.content) if frozen else []
        found.changed = _changed(found, frozen)
        steps = self.steps_of(found, self.request)
        found.steps = [{**one, "address": _address(found, one["step"])} for one in steps if one["step"] in ADDRESSES]
        return Response(RecommendationDetailSerializer(found).data)


def _changed(recommendation: Recommendation, frozen: Snapshot | None) -> list[dict[str, Any]]:
    """Return what a correction changed since the employer signed."""
    signed = recommendation.snapshot
    if frozen is None or signed is None or recommendation.state == RecommendationState.RECOMMENDED:
        return []
    changes = reading.changes(signed.content, frozen.content)
    return [{"key": change.key, "labels": sorted(change.fields)} for change in changes]


def _address(recommendation: Recommendation, step: str) -> str:
    return reverse(ADDRESSES[step], args=[] if step == "publicise" else [recommendation.code])


def _opinion(given: Any) -> Opinion:
    return Opinion(given["opinion"], given["assessment"], truth=given["truth"])
