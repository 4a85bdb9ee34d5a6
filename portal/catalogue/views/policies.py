"""The bureau's desk: policy versions with range and basis beside each number, and what differs before approval."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.domain import policies
from portal.catalogue.interfaces.policy_form import PolicyForm, PolicyValuesForm
from portal.catalogue.models import PolicyVersion
from portal.catalogue.parameters import GROUPS, REGISTRY, Group
from portal.catalogue.queries import differences
from portal.catalogue.views.forming import FormPage
from portal.catalogue.views.steps import CatalogueStep
from portal.http.once import key_of
from portal.http.views import SubjectMixin
from portal.ledger.queries import history_of
from portal.workflow import open_steps

# The step that publishing a later version brings with it, and that nobody presses.
FOLLOWS = "supersede"


class PolicyMixin(SubjectMixin):
    """A page about one policy version as the bureau sees it."""

    access = bureau

    def visible(self) -> QuerySet[PolicyVersion]:
        return PolicyVersion.objects.select_related("successor").prefetch_related("values")


def before(version: PolicyVersion) -> PolicyVersion | None:
    """Return the version that holds when ``version`` begins."""
    earlier = PolicyVersion.objects.once_published().filter(valid_from__lt=version.valid_from)
    return earlier.prefetch_related("values").order_by("valid_from").last()


def grouped(version: PolicyVersion) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """Return every parameter with its stored value under its heading."""
    return [
        (
            GROUPS[group],
            [(parameter, version.by_key.get(key)) for key, parameter in REGISTRY.items() if parameter.group is group],
        )
        for group in Group
    ]


class Show(PolicyMixin):
    """One version: its numbers, how it differs from the one before, what can be done."""

    template_name = "catalogue/bureau/policy.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        earlier = before(self.subject)
        return self.page(
            version=self.subject,
            groups=grouped(self.subject),
            earlier=earlier,
            differences=differences(earlier, self.subject) if earlier else [],
            steps=[each for each in open_steps(self.subject, by=self.actor, at=self.at) if each.name != FOLLOWS],
            history=history_of(self.subject).order_by("-pk")[:30],
        )


class New(FormPage):
    access = bureau
    heading = _("新建政策版本")
    button = _("新建并填写参数")
    done_message = _("新版本已从现行版本复制，请修改需要变动的参数。")

    def form(self, *data: Any) -> Any:
        return PolicyForm(*data[:1])

    def act(self, form: Form) -> PolicyVersion:
        return policies.prepare_next(**form.cleaned_data, by=self.actor, at=self.at)

    def next_address(self, done: PolicyVersion) -> str:
        return reverse("catalogue:policy:change", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("catalogue:overview")


class Change(PolicyMixin, FormPage):
    template_name = "catalogue/bureau/policy_values.html"
    heading = _("修改政策参数")
    button = _("保存")
    done_message = _("参数已保存。")

    def form(self, *data: Any) -> Any:
        return PolicyValuesForm(*data[:1], version=self.subject)

    def act(self, form: PolicyValuesForm) -> PolicyVersion:
        return policies.change(self.subject, form.changes(), by=self.actor, at=self.at)

    def next_address(self, done: PolicyVersion) -> str:
        return reverse("catalogue:policy:show", args=[done.code])

    def cancel_address(self) -> str:
        return self.next_address(self.subject)

    def beside(self) -> dict[str, Any]:
        return {"version": self.subject}


class PolicyStep(PolicyMixin, CatalogueStep):
    home = "catalogue:policy:show"

    def beside(self) -> dict[str, Any]:
        earlier = before(self.subject)
        return {"differences": differences(earlier, self.subject) if earlier else [], "earlier": earlier}


class Approve(PolicyStep):
    step = "approve"
    explanation = _("请核对与现行版本的不同之处。参与编制的人员不能审批，批准后参数不能再改。")
    done_message = _("已批准，可以发布。")


class SendBack(PolicyStep):
    step = "send_back"
    done_message = _("已退回修改。")


class Publish(PolicyStep):
    step = "publish"
    explanation = _("自施行日期起提交的申报适用本版本；此前已提交的仍适用提交时的版本。")
    done_message = _("政策版本已发布。")

    def act(self, form: Form) -> PolicyVersion:
        return policies.publish(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
