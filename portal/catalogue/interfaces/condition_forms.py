"""The conditions of a level and the ways that lead to it, as the bureau fills them in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.catalogue.conditions.routes import Route
from portal.catalogue.domain.conditions import Terms
from portal.catalogue.enums import Audience, EducationLevel, LevelKey, Mode, SkillGrade
from portal.catalogue.models import Level, Series, Specialty
from portal.catalogue.models.condition import MOST_YEARS, YEARS

AREA = forms.Textarea({"rows": 3})


def years(label):
    """Return a field for whole years."""
    widget = forms.NumberInput({"class": "govuk-input--width-3"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_YEARS, initial=0, widget=widget)


class ConditionsForm(forms.Form):
    """What a set says besides its ways."""

    conditional = frozenset({"source"})

    may_be_first = forms.BooleanField(
        label=_("可以凭学历首次申报"), required=False, help_text=_("有途径不要求已取得职称的，须勾选")
    )
    note = forms.CharField(label=_("其他条件"), max_length=1000, required=False, widget=AREA)
    exceptional = forms.CharField(label=_("破格条件"), max_length=1000, required=False, widget=AREA)
    source = forms.CharField(
        label=_("依据文件"),
        max_length=300,
        required=False,
        help_text=_("文件名称和文号；没有文件依据的，须标明为演示数据。"),
    )
    is_illustrative = forms.BooleanField(label=_("数值没有文件依据，公开显示为演示数据"), required=False)


class NewConditionsForm(ConditionsForm):
    """A set with its place, which stays when the set is changed later."""

    series = forms.ModelChoiceField(Series.objects.none(), label=_("系列"), to_field_name="code")
    level = forms.ModelChoiceField(Level.objects.none(), label=_("级别"), to_field_name="key")
    specialty = forms.ModelChoiceField(
        Specialty.objects.none(),
        label=_("专业"),
        required=False,
        to_field_name="code",
        empty_label=_("全系列"),
        help_text=_("只适用于某一专业的，请选择专业，代替全系列的条件"),
    )
    field_order = ("series", "level", "specialty")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = Series.objects.exclude(mode=Mode.NOT_RUN).order_by("code")
        self.fields["level"].queryset = Level.objects.order_by("-rank")
        self.fields["specialty"].queryset = Specialty.objects.order_by("code")


class RouteForm(forms.Form):
    """One way; every year is a whole calendar year to the cut-off day."""

    audience = forms.ChoiceField(label=_("适用对象"), choices=Audience, initial=Audience.GENERAL)
    education = forms.ChoiceField(
        label=_("学历或者学位不低于"), choices=[("", _("不要求")), *EducationLevel.choices], required=False
    )
    title = forms.ChoiceField(label=_("已取得职称"), choices=[("", _("不要求")), *LevelKey.choices], required=False)
    title_years = years(_("取得职称后年限"))
    work_years = years(_("毕业后从事本专业技术工作年限"))
    skill = forms.ChoiceField(
        label=_("职业技能等级不低于"), choices=[("", _("不要求")), *SkillGrade.choices], required=False
    )
    skill_years = years(_("取得技能等级后年限"))
    text = forms.CharField(label=_("说明"), max_length=300, required=False)

    @property
    def route(self) -> Route:
        """The way that was filled in."""
        entered = self.cleaned_data
        return Route(
            audience=Audience(entered["audience"]),
            education=EducationLevel(entered["education"]) if entered["education"] else None,
            title=LevelKey(entered["title"]) if entered["title"] else None,
            skill=SkillGrade(entered["skill"]) if entered["skill"] else None,
            **{name: entered[name] for name in (*YEARS, "text")},
        )


RouteFormSet = forms.formset_factory(RouteForm, extra=2, can_delete=True, max_num=20, absolute_max=30)


def routes_in(formset: forms.BaseFormSet) -> tuple[Route, ...]:
    """Return the ways that were filled in and not struck out."""
    filled = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return tuple(form.route for form in filled)


def as_entered(terms: Terms) -> tuple[dict, list[dict]]:
    """Return a set and its ways as the forms' initial values."""
    routes = [{name: value or "" for name, value in vars(route).items()} for route in terms.routes]
    return vars(terms), [{**each, **{name: each[name] or 0 for name in YEARS}} for each in routes]
