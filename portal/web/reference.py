"""The API's own description, read for people: operations by room, their fields, and the codes of their refusals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator

from portal.http.schema import CODES

ROOMS: dict[str, str | Promise] = {
    "applications": gettext_lazy("个人申报"),
    "archive": gettext_lazy("业绩档案"),
    "registers": gettext_lazy("系统数据"),
    "eligibility": gettext_lazy("申报条件核对"),
    "sections": gettext_lazy("申报表结构"),
    "papers": gettext_lazy("申报材料的PDF文件"),
    "recommendations": gettext_lazy("单位审核推荐"),
    "reviews": gettext_lazy("机构审核"),
    "overdue-reviews": gettext_lazy("机构审核逾期"),
    "unheard-reviews": gettext_lazy("答辩评审逾期"),
    "supervised-reviews": gettext_lazy("监督机构审核"),
    "second-checks": gettext_lazy("再次退回补正"),
    "suspended-files": gettext_lazy("暂停评审的申报"),
    "defences": gettext_lazy("我的答辩"),
    "hearings": gettext_lazy("答辩组织"),
    "rounds": gettext_lazy("答辩安排"),
    "rooms": gettext_lazy("答辩场所"),
    "panel": gettext_lazy("答辩评议"),
    "experts": gettext_lazy("评审专家库"),
    "nominations": gettext_lazy("推荐评审专家"),
    "own-terms": gettext_lazy("我的专家聘期"),
    "filings": gettext_lazy("评审委员会备案"),
    "votes": gettext_lazy("电子表决"),
    "sessions": gettext_lazy("评审会议筹备"),
    "meetings": gettext_lazy("评审会议进行"),
    "seats": gettext_lazy("参会委员"),
    "cases": gettext_lazy("评审事项"),
    "acceptances": gettext_lazy("评审结果验收"),
    "results": gettext_lazy("评审结果"),
    "payments": gettext_lazy("缴纳评审费"),
    "fees": gettext_lazy("机构评审费"),
    "refunds": gettext_lazy("退费"),
    "reconciliations": gettext_lazy("缴费对账"),
    "stray-notices": gettext_lazy("未对应订单的缴费通知"),
    "quotas": gettext_lazy("定向评价名额"),
    "certificates": gettext_lazy("证书查验和本人证书"),
    "certificate-log": gettext_lazy("证书透明日志"),
    "waiting-results": gettext_lazy("待发证人员"),
    "certificate-orders": gettext_lazy("发证批次"),
    "certificate-register": gettext_lazy("证书登记簿"),
    "certificate-changes": gettext_lazy("证书变更"),
    "certificate-pushes": gettext_lazy("证书推送"),
    "figures": gettext_lazy("统计分析"),
    "notices": gettext_lazy("公示公告和提出异议"),
    "own-notices": gettext_lazy("本单位的公示"),
    "objections": gettext_lazy("异议办理情况"),
    "settling": gettext_lazy("异议处理"),
    "review-requests": gettext_lazy("复查申请办理"),
    "own-review-requests": gettext_lazy("我的复查申请"),
    "catalogue": gettext_lazy("专业目录和政策"),
    "schedules": gettext_lazy("时间安排编制"),
    "policies": gettext_lazy("政策版本编制"),
    "guides": gettext_lazy("评审通知公告"),
    "holiday-notices": gettext_lazy("节假日安排"),
    "specialties": gettext_lazy("专业设立"),
    "editions": gettext_lazy("目录编制"),
    "authorities": gettext_lazy("机构评审权"),
    "recognitions": gettext_lazy("协会、学会认可"),
    "organisations": gettext_lazy("单位和人员"),
    "membership-requests": gettext_lazy("人员申请办理"),
    "invitations": gettext_lazy("接受单位邀请"),
    "claims": gettext_lazy("登记本人负责的单位"),
    "integrity-records": gettext_lazy("失信记录办理"),
    "integrity-clues": gettext_lazy("失信线索"),
    "integrity-entries": gettext_lazy("信用平台推送"),
    "own-integrity-records": gettext_lazy("我的诚信记录"),
    "files": gettext_lazy("文件"),
    "messages": gettext_lazy("消息"),
}
REFERENCE = "#/components/schemas/"
PROBLEM = "Problem"
SUCCESS = "2"


@dataclass(frozen=True)
class Row:
    """One parameter or field: ``kind`` in words, ``shape`` the structure that it leads to."""

    name: str
    kind: str
    shape: str = ""
    required: bool = False
    note: str = ""
    place: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One thing that the API does."""

    key: str
    room: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Row, ...]
    request: str
    answers: tuple[tuple[str, Row | None], ...]
    codes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Shape:
    """One structure of the API with its fields."""

    name: str
    description: str
    rows: tuple[Row, ...]


