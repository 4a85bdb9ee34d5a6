"""The agency's desk: planning a session, the draw, invitations, who chairs and counts, the agenda, cancelling."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import agency, agency_lead, bureau, bureau_lead
from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Refusal
from review import rules
from review.domain import agenda, defence_queries, drawing, minutes, seating, sitting, stopping
from review.enums.sitting import HEADS
from review.interfaces.session_forms import (
    CasesForm,
    CommissionerForm,
    FreezeForm,
    MemberForm,
    OrderForm,
    PlanForm,
    ReasonForm,
    ScrutineersForm,
    StopAnswerForm,
    TextForm,
)
from review.interfaces.session_screen import reader_of
from review.models import AgendaItem, SessionMember
from review.views.session_base import OfItem, OfMember, OfSession

sits_or_prepares = agency | rules.expert


class PlanSession(ChangeView):
    access = agency
    template_name = "review/session/plan.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=self.form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                made = sitting.plan(form.cleaned_data["committee"], form.plan, by=self.actor, at=self.at)
                return HttpResponseRedirect(reverse("review:session", args=[made.code]))
            except Refusal as refusal:
                show_refusal(form, refusal)
        return self.page(form=form)

    def form(self, *data: Any) -> PlanForm:
        """Return the form with the agency's committees."""
        return PlanForm(*data, committees=defence_queries.committees_of(self.actor))


class NameCommissioner(OfSession):
    access = agency | bureau
    heading, button, rule = gettext_lazy("确定监督委员"), gettext_lazy("确定"), "R-115"

    def form(self, *data: Any) -> forms.Form:
        return CommissionerForm(*data, people=sitting.commissioners_for(self.subject))

    def act(self, form: forms.Form) -> None:
        sitting.name_commissioner(self.subject, form.cleaned_data["commissioner"], by=self.actor, at=self.at)


class Freeze(OfSession):
    access = agency
    form_class = FreezeForm
    heading, button, rule = gettext_lazy("固定可抽取名单"), gettext_lazy("固定名单"), "R-116"
    explanation = gettext_lazy(
        "排除不符合抽取条件和应当回避的专家后，名单和平台的随机数同时固定并公布摘要值；监督委员随后给出自己的数值，抽取结果由两者共同决定。"
    )

    def act(self, form: forms.Form) -> str:
        limit = form.cleaned_data["related_limit"]
        draw = drawing.freeze(self.subject, related_limit=limit, by=self.actor, at=self.at, key=self.key)
        return _("名单已固定，可抽取%(number)s人，等待监督委员参与抽取。") % {"number": len(draw.eligible)}


class Invite(OfSession):
    access = agency
    heading, button, rule = gettext_lazy("邀请抽中的专家"), gettext_lazy("发送邀请"), "E-11"

    def act(self, form: forms.Form) -> str:
        invited = seating.invite_all(self.subject, by=self.actor, at=self.at)
        return _("已邀请%(number)s名专家。") % {"number": len(invited)}


class NameChair(OfSession):
    access = sits_or_prepares
    heading, button, rule = gettext_lazy("确定会议主持人"), gettext_lazy("确定"), "R-114"

    def form(self, *data: Any) -> forms.Form:
        heads = self.subject.members.seated().filter(duty__in=HEADS).select_related("person")
        return MemberForm(*data, members=heads)

    def act(self, form: forms.Form) -> None:
        sitting.name_chair(self.subject, form.cleaned_data["member"], by=self.actor, at=self.at)


class NameScrutineers(OfSession):
    access = sits_or_prepares
    heading, button, rule = gettext_lazy("确定监票人"), gettext_lazy("确定"), "R-111"
    explanation = gettext_lazy("监票人三名，由会议主持人以外的参会委员担任；计票时由其中两名各自清点。")

    def form(self, *data: Any) -> forms.Form:
        members = self.subject.members.seated().filter(is_chair=False).select_related("person")
        return ScrutineersForm(*data, members=members.order_by("place"))

    def act(self, form: Any) -> None:
        sitting.name_scrutineers(self.subject, form.chosen, by=self.actor, at=self.at)


class Convene(OfSession):
    access = agency
    heading, button, rule = gettext_lazy("召集会议"), gettext_lazy("召集"), "E-11"
    explanation = gettext_lazy("召集后可以把待上会评审的申报列入议程。")

    def act(self, form: forms.Form) -> None:
        sitting.convene(self.subject, by=self.actor, at=self.at, key=self.key)


