"""What the bureau fills in about certificates."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain import desk_queries
from certificates.domain.register import Wanted
from certificates.enums import CHANGE_PROOF, CORRECTABLE, CertificateState, ChangeKind
from certificates.models import Certificate
from portal.accounts.identifiers import Sex
from portal.catalogue.models import Series
from portal.documents.forms import FileOffer
from portal.http.widgets import DateParts

LONGEST_REASON = 500
DAYS = frozenset({"birth_date", "passed_on"})
REASON_HINTS = {
    ChangeKind.CORRECT: _("写明哪里有误、依据什么材料更正。"),
    ChangeKind.SUSPEND: _("写明需要核查的事实，将告知持证人。"),
    ChangeKind.RESUME: _("写明核查结论，将告知持证人。"),
    ChangeKind.REVOKE: _("写明撤销依据，将告知持证人和推荐单位。"),
    ChangeKind.RESTORE: _("写明撤销该决定的复议决定、判决或者其他文书。"),
}


class RegisterFilter(forms.Form):
    """What the register is narrowed by; a choice that does not exist narrows nothing."""

    is_all_optional = True

    year = forms.IntegerField(label=_("核发年度"), required=False, min_value=2021, max_value=2200)
    series = forms.ChoiceField(label=_("系列"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *CertificateState.choices])
    committee = forms.CharField(label=_("评审委员会名称含有"), required=False, max_length=80)

    def __init__(self, *data: Any, series: list[Series]) -> None:
        super().__init__(*data)
        self.fields["series"].choices = [("", _("全部")), *((one.code, one.name) for one in series)]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 4}))


class ChangeForm(ReasonForm):
    """A proposal: why, and what the kind of change needs besides."""

    kind: ClassVar[ChangeKind]

    def __init__(self, *data: Any, certificate: Certificate, kind: ChangeKind) -> None:
        super().__init__(*data)
        self.certificate = certificate
        self.fields["reason"].help_text = REASON_HINTS[kind]

    def facts(self) -> dict[str, Any]:
        """Return what the domain is told besides the reason."""
        return {}


class CorrectForm(ChangeForm):
    """The facts that a clerical error may have touched, each as it stands; title, series and level are not among them."""

    proof = FileOffer(CHANGE_PROOF, label=_("证明材料"))

    def __init__(self, *data: Any, certificate: Certificate, kind: ChangeKind) -> None:
        super().__init__(*data, certificate=certificate, kind=kind)
        for name in CORRECTABLE:
            self.fields[name] = self._as_it_stands(name)
        self.order_fields([*CORRECTABLE, "reason", "proof"])

    def _as_it_stands(self, name: str) -> forms.Field:
        column: Any = Certificate._meta.get_field(name)
        known: dict[str, Any] = {"label": column.verbose_name, "initial": getattr(self.certificate, name)}
        if name in DAYS:
            return forms.DateField(widget=DateParts, **known)
        if name == "sex":
            return forms.ChoiceField(choices=Sex.choices, widget=forms.RadioSelect, **known)
        return forms.CharField(max_length=column.max_length, **known)

    def facts(self) -> dict[str, Any]:
        return {"corrections": {name: _as_text(self.cleaned_data.get(name)) for name in CORRECTABLE}}


class RevokeForm(ChangeForm):
    """Which decision in force takes the title away; nobody revokes by opinion."""

    decision = forms.ChoiceField(
        label=_("依据的处理决定"), help_text=_("仅列出已经生效、撤销持证人职称的决定。没有列出的，不能提出撤销。")
    )

    def __init__(self, *data: Any, certificate: Certificate, kind: ChangeKind) -> None:
        super().__init__(*data, certificate=certificate, kind=kind)
        self.known = {one.code: one for one in desk_queries.decisions_about(certificate)}
        self.fields["decision"].choices = [("", _("请选择")), *((code, code) for code in self.known)]  # type: ignore[attr-defined]
        self.order_fields(["decision", "reason"])

    def facts(self) -> dict[str, Any]:
        return {"decision": self.known.get(self.cleaned_data["decision"])}


FORMS: dict[ChangeKind, type[ChangeForm]] = {ChangeKind.CORRECT: CorrectForm, ChangeKind.REVOKE: RevokeForm}


def form_of(kind: ChangeKind, certificate: Certificate, *data: Any) -> ChangeForm:
    """Return the form with which this kind of change is proposed, bound where data are given."""
    return FORMS.get(kind, ChangeForm)(*data, certificate=certificate, kind=kind)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")
