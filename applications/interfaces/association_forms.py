"""Forms with which a freelancer chooses who recommends, and hands in what was sealed."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.domain.archiving import EVIDENCE
from portal.accounts.models import Organisation
from portal.catalogue.enums import Channel
from portal.documents.forms import FileOffer

NOBODY = ""
DESK, PAPER = "desk", "paper"


class AssociationForm(forms.Form):
    """The recognised associations of today; one that was chosen before stays among them."""

    association = forms.ChoiceField(
        label=_("推荐协会、学会"),
        required=False,
        help_text=_("只列出市文化和旅游局、市文联或者其他行业主管部门认可的协会、学会。"),
    )
    way = forms.ChoiceField(
        label=_("推荐方式"),
        required=False,
        choices=[
            (DESK, _("在线：协会、学会在平台审核、公示并推荐")),
            (PAPER, _("纸质：打印三份材料，由协会、学会审核、公示并盖章，本人上传扫描件")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, application, offered, **kwargs):
        chosen = application.employer if application.channel == Channel.FREELANCER else None
        initial = {"association": chosen.code if chosen else NOBODY, "way": PAPER if application.on_paper else DESK}
        super().__init__(*args, initial=initial, **kwargs)
        self.organisations = {one.association.code: one.association for one in offered}
        names = {
            one.association.code: gettext("%(name)s（%(by)s认可）") % {"name": one.association.name, "by": one.by_whom}
            for one in offered
        }
        if chosen is not None and chosen.code not in names:
            self.organisations[chosen.code], names[chosen.code] = chosen, chosen.name
        self.fields["association"].choices = [(NOBODY, _("不由协会、学会推荐（由参保单位推荐）")), *names.items()]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the domain takes it."""
        found: Organisation | None = self.organisations.get(self.cleaned_data["association"])
        return {"association": found, "on_paper": found is not None and self.cleaned_data["way"] == PAPER}


class ScanForm(forms.Form):
    file = FileOffer(EVIDENCE, label=_("盖章材料扫描件"))
