"""What the agency fills in about a file: findings item by item, proposals, remarks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain.reading import FileShown
from applications.interfaces.employer_forms import Finding as Marked
from applications.interfaces.employer_forms import Remark
from portal.accounts.models import Person
from portal.catalogue.models import CatalogueEntry
from portal.documents.enums import PAPERS, Kind
from portal.documents.models import StoredFile
from portal.shared.errors import Reason
from review.domain.checking import Found
from review.domain.checklist import CONTENT, GUIDE, LAW, Item
from review.enums.checking import FOUND, LONGEST_REASON, LONGEST_TEXT, Ground, Proposal, Verdict
from review.models import AgencyReview, Finding

GROUPS = {CONTENT: _("申报内容"), LAW: _("按规定须由机构核验的事项"), GUIDE: _("评委会的要求")}
PAGE_NAMED = re.compile(r"第\s*(\d{1,4})\s*页|\bp\.?\s*(\d{1,4})\b", re.IGNORECASE)
RULES = [("", _("请选择")), *Ground.choices]


@dataclass(frozen=True)
class FileBeside:
    """One file beside its item: where it is drawn, at the page that its name tells, and whether it is a picture."""

    name: str
    address: str
    download: str
    is_drawn: bool
    is_picture: bool


@dataclass(frozen=True)
class Row:
    """One item as the page shows it, with its fields."""

    item: Item
    finding: Finding | None
    is_changed: bool
    files: tuple[FileBeside, ...]
    verdict: forms.BoundField
    text: forms.BoundField
    basis: forms.BoundField
    field: forms.BoundField | None

    @property
    def is_written(self) -> bool:
        """Whether words for the applicant stand there, or are asked for."""
        return bool(self.text.value() or self.text.errors or self.basis.errors) or self.verdict.value() == "defect"


class ChecklistForm(forms.Form):
    """A finding, words and a rule for each item; the words' field has the item's key, where refusals of the domain land."""

    use_required_attribute = False

    def __init__(self, *data: Any, items: Sequence[Item], findings: Mapping[str, Finding], version: int) -> None:
        super().__init__(*data)
        self.items, self.findings = items, findings
        self.fields["_version"] = forms.IntegerField(
            min_value=0, initial=version, required=False, widget=forms.HiddenInput
        )
        for item in items:
            self._add(item, findings.get(item.key))

    def _add(self, item: Item, stored: Finding | None) -> None:
        is_open = stored is None or stored.verdict != Verdict.UNFINISHED
        self.fields[_verdict(item.key)] = Marked(
            label=_("审核结果"),
            choices=[(one.value, one.label) for one in FOUND],
            initial=(stored.verdict if is_open else Verdict.DEFECT.value) if stored else None,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
        )
        self.fields[item.key] = Remark(
            label=_("告知申报人的补正内容（需补正的必填，至少10个字）"),
            max_length=LONGEST_TEXT,
            initial=stored.text if stored else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[_basis(item.key)] = Marked(
            label=_("补正依据"),
            choices=RULES,
            initial=(stored.basis if stored else "") or item.basis,
        )
        if item.choices:
            self.fields[_field(item.key)] = Marked(
                label=_("需补正的栏目"),
                choices=[("", _("整项")), *item.choices],
                initial=stored.field if stored else "",
            )

    def rows(self, files: Mapping[str, FileBeside], changed: set[str]) -> Iterator[Row]:
        """Yield every item with its fields."""
        for item in self.items:
            yield Row(
                item,
                self.findings.get(item.key),
                item.key in changed,
                tuple(files[one.code] for one in item.files if one.code in files),
                self[_verdict(item.key)],
                self[item.key],
                self[_basis(item.key)],
                self[_field(item.key)] if item.choices else None,
            )

    def found(self, *, rest_is_fine: bool = False) -> dict[str, Found]:
        """Return what was marked or written; words without a mark begin a defect. ``rest_is_fine`` marks all others right."""
        given, version = self.cleaned_data, self.cleaned_data.get("_version")
        found = {}
        for item in self.items:
            text = given.get(item.key, "")
            verdict = given.get(_verdict(item.key)) or ("defect" if text else "fine" if rest_is_fine else "")
            if verdict and item.key in given:
                field = given.get(_field(item.key), "")
                found[item.key] = Found(verdict, text, given.get(_basis(item.key), ""), version, field)
        return found

    def show(self, unfit: Mapping[str, Reason], conflicts: Mapping[str, Finding], version: int) -> None:
        """Put what did not fit, and what another window changed, beside its item; what was typed stays.

        From now on the page rests on ``version``: whoever saves it again has seen what stands.
        """
        entered = cast(QueryDict, self.data).copy()
        entered["_version"] = str(version)
        self.data = entered
        for key, reason in unfit.items():
            self.add_error(key if key in self.fields else None, str(reason.text))
        for key, stored in conflicts.items():
            text = _("这一项已在别处改为「%(verdict)s%(text)s」，您刚才填写的没有保存，请核对后再保存。")
            known = {"verdict": stored.get_verdict_display(), "text": f" {stored.text}" if stored.text else ""}
            self.add_error(key, text % known)


def files_beside(items: Sequence[Item]) -> dict[str, FileBeside]:
    """Return the files of all items by their codes; one query."""
    files: dict[str, FileShown] = {file.code: file for item in items for file in item.files}
    kinds = dict(StoredFile.objects.filter(code__in=files).values_list("code", "kind"))
    return {code: _beside(file, kinds[code]) for code, file in files.items() if code in kinds}


def _beside(file: FileShown, kind: str) -> FileBeside:
    named = PAGE_NAMED.search(file.label) or PAGE_NAMED.search(file.name)
    page = f"#page={named[1] or named[2]}" if named and kind == Kind.PDF else ""
    return FileBeside(
        name=f"{file.name} {file.label}".strip(),
        address=reverse("documents:beside", args=[file.code]) + page,
        download=reverse("documents:download", args=[file.code]),
        is_drawn=kind in PAPERS,
        is_picture=kind in PAPERS and kind != Kind.PDF,
    )


def _verdict(key: str) -> str:
    return f"verdict-{key}"


def _basis(key: str) -> str:
    return f"basis-{key}"


def _field(key: str) -> str:
    return f"field-{key}"


class ProposeForm(forms.Form):
    """What the person who checked proposes; reason and rule for a rejection."""

    conditional = frozenset({"reason", "basis"})

    proposal = forms.ChoiceField(label=_("审核意见"), choices=Proposal, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("不通过的原因"),
        help_text=_("建议不通过的必填，至少10个字，申报人将看到。"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.ChoiceField(label=_("不通过的依据"), help_text=_("建议不通过的必选。"), required=False, choices=RULES)

    def __init__(self, *data: Any, may_return: bool = True) -> None:
        super().__init__(*data)
        if not may_return:
            choices = [one for one in Proposal.choices if one[0] != Proposal.RETURN]
            self.fields["proposal"].choices = choices  # type: ignore[attr-defined]


class RemarkForm(forms.Form):
    conditional = frozenset({"reason"})

    reason = forms.CharField(
        label=_("原因"),
        help_text=_("复核人退回重审的须写明原因，至少10个字；撤回本人意见的可以不填。"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AssignForm(forms.Form):
    """To whom a file is given."""

    assignee = forms.ChoiceField(label=_("审核人"))
    note = forms.CharField(label=_("说明"), required=False, max_length=LONGEST_REASON)

    def __init__(self, *data: Any, review: AgencyReview, people: Sequence[Person]) -> None:
        super().__init__(*data)
        self.people = {one.code: one for one in people}
        self.fields["assignee"].choices = [(one.code, one.full_name) for one in people]  # type: ignore[attr-defined]
        self.fields["assignee"].initial = review.assignee.code if review.assignee else None

    @property
    def chosen(self) -> Person:
        """Who was chosen."""
        return self.people[self.cleaned_data["assignee"]]


class AuthoriseForm(forms.Form):
    reason = forms.CharField(
        label=_("机构的差错和同意再次退回的原因"),
        help_text=_("至少10个字，记入办理记录，机构将看到。"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TransferForm(forms.Form):
    to = forms.ChoiceField(label=_("接收的评审委员会"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("移交的原因"),
        help_text=_("至少10个字，记入办理记录，接收的机构将看到。"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *data: Any, targets: Sequence[CatalogueEntry]) -> None:
        super().__init__(*data)
        self.targets = {one.code: one for one in targets}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.committee} · {one.agency.name if one.agency else ''}") for one in targets
        ]

    @property
    def chosen(self) -> CatalogueEntry:
        """Which row of the catalogue was chosen."""
        return self.targets[self.cleaned_data["to"]]
