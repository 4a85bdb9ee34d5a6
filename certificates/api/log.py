"""The certificate log over the API, for holders, witnesses and mirrors: nothing but hashes, proofs and signed heads.

Only what was signed is answered for: sizes up to the newest checkpoint.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from certificates.domain import checkpoints, log_keys, stamping, transparency
from certificates.interfaces import serializers_log as shapes
from certificates.models import LogCheckpoint, LogStamp
from portal.accounts.rules import anyone
from portal.http.desks import Desk
from portal.http.limits import count_against
from portal.http.schema import told
from portal.sealing.keys import KeysUnfitError

QUESTIONS_AN_HOUR = 2000
TEXT, STAMP = "text/plain; charset=utf-8", "application/timestamp-reply"
SIZE = r"(?P<size>[1-9]\d{0,17})"
PLAIN = {(200, "text/plain"): OpenApiTypes.STR}


class CertificateLog(Desk):
    """What anybody may ask the log."""

    access: ClassVar[Predicate] = anyone
    serializer_class = shapes.ClosingSerializer
    filter_backends = ()
    queryset = LogCheckpoint.objects.none()

    def get_queryset(self) -> QuerySet[LogCheckpoint]:
        return stamping.closings(self.at)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        count_against(request._request, "certificate_log", per_hour=QUESTIONS_AN_HOUR)

    @told(
        _("最新检查点"),
        _("日志当前的签名头：名称、记录数、根散列值和签名，按 C2SP tlog-checkpoint 格式。"),
        refusals=["not_found", "too_often"],
        responses=PLAIN,
    )
    @action(detail=False)
    def checkpoint(self, request: Request) -> HttpResponse:
        return HttpResponse(self._newest().note, content_type=TEXT)

    @told(
        _("一个检查点"),
        _("按记录数查找曾经签发的检查点。"),
        refusals=["not_found", "too_often"],
        responses=PLAIN,
    )
    @action(detail=False, url_path=rf"checkpoints/{SIZE}")
    def signed(self, request: Request, size: str) -> HttpResponse:
        found = LogCheckpoint.objects.filter(size=int(size)).first()
        if found is None:
            raise Http404
        return HttpResponse(found.note, content_type=TEXT)

    @told(
        _("检查点的可信时间戳"),
        _("第三方时间戳机构对检查点全文的 RFC 3161 时间戳；每日最后一个检查点有。"),
        refusals=["not_found", "too_often"],
        responses={(200, STAMP): OpenApiTypes.BINARY},
    )
    @action(detail=False, url_path=rf"checkpoints/{SIZE}/stamp")
    def stamp(self, request: Request, size: str) -> HttpResponse:
        found = LogStamp.objects.filter(checkpoint=int(size)).first()
        if found is None:
            raise Http404
        return HttpResponse(bytes(found.response), content_type=STAMP)

    @told(
        _("每日收尾检查点"),
        _("每天最后一个检查点，最近的在前；可供见证、公布和印刷。"),
        refusals=["too_often"],
        responses=shapes.ClosingSerializer(many=True),
    )
    @action(detail=False)
    def closings(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(shapes.ClosingSerializer(page, many=True).data)

    @told(
        _("一致性证明"),
        _("证明较晚的日志以较早的日志开头：之前的记录没有改动、抽走或者调换。"),
        refusals=["invalid", "not_found", "too_often"],
        parameters=[shapes.SizesQuery],
        responses=shapes.ConsistencySerializer,
    )
    @action(detail=False)
    def consistency(self, request: Request) -> Response:
        first, second = self._asked(shapes.SizesQuery).values()
        self._signed(second)
        try:
            proof = transparency.consistency_proof(first, second)
        except ValueError:
            raise Http404 from None
        return Response(shapes.ConsistencySerializer({"first": first, "second": second, "proof": proof}).data)

    @told(
        _("包含证明"),
        _("证明一条记录在日志的这个位置；只涉及散列值，不显示记录。"),
        refusals=["invalid", "not_found", "too_often"],
        parameters=[shapes.PlaceQuery],
        responses=shapes.InclusionSerializer,
    )
    @action(detail=False)
    def inclusion(self, request: Request) -> Response:
        asked = self._asked(shapes.PlaceQuery)
        size = self._signed(asked.get("size"))
        index = transparency.place_of(bytes.fromhex(asked["leaf"])) if "leaf" in asked else asked["index"]
        if index is None or index >= size:
            raise Http404
        (leaf,) = transparency.leaf_hashes(index, index + 1)
        proof = transparency.inclusion_proof(index, size)
        shown = {"index": index, "size": size, "leaf": leaf, "proof": proof}
        return Response(shapes.InclusionSerializer(shown).data)

    @told(
        _("记录的散列值"),
        _("按顺序给出一段记录的散列值，供镜像重新计算根；每次最多1000条，不含任何记录内容。"),
        refusals=["invalid", "not_found", "too_often"],
        parameters=[shapes.RangeQuery],
        responses=shapes.LeavesSerializer,
    )
    @action(detail=False)
    def leaves(self, request: Request) -> Response:
        asked = self._asked(shapes.RangeQuery)
        start, size = asked["start"], self._newest().size
        found = transparency.leaf_hashes(start, min(start + asked["count"], size))
        return Response(shapes.LeavesSerializer({"start": start, "size": size, "leaves": found}).data)

    @told(
        _("日志的公钥"),
        _("每行一个公钥，现用的在第一行，格式为“名称+标识+base64”；核验程序的 --key 即用这一行。"),
        refusals=["not_found", "too_often"],
        responses=PLAIN,
    )
    @action(detail=False)
    def key(self, request: Request) -> HttpResponse:
        try:
            keys = log_keys.published_keys()
        except KeysUnfitError:
            raise Http404 from None
        return HttpResponse("".join(f"{key.line}\n" for key in keys), content_type=TEXT)

    def _asked(self, query: Any) -> dict[str, Any]:
        asked = query(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def _newest(self) -> LogCheckpoint:
        found = checkpoints.newest()
        if found is None:
            raise Http404
        return found

    def _signed(self, size: int | None) -> int:
        """Return a size up to which the log was signed, the newest for none; raises Http404 for a larger one."""
        newest = self._newest().size
        if size is not None and size > newest:
            raise Http404
        return size or newest