class AddCases(OfSession):
    access = agency
    heading, button, rule = gettext_lazy("列入议程"), gettext_lazy("列入"), "R-096"

    @property
    def explanation(self) -> str:
        if drawing.waiting_for(self.subject):
            return ""
        return _("已列入其他会议议程的，移出或者暂缓表决后可以列入本次会议。")

    def form(self, *data: Any) -> forms.Form:
        return CasesForm(*data, cases=drawing.waiting_for(self.subject))

    def act(self, form: forms.Form) -> str:
        chosen = set(form.cleaned_data["cases"])
        cases = [one for one in drawing.waiting_for(self.subject) if one.code in chosen]
        for case in cases:
            agenda.put_on(self.subject, case, by=self.actor, at=self.at)
        return _("已列入%(number)s项。") % {"number": len(cases)}


class Order(OfSession):
    access = sits_or_prepares
    heading, button, rule = gettext_lazy("调整议程顺序"), gettext_lazy("保存顺序"), "R-114"

    def form(self, *data: Any) -> forms.Form:
        items = AgendaItem.objects.with_all().filter(session=self.subject).order_by("order")
        seat = rules.seat_of(self.actor, self.subject)
        kept_out = seat.recusals.values_list("item", flat=True) if seat is not None else ()
        return OrderForm(*data, items=list(items), kept_out=frozenset(kept_out))

    def act(self, form: Any) -> None:
        agenda.reorder(self.subject, form.codes, by=self.actor, at=self.at)


class Minutes(OfSession):
    access = sits_or_prepares
    template_name = "review/session/minutes.html"
    heading, button, rule = gettext_lazy("会议记录"), gettext_lazy("保存"), "E-11"
    explanation = gettext_lazy(
        "初稿由出席、回避、讨论等记录生成，请补充后保存；签署后不能再改。评分和表决情况由系统根据记录附在会议记录之后，不在此填写。"
    )

    def look_up(self, code: str) -> Any:
        found = super().look_up(code)
        return found if found is not None and rules.keeps_minutes.test(self.actor, found) else None

    @property
    def counted(self) -> list[str]:
        """What follows the text on paper, where the reader may know it by now."""
        reader = reader_of(self.subject, self.actor)
        return minutes.counted(self.subject, reader=reader.seat) if reader.sees_totals(self.subject) else []

    def form(self, *data: Any) -> forms.Form:
        text = self.subject.minutes or minutes.drafted(self.subject)
        return TextForm(*data, text=text)

    def act(self, form: forms.Form) -> str:
        sitting.write_minutes(self.subject, form.cleaned_data["text"], by=self.actor, at=self.at)
        return _("会议记录已保存。")


class Cancel(OfSession):
    access = agency_lead
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("取消会议"), gettext_lazy("取消会议"), "R-118"
    explanation = gettext_lazy("已列入议程的申报退回待上会评审。")

    def act(self, form: forms.Form) -> None:
        sitting.cancel(self.subject, reason=form.cleaned_data["reason"], by=self.actor, at=self.at, key=self.key)


class AnswerStop(OfSession):
    access = bureau_lead
    form_class, is_grave = StopAnswerForm, True
    template_name = "review/session/answer_stop.html"
    heading, button, rule = gettext_lazy("答复停止会议的建议"), gettext_lazy("作出决定"), "A-47"
    explanation = gettext_lazy(
        "停止尚未开会的会议，会议取消；停止正在进行的会议，没有开始投票的事项暂缓表决，正在投票的完成计票后闭会，已有的表决结果在签署后可以认定无效。"
    )

    def act(self, form: forms.Form) -> str:
        told = form.cleaned_data
        stopping.answer(self.subject, told["decision"], told["reason"], by=self.actor, at=self.at)
        return _("决定已记录，并通知监督委员和评审服务机构。")


class Void(OfSession):
    access = bureau_lead
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("认定会议无效"), gettext_lazy("认定无效"), "A-23"
    explanation = gettext_lazy("因程序违规认定会议无效的，全部表决结果作废，由其他委员在另一次会议重新评审。")

    def act(self, form: forms.Form) -> None:
        sitting.void(self.subject, reason=form.cleaned_data["reason"], by=self.actor, at=self.at, key=self.key)


class RemoveItem(OfItem):
    access = agency
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("移出议程"), gettext_lazy("移出"), "A-08"

    def act(self, form: forms.Form) -> None:
        agenda.remove(self.subject, reason=form.cleaned_data["reason"], by=self.actor, at=self.at, key=self.key)


class Decline(OfMember):
    access = sits_or_prepares
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("不参加会议"), gettext_lazy("确认不参加"), "A-52"
    explanation = gettext_lazy("席位由抽取顺序中的下一名专家递补。")

    def act(self, form: forms.Form) -> str:
        member: SessionMember = self.subject
        following = seating.decline(member, reason=form.cleaned_data["reason"], by=self.actor, at=self.at, key=self.key)
        return _("已由抽取顺序中的下一名专家递补。") if following else _("抽取顺序中已没有可以递补的专家。")

    def next_address(self) -> str:
        """Who gave the seat back does not see the session any more."""
        is_own = rules.is_the_member.test(self.actor, self.subject)
        return reverse("review:sessions") if is_own else super().next_address()
