"""What an employer fills in: findings about each part, reasons, notices, opinions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.domain.reading import Part
from applications.domain.receiving import LONGEST_REMARK, Found
from applications.domain.recommending import Opinion
from applications.enums import RefusalGround
from applications.models import Check, Recommendation

RIGHT, WRONG = "right", "wrong"
LONGEST_REASON, LONGEST_OPINION, LONGEST_ASSESSMENT, LONGEST_TEXT, LONGEST_CONTACT = 500, 2000, 500, 1000, 200


class _WhenGiven:
    """A box that may wait: it is judged once it is filled, and not called optional."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)  # type: ignore[misc]


class Finding(_WhenGiven, forms.ChoiceField):
    pass


class Remark(_WhenGiven, forms.CharField):
    pass


class CheckForm(forms.Form):
    """One finding and one remark per part; the remark's field has the part's key, where refusals of the domain land."""

    use_required_attribute = False

    def __init__(self, *data: Any, parts: Sequence[Part], checks: Mapping[str, Check]) -> None:
        super().__init__(*data)
        self.parts = parts
        for part in parts:
            check = checks.get(part.key)
            found = (RIGHT if check.is_right else WRONG) if check else None
            self.fields[_found(part.key)] = Finding(
                label=_("核对结果"),
                choices=[(RIGHT, _("属实")), (WRONG, _("不属实"))],
                initial=found,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
            )
            self.fields[part.key] = Remark(
                label=_("情况说明（不属实的必填）"),
                max_length=LONGEST_REMARK,
                initial=check.remark if check else "",
            )

    def rows(self) -> Iterator[tuple[Part, forms.BoundField, forms.BoundField]]:
        """Yield every part with its two fields."""
        for part in self.parts:
            yield part, self[_found(part.key)], self[part.key]

    def findings(self, *, rest_is_right: bool) -> dict[str, Found]:
        """Return what was found; ``rest_is_right`` finds right whatever was not marked."""
        found = {}
        for part in self.parts:
            answer = self.cleaned_data[_found(part.key)] or (RIGHT if rest_is_right else "")
            if answer:
                found[part.key] = Found(answer == RIGHT, self.cleaned_data[part.key])
        return found


def _found(key: str) -> str:
    return f"found-{key}"


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("退回原因"),
        help_text=_("至少10个字，申报人将看到。请一次写明全部需要修改的内容。"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(label=_("不予推荐的理由"), choices=RefusalGround, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("具体原因"),
        help_text=_("至少10个字，申报人将看到。请写明查明的事实。"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NoticeForm(forms.Form):
    contact = forms.CharField(
        label=_("异议受理方式"),
        help_text=_("受理部门、电话或者邮箱，将在公示页面上显示。"),
        max_length=LONGEST_CONTACT,
    )
    text = forms.CharField(
        label=_("公示说明"),
        help_text=_("可以不填。请勿写入身份证件号码、手机号码等个人信息。"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpinionForm(forms.Form):
    """The head's opinion about one person, or the common one for many."""

    opinion = forms.CharField(
        label=_("推荐意见"),
        help_text=_("至少10个字。推荐意见是评审委员会投票的重要参考，请如实写明品德、能力和业绩。"),
        max_length=LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    assessment = forms.CharField(
        label=_("单位考核结果"),
        help_text=_("近年年度考核结果，用于量化评价。"),
        max_length=LONGEST_ASSESSMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    truth = forms.BooleanField(label=_("本单位对申报人的品德、能力、业绩和本推荐意见的真实性负责，并愿承担相应责任。"))

    @property
    def given(self) -> Opinion:
        """What the head states."""
        entered = self.cleaned_data
        return Opinion(entered["opinion"], entered.get("assessment", ""), truth=entered["truth"])


class ManyOpinionsForm(OpinionForm):
    """One opinion for many; where a person's own box is filled, that holds instead."""

    def __init__(self, *data: Any, people: Sequence[Recommendation], told: Mapping[int, str]) -> None:
        super().__init__(*data)
        self.people = people
        self.fields["assessment"].required = False
        self.fields["assessment"].help_text = _("不填的，采用每个人申报材料中已经核对的年度考核结果。")
        for one in people:
            self.fields[f"opinion-{one.code}"] = forms.CharField(
                label=_("本人的推荐意见"),
                required=False,
                max_length=LONGEST_OPINION,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"assessment-{one.code}"] = forms.CharField(
                label=_("本人的考核结果"),
                required=False,
                max_length=LONGEST_ASSESSMENT,
                initial=told.get(one.application_id, ""),
            )

    def common(self) -> list[forms.BoundField]:
        """Return the boxes that hold for everybody."""
        return [self[name] for name in OpinionForm.base_fields]

    def rows(self) -> Iterator[tuple[Recommendation, forms.BoundField, forms.BoundField]]:
        """Yield everybody with the two boxes of their own."""
        for one in self.people:
            yield one, self[f"opinion-{one.code}"], self[f"assessment-{one.code}"]

    def own(self, people: Sequence[Recommendation]) -> dict[str, dict[str, str]]:
        """Return by code what differs from the common opinion."""
        found = {}
        for one in people:
            words = {
                name: self.cleaned_data.get(f"{name}-{one.code}", "").strip() for name in ("opinion", "assessment")
            }
            filled = {name: text for name, text in words.items() if text}
            if filled:
                found[one.code] = filled
        return found
