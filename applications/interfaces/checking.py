"""What the page of checking one's answers shows: everything with its way back to be changed, and what the agency will tick."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.compiling import Dossier
from applications.domain.reading import Part, parts_of
from applications.enums import LookupState, System
from applications.sections import SECTIONS, ItemKind
from portal.catalogue.enums import GuideState, Verdict
from portal.shared.errors import Reason

Words = str | Promise
Addresses = Callable[[str], str]

COMMITMENT_ANCHOR = "#id_commitment"
TONES = {Verdict.MET: "good", Verdict.MISSING: "action", Verdict.UNMET: "bad", Verdict.WARNING: "waiting"}


class CommitmentForm(forms.Form):
    """The box that must be ticked; whether it was is judged with everything else, so that all reasons come at once."""

    commitment = forms.BooleanField(label=gettext_lazy("本人已阅读并作出以上承诺"), required=False)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    understood = forms.BooleanField(label=gettext_lazy("我已了解撤回后不能恢复"))


@dataclass(frozen=True)
class Problem:
    """One reason against submitting, and where to put it right."""

    text: Words
    basis: str
    address: str


@dataclass(frozen=True)
class Tick:
    """One line of what the agency will check: ``tone`` names a meaning of the marks of state."""

    name: Words
    status: Words
    tone: str
    basis: str = ""


def problems(reasons: Iterable[Reason], addresses: Addresses) -> list[Problem]:
    """Return each reason once, in the order in which they came, with the way to its field."""
    found: dict[tuple[str, str], Problem] = {}
    for reason in reasons:
        address = COMMITMENT_ANCHOR if reason.field == "commitment" else addresses(reason.field)
        found.setdefault((str(reason.text), reason.field), Problem(reason.text, reason.basis, address))
    return list(found.values())


def parts_to_change(dossier: Dossier, addresses: Addresses) -> list[tuple[Part, str]]:
    """Return the parts of the application, each with the way to where it is filled in; empty for what registers say."""
    rows = []
    for part in parts_of(dossier.content):
        where = part.key if part.key == part.section else f"{part.section}.{part.key}"
        rows.append((part, addresses(where) if part.section in SECTIONS else ""))
    return rows


def lines_of(dossier: Dossier) -> list[Tick]:
    """Return how each condition stands, in words and tone."""
    return [
        Tick(line.text, Verdict(line.verdict).label, TONES[Verdict(line.verdict)], line.basis)
        for line in dossier.assessment.lines
    ]


def ticks_of(dossier: Dossier) -> list[Tick]:
    """Return what the agency will check in this very application, with what it would find now.

    The committee's own requirements come last, as its guide states them: what must be shown is marked where no result
    is shown under it.
    """
    return [
        _register(dossier, System.INSURANCE, _insurance_words(dossier)),
        *_claims(dossier, ItemKind.EDUCATION, _("学历学位")),
        *_claims(dossier, ItemKind.TITLE, _("现有职称")),
        _warnings(dossier),
        _proofs(dossier),
        *_criteria(dossier),
    ]


def _insurance_words(dossier: Dossier) -> str:
    if dossier.gathered.is_freelance:
        return _("没有由单位参保，由认可的协会、学会推荐")
    return _("参保单位与推荐单位一致")


def _register(dossier: Dossier, system: System, name: str) -> Tick:
    lookup = dossier.gathered.lookups.get(system)
    if lookup is not None and lookup.state == LookupState.ANSWERED:
        return Tick(name, _("系统已核对"), "good")
    return Tick(name, _("由机构人工核验"), "waiting")


def _claims(dossier: Dossier, kind: ItemKind, name: str) -> list[Tick]:
    items = dossier.gathered.of(kind)
    if not items:
        return []
    unverified = sum(not item.is_verified for item in items)
    if not unverified:
        return [Tick(name, _("已自动核验"), "good")]
    return [Tick(name, _("%(count)s项由机构核验上传的证书") % {"count": unverified}, "waiting")]


def _warnings(dossier: Dossier) -> Tick:
    name, number = _("前后一致、时间连续"), len(dossier.discrepancies)
    if not number:
        return Tick(name, _("未发现问题"), "good")
    return Tick(name, _("有%(count)s条提示，机构会同样看到") % {"count": number}, "action")


def _proofs(dossier: Dossier) -> Tick:
    name = _("业绩成果的证明材料齐全")
    if not dossier.gathered.of(ItemKind.RESULT):
        return Tick(name, _("未选择代表性成果"), "bad")
    lacking = sum(reason.code == "proof_missing" for reason in dossier.reasons)
    return Tick(name, _("缺%(count)s项") % {"count": lacking}, "bad") if lacking else Tick(name, _("已上传"), "good")


def _criteria(dossier: Dossier) -> list[Tick]:
    committee = dossier.gathered.application.entry.committee
    guide = getattr(committee, "guide", None)
    if guide is None or guide.state != GuideState.PUBLISHED:
        return []
    shown = {criterion.pk for criterion in dossier.gathered.criteria.values() if criterion is not None}
    return [
        Tick(
            f"{criterion.get_indicator_display()} {criterion.text}",
            _("已对应成果") if criterion.pk in shown else _("没有对应的成果，请核对"),
            "good" if criterion.pk in shown else "action",
        )
        for criterion in guide.criteria.of_results().order_by("order")
        if criterion.is_required
    ]
