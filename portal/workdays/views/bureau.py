"""The bureau enters a year's holiday notice; another person publishes it."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin
from portal.workdays import publishing
from portal.workdays.forms import NoticeForm
from portal.workdays.models import YearNotice
from portal.workflow import open_steps


class Notices(PortalView):
    access = bureau
    template_name = "workdays/bureau/notices.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(notices=YearNotice.objects.select_related("prepared_by").order_by("-year", "-pk"))


class Prepare(ChangeView):
    access = bureau
    template_name = "workdays/bureau/prepare.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=NoticeForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        entered = {name: form.cleaned_data[name] for name in ("year", "title", "source")}
        notice = publishing.prepare(days=form.days(), by=self.actor, at=self.at, **entered)
        return HttpResponseRedirect(reverse("workdays:notice", args=[notice.code]))


class Notice(SubjectMixin):
    access = bureau
    template_name = "workdays/bureau/notice.html"

    def visible(self) -> Any:
        return YearNotice.objects.select_related("prepared_by")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        steps = open_steps(self.subject, by=self.actor, at=self.at)
        steps = [step for step in steps if step.name == "publish"]
        return self.page(notice=self.subject, days=self.subject.days.order_by("date"), steps=steps)


class Publish(StepView):
    access = bureau
    step = "publish"
    template_name = "workdays/bureau/publish.html"
    done_message = _("已发布。尚未到期的期限已重新计算，只会顺延，不会提前。")

    def visible(self) -> Any:
        return YearNotice.objects.all()

    def act(self, form: Form) -> Any:
        return publishing.publish(self.subject, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return reverse("workdays:notice", args=[self.subject.code])
