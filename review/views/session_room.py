"""In the room: members accept, the chair leads, the commissioner watches, scrutineers count."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from review import rules
from review.domain import agenda, drawing, keeping_out, paper_counting, score_summaries, seating, sitting
from review.enums.sitting import ItemState
from review.interfaces.session_forms import (
    AbsenceForm,
    CountForm,
    ItemOpinionForm,
    OrderRecusalForm,
    PromiseForm,
    ReasonForm,
    RelationForm,
    ShareForm,
    TextForm,
)
from review.models import AgendaItem, CommitteeSession
from review.views.session_base import OfItem, OfMember, OfSession
from review.views.session_planning import sits_or_prepares


# --- Members ----------------------------------------------------------------------------------
class Accept(OfMember):
    access = rules.expert
    form_class = PromiseForm
    heading, button, rule = gettext_lazy("接受邀请"), gettext_lazy("接受并签署承诺"), "E-11"

    def act(self, form: forms.Form) -> str:
        promise = form.cleaned_data["promise"]
        seating.accept(self.subject, promise=promise, by=self.actor, at=self.at, key=self.key)
        return _("已接受邀请。")


# --- The commissioner -------------------------------------------------------------------------
class Share(OfSession):
    access = rules.commissioner
    form_class = ShareForm
    template_name = "review/session/share.html"
    heading, button, rule = gettext_lazy("参与抽取"), gettext_lazy("抽取"), "R-115"

    def act(self, form: forms.Form) -> str:
        draw = seating.draw_of(self.subject)
        if draw is not None:
            drawing.share(draw, form.cleaned_data["share"], by=self.actor, at=self.at, key=self.key)
        return _("抽取完成。")

    def show(self, form: Any) -> Any:
        draw = seating.draw_of(self.subject)
        return self.page(form=form, session=self.subject, draw=draw, cancel_address=self.next_address())


class Come(OfSession):
    access = rules.commissioner
    heading, button, rule = gettext_lazy("监督委员到场"), gettext_lazy("签到"), "R-115"

    def act(self, form: forms.Form) -> None:
        seating.commissioner_comes(self.subject, by=self.actor, at=self.at)


class Remark(OfSession):
    access = rules.commissioner
    heading, button, rule = gettext_lazy("监督意见"), gettext_lazy("保存"), "R-115"

    def form(self, *data: Any) -> forms.Form:
        return TextForm(*data, text=self.subject.remarks)

    def act(self, form: forms.Form) -> str:
        seating.remark(self.subject, form.cleaned_data["text"], by=self.actor, at=self.at)
        return _("监督意见已保存。")


class AskToStop(OfSession):
    access = rules.commissioner
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("建议停止会议"), gettext_lazy("提出建议"), "A-47"
    explanation = gettext_lazy("是否停止由市人力资源社会保障局决定。")

    def act(self, form: forms.Form) -> None:
        seating.ask_to_stop(self.subject, form.cleaned_data["reason"], by=self.actor, at=self.at)


# --- The chair --------------------------------------------------------------------------------
class Open(OfSession):
    access = rules.expert
    heading, button, rule = gettext_lazy("宣布开会"), gettext_lazy("开会"), "A-03"

    def form(self, *data: Any) -> forms.Form:
        return forms.Form(*data) if self.subject.commissioner_came_at else AbsenceForm(*data)

    def act(self, form: forms.Form) -> None:
        absence = form.cleaned_data.get("commissioner_absence", "")
        sitting.open_session(self.subject, commissioner_absence=absence, by=self.actor, at=self.at, key=self.key)


class Close(OfSession):
    access = rules.expert
    is_grave = True
    heading, button, rule = gettext_lazy("宣布闭会"), gettext_lazy("闭会"), "R-114"

    def act(self, form: forms.Form) -> None:
        sitting.close_session(self.subject, by=self.actor, at=self.at, key=self.key)


class Sign(OfSession):
    access = rules.expert
    is_grave = True
    heading, button, rule = gettext_lazy("签署计票结果"), gettext_lazy("签署"), "E-11"
    explanation = gettext_lazy("请先核对计票单。签署后计票结果和会议记录不能再改。")

    def act(self, form: forms.Form) -> str:
        sitting.sign(self.subject, by=self.actor, at=self.at, key=self.key)
        return _("已签署。")


class Present(OfItem):
    access = rules.expert
    heading, button, rule = gettext_lazy("提请评议"), gettext_lazy("提请评议"), "R-113"

    def act(self, form: forms.Form) -> None:
        agenda.present(self.subject, by=self.actor, at=self.at, key=self.key)


class OpenVote(OfItem):
    access = rules.expert
    template_name = "review/session/open_vote.html"
    heading, button, rule = gettext_lazy("开始投票"), gettext_lazy("开始投票"), "R-111"

    def act(self, form: forms.Form) -> None:
        agenda.open_vote(self.subject, by=self.actor, at=self.at, key=self.key)

    def show(self, form: Any) -> Any:
        seat = rules.seat_of(self.actor, self.session)
        return self.page(
            form=form,
            session=self.session,
            item=self.subject,
            attendance=agenda.attendance_for(self.subject),
            summary=score_summaries.shown_to(self.subject, seat) if seat is not None else None,
            may_note=rules.chairs_item.test(self.actor, self.subject),
            cancel_address=self.next_address(),
        )


class CloseVote(OfItem):
    access = rules.expert
    template_name = "review/session/close_vote.html"
    is_grave = True
    heading, button, rule = gettext_lazy("截止投票"), gettext_lazy("截止投票"), "R-111"
    explanation = gettext_lazy("截止后没有投出的票计为未投，不能补投，按不同意计算。")

    def act(self, form: forms.Form) -> None:
        agenda.close_vote(self.subject, by=self.actor, at=self.at, key=self.key)


class Defer(OfItem):
    access = rules.expert
    form_class, is_grave = ReasonForm, True
    heading, button, rule = gettext_lazy("暂缓表决"), gettext_lazy("暂缓"), "A-03"
    explanation = gettext_lazy("该申报退回待上会评审，由另一次会议表决。")

    def visible(self) -> Any:
        """The chair puts off a case that they keep out of too: nobody else may."""
        return AgendaItem.objects.filter(session__in=CommitteeSession.objects.for_reader(self.actor)).with_all()

    def act(self, form: forms.Form) -> None:
        agenda.defer(self.subject, reason=form.cleaned_data["reason"], by=self.actor, at=self.at, key=self.key)


# --- One case ---------------------------------------------------------------------------------
class Recuse(OfItem):
    access = rules.expert
    form_class = RelationForm
    heading, button, rule = gettext_lazy("提出回避"), gettext_lazy("提出回避"), "A-48"
    explanation = gettext_lazy("回避后不再向您展示该事项的材料，您不参加该事项的表决，也不计入该事项的出席人数。")

    def visible(self) -> Any:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    def act(self, form: forms.Form) -> str:
        told = form.cleaned_data
        keeping_out.declare(self.subject, told["relation"], told["remark"], by=self.actor, at=self.at)
        return _("已回避该事项。")


class OrderRecusal(OfItem):
    access = sits_or_prepares
    heading, button, rule = gettext_lazy("要求委员回避"), gettext_lazy("确认"), "A-48"

    def form(self, *data: Any) -> forms.Form:
        members = self.session.members.seated().exclude(recusals__item=self.subject).select_related("person")
        return OrderRecusalForm(*data, members=members.order_by("place"))

    def act(self, form: forms.Form) -> None:
        told = form.cleaned_data
        who, relation = told["member"], told["relation"]
        keeping_out.order(self.subject, who, relation, told["remark"], by=self.actor, at=self.at)


class WriteOpinion(OfItem):
    access = rules.expert
    heading, button, rule = gettext_lazy("书面意见"), gettext_lazy("保存"), "E-10"

    def visible(self) -> Any:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    def form(self, *data: Any) -> forms.Form:
        own = self.subject.opinions.filter(member=rules.seat_of(self.actor, self.session)).first()
        return ItemOpinionForm(*data, text=own.text if own else "")

    def act(self, form: forms.Form) -> str:
        agenda.write_opinion(self.subject, form.cleaned_data["text"], by=self.actor, at=self.at)
        return _("书面意见已保存。")


class Count(OfItem):
    """A scrutineer's own count: the first one is entered, the second confirms it without having seen it."""

    access = rules.expert
    form_class = CountForm
    heading, button, rule = gettext_lazy("录入票数"), gettext_lazy("提交"), "R-111"
    explanation = gettext_lazy("请按您自己清点的票数填写。两名监票人分别填写，一致的即为结果；不一致的，重新清点。")

    def act(self, form: Any) -> str:
        item: AgendaItem = self.subject
        if not hasattr(item, "paper_count"):
            paper_counting.enter(item, form.counts, by=self.actor, at=self.at)
            return _("已录入，等待另一名监票人复核。")
        done = paper_counting.confirm(item, form.counts, by=self.actor, at=self.at)
        if done.state == ItemState.COUNTED:
            return _("两次清点不一致，请重新清点后各自填写。")
        return _("两次清点一致，结果已确定。")
