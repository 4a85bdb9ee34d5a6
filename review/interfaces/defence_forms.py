"""What agency, applicant and expert fill in about a defence."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.catalogue.models import Committee, Criterion
from portal.documents.forms import FileOffer
from portal.http.widgets import Counted
from portal.shared import clock
from review.domain import defence_queries
from review.domain.planning import LONGEST_REASON
from review.domain.recusing import LONGEST_REMARK
from review.domain.rounds import MOST_SLOTS, Times
from review.domain.telling_defence import when_words
from review.enums.defending import COMPUTED, Mode, Relation
from review.models import PanelOpinion, Slot
from review.models.defence_round import LARGEST_SLOT, LONGEST_SLOT
from review.models.panel_opinion import LONGEST_TEXT

MINUTES, PEOPLE = _("分钟"), _("人")


class PeopleField(forms.ModelMultipleChoiceField):
    """People by their public codes, shown by name."""

    def __init__(self, people: Any, **kwargs: Any) -> None:
        super().__init__(people, to_field_name="code", widget=forms.CheckboxSelectMultiple, **kwargs)


class RoundForm(forms.Form):
    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("评审委员会"), to_field_name="code")
    title = forms.CharField(label=_("名称"), max_length=80)
    mode = forms.ChoiceField(
        label=_("答辩方式"),
        choices=Mode,
        widget=forms.RadioSelect,
        initial=Mode.ON_SITE,
        help_text=_("线上答辩仅限市人力资源社会保障局确定的试点评审委员会。"),
    )
    first_day = forms.DateField(label=_("开始日期"))
    last_day = forms.DateField(label=_("结束日期"))
    to_bring = forms.CharField(
        label=_("携带材料和注意事项"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *data: Any, committees: Any) -> None:
        super().__init__(*data)
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]


class PanelForm(forms.Form):
    name = forms.CharField(label=_("评议组名称"), max_length=40)

    def __init__(self, *data: Any, experts: Any) -> None:
        super().__init__(*data)
        self.fields["experts"] = PeopleField(experts, label=_("专家"))


class ExpertForm(forms.Form):
    def __init__(self, *data: Any, experts: Any) -> None:
        super().__init__(*data)
        self.fields["expert"] = forms.ModelChoiceField(
            experts, label=_("增补专家"), to_field_name="code", empty_label=_("请选择")
        )


class ReleaseForm(forms.Form):
    conditional = frozenset({"replacement"})

    reason = forms.CharField(
        label=_("调出原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("至少10个字，记入办理记录；已通知到场的专家将看到。"),
    )

    def __init__(self, *data: Any, seated: Any, experts: Any) -> None:
        super().__init__(*data)
        self.fields = {
            "expert": forms.ModelChoiceField(
                seated, label=_("调出的专家"), to_field_name="code", empty_label=_("请选择")
            ),
            "replacement": forms.ModelChoiceField(
                experts,
                label=_("接替的专家"),
                to_field_name="code",
                required=False,
                empty_label=_("不指定"),
                help_text=_("调出后不足规定人数的，须同时指定。"),
            ),
            **self.fields,
        }


class SlotsForm(forms.Form):
    room = forms.CharField(label=_("场所名称"), max_length=60, help_text=_("同名场所沿用已登记的地址。"))
    address = forms.CharField(label=_("地址或者会议链接"), max_length=200)
    day = forms.DateField(label=_("日期"))
    starts = forms.TimeField(label=_("第一场开始时间"), help_text=_("如 09:00"))
    number = forms.IntegerField(label=_("场次数"), min_value=1, max_value=MOST_SLOTS, initial=1)
    minutes = forms.IntegerField(
        label=_("每场时长"), min_value=5, max_value=LONGEST_SLOT, initial=30, widget=Counted(MINUTES)
    )
    pause = forms.IntegerField(
        label=_("场间休息"), min_value=0, max_value=LONGEST_SLOT, initial=10, widget=Counted(MINUTES)
    )
    capacity = forms.IntegerField(
        label=_("每场人数"), min_value=1, max_value=LARGEST_SLOT, initial=1, widget=Counted(PEOPLE)
    )

    def __init__(self, data: Any = None, *, panels: Any, day: dt.date) -> None:
        super().__init__(data, initial={"day": day})
        field = forms.ModelChoiceField(panels, label=_("评议组"), to_field_name="code", empty_label=None)
        self.fields = {"panel": field, **self.fields}

    @property
    def times(self) -> Times:
        """The row of slots that was filled in."""
        told = self.cleaned_data
        begins_at = dt.datetime.combine(told["day"], told["starts"], tzinfo=clock.BEIJING)
        return Times(begins_at, told["minutes"], told["number"], told["pause"], told["capacity"])


class SlotChoice(forms.ModelChoiceField):
    """A coming slot, shown by time, panel and place."""

    def label_from_instance(self, slot: Slot) -> str:
        return f"{when_words(slot.starts_at)} {slot.panel.name} {slot.room.name}"


class SlotForm(forms.Form):
    def __init__(self, *data: Any, slots: Any) -> None:
        super().__init__(*data)
        self.fields["slot"] = SlotChoice(
            slots,
            label=_("新的场次"),
            to_field_name="code",
            empty_label=_("请选择"),
            help_text=_("只列出尚有空位的场次。"),
        )


class ReasonForm(forms.Form):
    """Why the agency changes what the person was told."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("至少10个字，申报人将看到。"),
    )


