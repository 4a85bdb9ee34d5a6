"""Deliveries that reached nobody: seen and sent anew by those who look after them."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.http.views import PortalView, StepView
from portal.notifications import queries
from portal.notifications.forms import FailureFilter
from portal.notifications.models import Delivery
from portal.notifications.rules import looks_after_deliveries

PER_PAGE = 50


class Failures(PortalView):
    access = looks_after_deliveries
    template_name = "notifications/office/failures.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        filter_form = FailureFilter(request.GET)
        found = filter_form.narrow(queries.deliveries_needing_staff())
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, filter_form=filter_form, shows_names=bureau.test(self.actor))


class Retry(StepView):
    access = looks_after_deliveries
    step = "retry"
    template_name = "notifications/office/retry.html"
    done_message = _("已重新安排发送。")

    def visible(self) -> QuerySet[Delivery]:
        return queries.deliveries_needing_staff()

    def page(self, status: int = 200, **context) -> TemplateResponse:
        return super().page(status, cancel_address=self.next_address(), **context)

    def next_address(self) -> str:
        return reverse("notifications:failures")
