"""What agency, members, chair, commissioner and scrutineers fill in about a session."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.catalogue.models import Committee
from portal.http.widgets import Counted
from portal.shared import clock
from review.domain.agenda import LONGEST_OPINION
from review.domain.sitting import Plan
from review.enums.defending import COMPUTED, Relation
from review.enums.sitting import BallotMode, StopDecision
from review.models import AgendaItem, SessionMember
from review.models.agenda_item import LONGEST_DISCUSSION

PEOPLE, VOTES = _("人"), _("票")
REASON = {"rows": 4}


class PersonChoice(forms.ModelChoiceField):
    """One person by public code, shown by name."""

    def label_from_instance(self, one: Person | SessionMember) -> str:
        person = one.person if isinstance(one, SessionMember) else one
        return person.full_name


class PlanForm(forms.Form):
    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("评审委员会"), to_field_name="code")
    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("如：2026年第一次评审会议"))
    day = forms.DateField(label=_("会议日期"))
    starts = forms.TimeField(label=_("开始时间"), help_text=_("如 09:00"))
    place = forms.CharField(label=_("地点"), max_length=200)
    mode = forms.ChoiceField(
        label=_("表决方式"), choices=BallotMode, widget=forms.RadioSelect, initial=BallotMode.PAPER
    )

    def __init__(self, *data: Any, committees: Any) -> None:
        super().__init__(*data)
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]

    @property
    def plan(self) -> Plan:
        """What was filled in, as the domain takes it."""
        told = self.cleaned_data
        starts_at = dt.datetime.combine(told["day"], told["starts"], tzinfo=clock.BEIJING)
        return Plan(told["title"], starts_at, told["place"], told["mode"])


class CommissionerForm(forms.Form):
    def __init__(self, *data: Any, people: list[Person]) -> None:
        super().__init__(*data)
        rows = Person.objects.filter(pk__in=[one.pk for one in people])
        self.fields["commissioner"] = PersonChoice(
            rows, label=_("监督委员"), to_field_name="code", empty_label=_("请选择")
        )


class FreezeForm(forms.Form):
    related_limit = forms.IntegerField(
        label=_("允许的需回避人数"),
        min_value=0,
        max_value=50,
        initial=0,
        widget=Counted(PEOPLE),
        help_text=_("与待评审申报人有应当回避关系的专家，超过这个人数即不参加抽取；没有超过的，逐项回避。"),
    )


class ShareForm(forms.Form):
    share = forms.CharField(
        label=_("您确定的字母或者数字"),
        min_length=6,
        max_length=64,
        help_text=_("6到64位，当场自行确定，例如掷骰子的点数；此前没有告诉过任何人。"),
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
    )


class MemberForm(forms.Form):
    """One member of the session."""

    def __init__(self, *data: Any, members: Any) -> None:
        super().__init__(*data)
        field = PersonChoice(members, label=_("委员"), to_field_name="code", empty_label=_("请选择"))
        self.fields = {"member": field, **self.fields}


class ScrutineersForm(forms.Form):
    def __init__(self, *data: Any, members: Any) -> None:
        super().__init__(*data)
        for place, label in enumerate((_("第一监票人"), _("第二监票人"), _("第三监票人")), start=1):
            self.fields[f"scrutineer_{place}"] = PersonChoice(
                members, label=label, to_field_name="code", empty_label=_("请选择")
            )

    @property
    def chosen(self) -> list[SessionMember]:
        """The three in their order."""
        return [self.cleaned_data[f"scrutineer_{place}"] for place in (1, 2, 3)]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(REASON))


class StopAnswerForm(ReasonForm):
    """The bureau's decision on a request to stop."""

    field_order = ("decision", "reason")
    decision = forms.ChoiceField(label=_("决定"), choices=StopDecision.choices, widget=forms.RadioSelect)


class PromiseForm(forms.Form):
    promise = forms.BooleanField(
        label=_(
            "本人承诺：遵守评审纪律，对评审过程和结果保密；与申报人有应当回避的关系的，主动提出回避；不私下接收材料。"
        )
    )