class ChangeSlotForm(ReasonForm, SlotForm):
    field_order = ("slot", "reason")

    def __init__(self, *data: Any, slots: Any) -> None:
        super().__init__(*data, slots=slots)
        self.order_fields(self.field_order)


class AnswerForm(forms.Form):
    conditional = frozenset({"decision"})

    agree = forms.ChoiceField(
        label=_("答复"), choices=[("yes", _("同意，另行安排一次")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("不同意的须写明原因。"),
    )


class FindForm(forms.Form):
    code = forms.CharField(
        label=_("签到编码"),
        max_length=40,
        help_text=_("扫描通知书上的二维码，或者输入编码，如 7HK2-M9QW-XA3B。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "class": "govuk-input--width-20"}
        ),
    )


class CheckInForm(forms.Form):
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    identity = forms.BooleanField(label=_("已核对本人有效身份证件，人证一致"))


class RecusalForm(forms.Form):
    relation = forms.ChoiceField(
        label=_("回避原因"),
        choices=[(one.value, one.label) for one in Relation if one not in COMPUTED],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("说明"), max_length=300, required=False)


class OrderRecusalForm(RecusalForm):
    def __init__(self, *data: Any, experts: Any) -> None:
        super().__init__(*data)
        field = forms.ModelChoiceField(experts, label=_("专家"), to_field_name="code", empty_label=_("请选择"))
        self.fields = {"expert": field, **self.fields}


class JudgeForm(forms.Form):
    conditional = frozenset({"remark"})

    is_related = forms.ChoiceField(
        label=_("核对结果"),
        choices=[("yes", _("是专家本人，且为成果合作者，应当回避")), ("no", _("不是专家本人，或者不构成合作关系"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("核对情况"),
        max_length=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("不构成合作关系的须写明，至少10个字。"),
    )


class ChangeForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("写明不能参加的原因，至少10个字。"),
    )
    file = FileOffer(defence_queries.CAUSE, label=_("证明材料"))


class BlindFilesForm(forms.Form):
    """Which files the panel sees, and in which of them words that resemble a name were found to be ordinary ones."""

    def __init__(self, *data: Any, files: Any) -> None:
        super().__init__(*data)
        choices = [(file.code, file.original_name) for file, _marked in files]
        self.fields["files"] = _several(
            _("已逐页核对、看不出申报人和单位的材料"),
            choices,
            initial=[file.code for file, marked in files if marked],
        )
        self.fields["confirmed"] = _several(
            _("确认所提示文字是普通词语的材料"),
            choices,
            help_text=_("只在系统提示某份材料有此类文字、并且已逐处核对后勾选；确认会记录在案。"),
        )


def _several(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **more
    )


class OpinionForm(forms.Form):
    """An expert's words and points; everything may wait while it is written, and nothing may lack when it is handed in."""

    use_required_attribute = False
    is_all_optional = True  # no field is marked as one that may stay empty

    questions = forms.CharField(
        label=_("提问和回答情况"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 5})
    )
    opinion = forms.CharField(
        label=_("书面意见"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 8})
    )

    def __init__(self, data: Any = None, *, criteria: list[Criterion], opinion: PanelOpinion) -> None:
        scores = {f"score_{order}": value for order, value in opinion.scores.items()}
        super().__init__(data, initial={"questions": opinion.questions, "opinion": opinion.opinion, **scores})
        self.criteria = criteria
        points = {
            f"score_{one.order}": forms.IntegerField(
                label=one.text,
                required=False,
                min_value=0,
                max_value=one.max_score,
                widget=Counted(_("分")),
                help_text=_("0至%(most)s分") % {"most": one.max_score},
            )
            for one in criteria
        }
        texts = dict(self.fields)
        self.fields = {"questions": texts["questions"], **points, "opinion": texts["opinion"]}

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, as the domain takes it."""
        told = self.cleaned_data
        scores = {str(one.order): told.get(f"score_{one.order}") for one in self.criteria}
        return {"questions": told["questions"], "opinion": told["opinion"], "scores": scores}
