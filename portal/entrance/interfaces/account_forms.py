"""The log-in library's forms in our words."""

from allauth.account import forms as library
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

ACCOUNT_HINT = _("注册时设定的账号名，不是身份证号码或手机号码。")
PASSWORD_HINT = _("至少10个字符，不能全部是数字，不能与账号名、姓名相近，不能是常用密码。")


class LoginForm(library.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("账号")
        self.fields["login"].help_text = ACCOUNT_HINT
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        _plain_password(self.fields["password"], _("密码"))


class ResetPasswordForm(library.ResetPasswordForm):
    """Sends links to confirmed addresses only: who mistyped an address must not hand over the account."""

    email = forms.EmailField(label=_("电子邮箱"), help_text=_("账号中已确认的电子邮箱。"))

    def clean_email(self):
        email = super().clean_email()
        confirmed = set(EmailAddress.objects.filter(email__iexact=email, verified=True).values_list("user", flat=True))
        self.users = [user for user in self.users if user.pk in confirmed]
        return email


class ResetPasswordKeyForm(library.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_passwords(self)


class SetPasswordForm(library.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_passwords(self)


class ChangePasswordForm(library.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_password(self.fields["oldpassword"], _("当前密码"))
        _new_passwords(self)


class AuthenticateForm(second_factor.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_code(self.fields["code"], _("验证码或者恢复码"))


class AuthenticateAgainForm(second_factor.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_code(self.fields["code"], _("验证码或者恢复码"))


class EnrolForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_code(self.fields["code"], _("应用显示的6位验证码"))


def _plain_code(field, label):
    field.label = label
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}


def _new_passwords(form):
    _plain_password(form.fields["password1"], _("新密码"), PASSWORD_HINT)
    _plain_password(form.fields["password2"], _("再次输入新密码"))


def _plain_password(field, label, hint=""):
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