class AbsenceForm(forms.Form):
    """Why nobody supervises, where the commissioner did not come."""

    commissioner_absence = forms.CharField(
        label=_("监督委员没有到场的原因"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("至少10个字，写入会议记录。监督委员到场的，请先由本人签到。"),
    )


class TextForm(forms.Form):
    """One long text: minutes, remarks, an opinion."""

    text = forms.CharField(label=_("内容"), max_length=20000, widget=forms.Textarea({"rows": 16}))

    def __init__(self, data: Any = None, *, text: str = "") -> None:
        super().__init__(data, initial={"text": text})


class DiscussionForm(forms.Form):
    """How a case was discussed, in a few sentences."""

    text = forms.CharField(label=_("讨论情况"), max_length=LONGEST_DISCUSSION, widget=forms.Textarea({"rows": 6}))

    def __init__(self, data: Any = None, *, text: str = "") -> None:
        super().__init__(data, initial={"text": text})


class ItemOpinionForm(forms.Form):
    text = forms.CharField(label=_("书面意见"), max_length=LONGEST_OPINION, widget=forms.Textarea({"rows": 8}))

    def __init__(self, data: Any = None, *, text: str = "") -> None:
        super().__init__(data, initial={"text": text})


class ComingField(forms.MultipleChoiceField):
    """Some of those expected; who came while the page stood open is no wrong choice, the step passes them over."""

    def valid_value(self, value: str) -> bool:
        """Take every code."""
        return True


class ComingForm(forms.Form):
    """Who came, of those who are expected."""

    def __init__(self, *data: Any, members: list[SessionMember]) -> None:
        super().__init__(*data)
        self.fields["members"] = ComingField(
            label=_("到场的委员"),
            choices=[(one.code, one.person.full_name) for one in members],
            widget=forms.CheckboxSelectMultiple,
        )


class CasesForm(forms.Form):
    def __init__(self, *data: Any, cases: Any) -> None:
        super().__init__(*data)
        self.fields["cases"] = forms.MultipleChoiceField(
            label=_("待上会评审的申报"),
            choices=[(one.code, f"{one.applicant.full_name} {one.title} {one.code}") for one in cases],
            widget=forms.CheckboxSelectMultiple,
        )


class OrderForm(forms.Form):
    """A number for each case; equal numbers keep the present order. Cases ``kept_out`` of stand without a name (A-48)."""

    def __init__(self, *data: Any, items: list[AgendaItem], kept_out: frozenset[int] = frozenset()) -> None:
        super().__init__(*data)
        self.items = items
        for item in items:
            self.fields[item.code] = forms.IntegerField(
                label=_named(item, is_kept_out=item.pk in kept_out),
                min_value=1,
                max_value=999,
                initial=item.order,
            )

    @property
    def codes(self) -> list[str]:
        """The codes in the order that the numbers give."""
        return [one.code for one in sorted(self.items, key=lambda one: (self.cleaned_data[one.code], one.order))]


def _named(item: AgendaItem, *, is_kept_out: bool) -> str:
    if is_kept_out:
        return gettext("第%(order)s项（本人回避）") % {"order": item.order}
    return f"{item.application.applicant.full_name} {item.application.title}"


class RelationForm(forms.Form):
    relation = forms.ChoiceField(
        label=_("回避原因"),
        choices=[(one.value, one.label) for one in Relation if one not in COMPUTED],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("说明"), max_length=300, required=False)


class OrderRecusalForm(RelationForm):
    def __init__(self, *data: Any, members: Any) -> None:
        super().__init__(*data)
        field = PersonChoice(members, label=_("委员"), to_field_name="code", empty_label=_("请选择"))
        self.fields = {"member": field, **self.fields}


class CountForm(forms.Form):
    """The ballots that one scrutineer counted; what is missing is not cast or invalid."""

    agree = forms.IntegerField(label=_("同意"), min_value=0, max_value=999, widget=Counted(VOTES))
    against = forms.IntegerField(label=_("反对"), min_value=0, max_value=999, widget=Counted(VOTES))
    abstain = forms.IntegerField(label=_("弃权"), min_value=0, max_value=999, widget=Counted(VOTES))

    @property
    def counts(self) -> tuple[int, int, int]:
        """Agree, against, abstain."""
        told = self.cleaned_data
        return told["agree"], told["against"], told["abstain"]