def schema() -> dict[str, Any]:
    """Return the description of the whole API in the reader's language, made once per process."""
    return _made(translation.get_language() or "")


@cache
def _made(language: str) -> dict[str, Any]:
    with translation.override(language):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        return made


def operations(room: str = "") -> list[Operation]:
    """Return every operation, or those of one room, in the order of their addresses."""
    return [one for one in _every_operation(translation.get_language() or "") if room in {"", one.room}]


@cache
def _every_operation(language: str) -> list[Operation]:
    with translation.override(language):
        return [
            _operation(path, method, told)
            for path, methods in schema()["paths"].items()
            for method, told in methods.items()
        ]


def shapes(of: Iterable[Operation]) -> list[Shape]:
    """Return the structures that these operations bring and answer, and what they are made of."""
    wanted = {one.request for one in of} | {row.shape for one in of for _status, row in one.answers if row}
    seen: dict[str, Shape] = {}
    while wanted := wanted - seen.keys() - {""}:
        for name in wanted:
            seen[name] = _shape(name)
        wanted = {row.shape for name in wanted for row in seen[name].rows}
    return [seen[name] for name in sorted(seen) if seen[name].rows]


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    bodies = told.get("requestBody", {}).get("content", {})
    request = next((_leads_to(one["schema"]) for one in bodies.values()), "")
    answers = told["responses"].items()
    return Operation(
        key=told["operationId"],
        room=told["tags"][0],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=tuple(_parameter(one) for one in told.get("parameters", [])),
        request=request,
        answers=tuple((status, _body(one)) for status, one in answers if status.startswith(SUCCESS)),
        codes=tuple((status, tuple(codes)) for status, codes in told[CODES].items()),
    )


def _body(answer: Mapping[str, Any]) -> Row | None:
    for one in answer.get("content", {}).values():
        return _row("", one["schema"], ())
    return None


def _parameter(told: Mapping[str, Any]) -> Row:
    required = [told["name"]] if told.get("required") else []
    row = _row(told["name"], told.get("schema", {}), required)
    return Row(row.name, row.kind, row.shape, row.required, told.get("description", ""), told["in"], row.choices)


def _shape(name: str) -> Shape:
    told = schema()["components"]["schemas"][name]
    required = told.get("required", [])
    rows = tuple(_row(field, inner, required) for field, inner in told.get("properties", {}).items())
    return Shape(name, told.get("description", ""), rows)


def _row(name: str, told: Mapping[str, Any], required: Iterable[str]) -> Row:
    shape = _leads_to(told)
    choices = tuple(_choices(told, shape))
    kind = "".join((_kind(told, choices), _bounds(told)))
    return Row(name, kind, "" if choices else shape, name in required, told.get("description", ""), choices=choices)


def _leads_to(told: Mapping[str, Any]) -> str:
    """Return the name of the structure in ``told``, also where it is listed, wrapped or may be absent; empty for none."""
    for one in (told, told.get("items", {}), *told.get("allOf", []), *told.get("oneOf", [])):
        if "$ref" in one:
            return str(one["$ref"]).removeprefix(REFERENCE)
    return ""


def _choices(told: Mapping[str, Any], shape: str) -> Iterator[str]:
    known = schema()["components"]["schemas"].get(shape, {})
    yield from (str(value) for value in (told.get("enum") or known.get("enum") or ()) if value not in {None, ""})


def _kind(told: Mapping[str, Any], choices: tuple[str, ...]) -> str:
    words = {
        "string": _("文字"),
        "integer": _("整数"),
        "number": _("数"),
        "boolean": _("是或者否"),
        "object": _("对象"),
        "array": _("列表"),
    }
    formats = {"date": _("日期"), "date-time": _("时间"), "email": _("电子邮箱"), "uri": _("地址")}
    if choices:
        return _("选项")
    return formats.get(told.get("format", "")) or words.get(told.get("type", "object"), "")


def _bounds(told: Mapping[str, Any]) -> str:
    if "maxLength" in told:
        return _("，最多%(most)s字") % {"most": told["maxLength"]}
    if "maxItems" in told:
        return _("，最多%(most)s项") % {"most": told["maxItems"]}
    return ""
