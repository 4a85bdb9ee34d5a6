"""The bureau's desk: editions from the first row to publication."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.domain import editions
from portal.catalogue.interfaces.forms import EditionForm, ReasonForm
from portal.catalogue.models import Edition, PolicyVersion
from portal.catalogue.queries import changes_of, condition_changes
from portal.catalogue.views.forming import FormPage
from portal.catalogue.views.steps import CatalogueStep
from portal.http.once import key_of
from portal.http.views import PortalView, SubjectMixin
from portal.ledger.queries import history_of
from portal.workflow import open_steps


class Overview(PortalView):
    """Every edition and every policy version."""

    access = bureau
    template_name = "catalogue/bureau/overview.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        open_rows = Count("entries", filter=Q(entries__until_revision=None))
        listed = Edition.objects.annotate(row_count=open_rows).order_by("-year", "code")
        versions = PolicyVersion.objects.select_related("successor").order_by("-valid_from", "-pk")
        page = Paginator(listed, 20).get_page(request.GET.get("page"))
        return self.page(editions=page, versions=versions)


class EditionMixin(SubjectMixin):
    """A page about one edition as the bureau sees it."""

    access = bureau

    def visible(self) -> QuerySet[Edition]:
        return Edition.objects.all()


class Show(EditionMixin):
    """One edition: what it holds, what can be done, what was done."""

    template_name = "catalogue/bureau/edition.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        edition = self.subject
        schedules = edition.schedules.select_related("owner").order_by("individual_opens_at", "pk")
        return self.page(
            edition=edition,
            steps=open_steps(edition, by=self.actor, at=self.at),
            schedules=schedules,
            changes=changes_of(edition),
            condition_changes=condition_changes(edition, edition.working_revision),
            condition_count=edition.condition_sets.working().count(),
            row_count=edition.entries.working().count(),
            committee_count=edition.committees.count(),
            authorities=edition.authorities.select_related("agency").order_by("agency__name"),
            history=history_of(edition).order_by("-pk")[:30],
        )


class New(FormPage):
    access = bureau
    heading = _("新建年度目录")
    button = _("新建")
    done_message = _("目录已建立，可以开始编制。")

    def form(self, *data: Any) -> Any:
        return EditionForm(*data)

    def act(self, form: Form) -> Edition:
        return editions.prepare(**form.cleaned_data, by=self.actor, at=self.at)

    def next_address(self, done: Edition) -> str:
        return reverse("catalogue:edition:show", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("catalogue:overview")


class EditionStep(EditionMixin, CatalogueStep):
    home = "catalogue:edition:show"

    def beside(self) -> dict[str, Any]:
        changed = condition_changes(self.subject, self.subject.working_revision)
        return {"changes": changes_of(self.subject), "condition_changes": changed}


class Submit(EditionStep):
    step = "submit"
    explanation = _("提交后目录不能修改，由另一位负责人审批。")
    done_message = _("已提交审批。")


class SendBack(EditionStep):
    step = "send_back"
    form_class = ReasonForm
    done_message = _("已退回修改。")


class Approve(EditionStep):
    step = "approve"
    explanation = _("请核对本次变更。参与编制的人员不能审批。")
    done_message = _("已批准，可以发布。")


class Publish(EditionStep):
    step = "publish"
    explanation = _("发布后，目录即为本年度可以开展评审的机构和专业的唯一依据。")
    done_message = _("目录已发布。")

    def act(self, form: Form) -> Edition:
        return editions.publish(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Amend(EditionStep):
    step = "amend"
    form_class = ReasonForm
    explanation = _("编制修订版期间，已发布的目录继续有效。")
    done_message = _("可以编制修订版。")


class Close(EditionStep):
    step = "close"
    explanation = _("结束后目录只供查阅。")
    done_message = _("年度已结束。")
