"""One page with every part and every control, in every state: what the browser tests look at besides the real pages."""

import datetime as dt
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from portal.accounts.rules import anyone
from portal.http.access import open_to
from portal.http.parts import Stage, StageState, Task
from portal.http.widgets import Counted, CreditCode, DateParts, HintedRadios, Money
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workdays.counting import Calendar, DayException, term_from_day
from portal.workflow import OpenStep

AT = dt.datetime(2026, 9, 30, 10, 0, tzinfo=clock.BEIJING)
TEMPLATE = Path(__file__).with_name("gallery.html")
HOLIDAY = DayException(is_workday=False, name="国庆节")
CALENDAR = Calendar(
    frozenset({2026}),
    {dt.date(2026, 10, day): HOLIDAY for day in range(1, 8)}
    | {dt.date(2026, 10, 10): DayException(is_workday=True, name="国庆节调休")},
)
LEVELS = [("senior", "高级"), ("middle", "中级"), ("junior", "初级")]
HINTS = {"senior": "正高级、副高级，须现场答辩", "junior": "助理级、员级，不答辩"}


class Everything(forms.Form):
    """Each kind of field once."""

    full_name = forms.CharField(label="姓名", help_text="与身份证件一致，生僻字请照原样填写", max_length=50)
    credit_code = forms.CharField(label="统一社会信用代码", widget=CreditCode, max_length=18)
    password = forms.CharField(label="密码", widget=forms.PasswordInput)
    series = forms.ChoiceField(label="系列", choices=[("", "请选择"), ("a", "工程技术"), ("b", "农业技术")])
    level = forms.ChoiceField(label="申报级别", choices=LEVELS, widget=HintedRadios(HINTS))
    checks = forms.MultipleChoiceField(
        label="需要核对的材料", choices=[("a", "学历"), ("b", "社会保险")], widget=forms.CheckboxSelectMultiple
    )
    birth = forms.DateField(label="学位证书签发日期", help_text="例如 2012 年 6 月 30 日", widget=DateParts)
    opens_on = forms.DateField(label="开始日期", required=False)
    fee = forms.DecimalField(label="收费标准", widget=Money)
    period = forms.IntegerField(label="补正期限", widget=Counted("个工作日"))
    reason = forms.CharField(label="退回原因", widget=forms.Textarea, max_length=200)
    proof = forms.FileField(label="证明材料", help_text="PDF 或 JPG，不超过 20 MB")
    promise = forms.BooleanField(label="本人承诺所填内容真实、准确、完整")


class Narrow(forms.Form):
    """A filter."""

    q = forms.CharField(label="姓名或编号", required=False)
    level = forms.ChoiceField(label="级别", choices=[("", "全部"), *LEVELS], required=False)


def stages() -> list[Stage]:
    """Return a file in its middle."""
    day = dt.timedelta(days=1)
    return [
        Stage("个人申报", StageState.DONE, "7月8日", "林晓", AT - 80 * day, AT - 78 * day, "R-063"),
        Stage("单位推荐", StageState.DONE, "7月21日", "示例电子有限公司", AT - 78 * day, AT - 70 * day, "R-072"),
        Stage(
            "机构审核", StageState.NOW, "待补正", "示例评审服务机构", AT - 20 * day, clock.end_of(AT.date()), "R-091"
        ),
        Stage("评审会议", StageState.LATER, "10—11月", note="审核通过并缴费后进入。"),
    ]


def context(form: forms.Form) -> dict[str, Any]:
    """Return what the page shows."""
    steps = [
        OpenStep("rule", "提交申报", "R-063", caution=False, reasons=()),
        OpenStep("rule", "撤回申报", "", caution=True, reasons=()),
        OpenStep("recommend", "推荐", "R-073", caution=False, reasons=(Reason("公示尚未届满。", "R-072"),)),
    ]
    return {
        "form": form,
        "crumbs": [("首页", "/"), ("我的申报", "/desk/")],
        "filter_form": Narrow({"q": "林"}),
        "at": AT,
        "due_at": clock.end_of(AT.date() + dt.timedelta(days=1)),
        "over": AT - dt.timedelta(days=1),
        "term": term_from_day(CALENDAR, dt.date(2026, 9, 30), 5),
        "stages": stages(),
        "steps": steps,
        "tasks": [
            Task("学历学位证明", "需补正", "/", "扫描件不清晰，请重新上传", tone="action"),
            Task("业绩成果（4 项）", "已通过", "/"),
        ],
        "page_of_rows": Paginator(range(100), 10).page(4),
        "files": [
            {
                "name": "学位证书.pdf",
                "size": 483210,
                "sha256": "9f86d081884c7d65" * 4,
                "received_at": AT,
                "address": "/",
            }
        ],
        "rows": [("姓名", "林晓"), ("申报级别", "副高级", "/", "修改")],
    }


@open_to(anyone)
def gallery(request: HttpRequest) -> HttpResponse:
    form = Everything(request.GET) if "q" in request.GET else Everything()
    template = engines["django"].from_string(TEMPLATE.read_text(encoding="utf-8"))
    return HttpResponse(template.render(context(form), request))


@open_to(anyone)
def autosave(request: HttpRequest) -> JsonResponse:
    """Store nothing; refuse a version that is not the newest, and fail on demand."""
    words = request.POST["words"]
    if words == "fail":
        return JsonResponse({}, status=503)
    if request.POST["_version"] != "1":
        return JsonResponse({"detail": "草稿已在另一窗口修改。"}, status=409)
    return JsonResponse({"saved": "14:32", "version": "2"})


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/autosave/", autosave),
    path("", include("portal.urls")),
]
handler404 = "portal.web.views.errors.not_found"
