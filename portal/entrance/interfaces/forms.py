"""Forms of the entrance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.districts import District
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.roles import ROLES_OF_KIND, OrganisationKind, Role
from portal.entrance.domain.admitting import FIRST_ROLE
from portal.entrance.domain.registering import Registration
from portal.entrance.domain.revealing import PHONE
from portal.entrance.interfaces.account_forms import PASSWORD_HINT
from portal.http.widgets import CreditCode, DateParts

EMPTY = [("", _("请选择"))]
NO_SPELLING = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}


class RegistrationForm(forms.Form):
    """One page: nothing of it may be kept between pages."""

    conditional = frozenset({"country", "valid_until", "born_on", "sex"})

    full_name = forms.CharField(
        label=_("姓名"),
        max_length=100,
        help_text=_("与证件一致；少数民族和外国人姓名中的间隔号用「·」。"),
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("证件种类"), choices=DocumentKind.choices)
    number = forms.CharField(label=_("证件号码"), max_length=40, widget=forms.TextInput(NO_SPELLING))
    country = forms.CharField(
        label=_("国家或地区代码"),
        max_length=3,
        required=False,
        help_text=_("护照和外国人工作许可证须填写：护照资料页上的三位代码，例如德国DEU、日本JPN。"),
        widget=forms.TextInput({**NO_SPELLING, "class": "govuk-input--width-4"}),
    )
    valid_until = forms.DateField(
        label=_("证件有效期至"), required=False, widget=DateParts(), help_text=_("长期有效的不填。")
    )
    born_on = forms.DateField(
        label=_("出生日期"), required=False, widget=DateParts(), help_text=_("证件号码含出生日期的不填。")
    )
    sex = forms.ChoiceField(
        label=_("性别"), choices=[*EMPTY, *Sex.choices], required=False, help_text=_("证件号码含性别的不填。")
    )
    phone = forms.CharField(
        label=_("手机号码"), max_length=30, widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("用于找回密码，确认后生效。"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    username = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9._-]{3,29}$",
        label=_("账号名"),
        help_text=_("4至30个字符，以字母开头，可以使用字母、数字、点、下划线和连字符；不分大小写。"),
        error_messages={"invalid": _("账号名应为4至30个字符，以字母开头，只使用字母、数字、点、下划线和连字符。")},
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再次输入密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    consent = forms.BooleanField(
        label=_("我已阅读个人信息处理规则，同意为办理职称评审处理我的身份证件号码等敏感个人信息"),
        error_messages={"required": _("不同意处理身份证件号码的，不能完成实名注册。")},
    )

    def clean(self):
        told = super().clean()
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", _("两次输入的密码不一致。"))
        return told

    def registration(self) -> Registration:
        told = {name: value for name, value in self.cleaned_data.items() if name not in {"again", "consent"}}
        return Registration(**{**told, "kind": DocumentKind(told["kind"])})


class DocumentForm(forms.Form):
    """Another document, or a renewed one; the same fields as at registration."""

    kind, number, country, valid_until = (
        RegistrationForm.base_fields[name] for name in ("kind", "number", "country", "valid_until")
    )


class ContactForm(forms.Form):
    phone = forms.CharField(label=_("新的手机号码"), max_length=30, required=False, help_text=_("不修改的不填。"))
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("修改后须重新确认，才能用于找回密码。"))
    password = forms.CharField(
        label=_("当前密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, initial={"email": person.email}, **kwargs)
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError(_("当前密码不正确。"))
        return password


class RevealForm(forms.Form):
    """Which number, and why somebody else's is needed in full."""

    REASONS = [
        ("identity", _("核对申报人身份")),
        ("contact", _("联系当事人")),
        ("certificate", _("办理证书")),
        ("complaint", _("处理投诉、举报和异议")),
        ("own", _("查看本人信息")),
    ]

    what = forms.ChoiceField(label=_("查看哪个号码"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("查看事由"), choices=REASONS, help_text=_("事由和时间会记入日志。"))

    def __init__(self, *args, person, is_own, **kwargs):
        super().__init__(*args, **kwargs)
        phone = [(PHONE, _("手机号码 %s") % person.masked_phone)] if person.phone else []
        self.fields["what"].choices = [*((each.code, str(each)) for each in person.documents.current()), *phone]
        self.fields["reason"].choices = [each for each in self.REASONS if (each[0] == "own") == is_own]


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(label=_("单位类型"))
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=30, widget=CreditCode())
    name = forms.CharField(label=_("单位名称"), max_length=200, help_text=_("登记证照上的全称。"))
    district = forms.ChoiceField(label=_("所在区"), choices=[*EMPTY, *District.choices])

    def __init__(self, *args, kinds=tuple(FIRST_ROLE), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"))
    full_name = forms.CharField(label=_("姓名"), max_length=100, help_text=_("须与被邀请人实名的姓名一致。"))
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("填写的，邀请链接同时发到该邮箱。"))

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        offered = ROLES_OF_KIND[OrganisationKind(organisation.kind)]
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in offered]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("事由"), max_length=200)
