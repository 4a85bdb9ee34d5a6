"""The bureau's desk: the standing of agencies in a year (R-152, R-153)."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.domain import standing
from portal.catalogue.interfaces.forms import CauseForm, SuspensionForm
from portal.catalogue.models import AgencyAuthority
from portal.catalogue.views.steps import CatalogueStep
from portal.http.once import key_of
from portal.http.views import SubjectMixin
from portal.ledger.queries import history_of
from portal.workflow import open_steps


class AuthorityMixin(SubjectMixin):
    """A page about one agency's standing in one year."""

    access = bureau

    def visible(self) -> QuerySet[AgencyAuthority]:
        return AgencyAuthority.objects.select_related("agency", "edition")


class Show(AuthorityMixin):
    template_name = "catalogue/bureau/authority.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        authority = self.subject
        return self.page(
            authority=authority,
            steps=[step for step in open_steps(authority, by=self.actor, at=self.at) if step.name not in BY_THE_LIST],
            committees=authority.edition.committees.filter(agency=authority.agency).order_by("band", "name"),
            suspensions=authority.suspensions.order_by("-from_at"),
            history=history_of(authority).order_by("-pk")[:30],
        )


# Steps that follow from publishing a revision, and are never pressed.
BY_THE_LIST = frozenset({"delist", "relist"})


class AuthorityStep(AuthorityMixin, CatalogueStep):
    home = "catalogue:authority:show"
    form_class = CauseForm

    def facts(self, form: Form) -> dict[str, Any]:
        """Return what every measure of the domain takes."""
        return {**form.cleaned_data, "by": self.actor, "at": self.at, "key": key_of(self.request)}


class Suspend(AuthorityStep):
    step = "suspend"
    form_class = SuspensionForm
    explanation = _("暂停期间不得召开新的评审会议，该机构申报人的各项期限停止计算。")
    done_message = _("已暂停该机构评审工作。")

    def act(self, form: Form) -> AgencyAuthority:
        return standing.suspend(self.subject, **self.facts(form))


class Restore(AuthorityStep):
    step = "restore"
    explanation = _("整改到位的，恢复评审工作，各项期限继续计算。")
    done_message = _("已恢复该机构评审工作。")

    def act(self, form: Form) -> AgencyAuthority:
        return standing.restore(self.subject, **self.facts(form))


class Withdraw(AuthorityStep):
    step = "withdraw"
    explanation = _("收回后该机构本年度不再开展评审；已签署的评审结果不受影响。")
    done_message = _("已收回该机构评审权。")

    def act(self, form: Form) -> AgencyAuthority:
        return standing.withdraw(self.subject, **self.facts(form))
