"""The year's windows: entered, checked day by day, published by another, moved outwards. For the bureau and for owners."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.domain import schedules
from portal.catalogue.interfaces.forms import (
    AmendForm,
    ScheduleChangeForm,
    ScheduleForm,
    VerifyForm,
    initial_days,
)
from portal.catalogue.models import AnnualSchedule
from portal.catalogue.queries import windows_of
from portal.catalogue.rules import keeps_a_schedule
from portal.catalogue.views.editions import EditionMixin
from portal.catalogue.views.forming import FormPage
from portal.catalogue.views.steps import CatalogueStep
from portal.http.once import key_of
from portal.http.views import PortalView, SubjectMixin
from portal.ledger.queries import history_of
from portal.workflow import open_steps


class ScheduleMixin(SubjectMixin):
    """A page about one schedule: the bureau sees all, an authority those that it owns."""

    access = bureau | keeps_a_schedule

    def visible(self) -> QuerySet[AnnualSchedule]:
        rows = AnnualSchedule.objects.select_related("edition", "owner")
        return rows if self.is_bureau else rows.filter(owner=self.actor.organisation)

    @property
    def is_bureau(self) -> bool:
        """Whether the actor works for the bureau, and not for another owner."""
        return bool(bureau.test(self.actor))


class Own(PortalView):
    """The schedules that an industry authority or a district answers for."""

    access = keeps_a_schedule
    template_name = "catalogue/bureau/own_schedules.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = AnnualSchedule.objects.filter(owner=self.actor.organisation).select_related("edition")
        return self.page(schedules=rows.order_by("-individual_opens_at"))


class Show(ScheduleMixin):
    """One schedule with its windows and what the check found."""

    template_name = "catalogue/bureau/schedule.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(
            schedule=self.subject,
            windows=windows_of(self.subject, self.at),
            steps=open_steps(self.subject, by=self.actor, at=self.at),
            history=history_of(self.subject).order_by("-pk")[:30],
            **checked(self.subject),
        )


def checked(schedule: AnnualSchedule) -> dict[str, Any]:
    """Return what the check says of the windows, or that no policy was in force then."""
    report = schedule.checked()
    return {"report": report, "policy": schedule.policy() if report else None}


class New(EditionMixin, FormPage):
    heading = _("新增年度安排")
    button = _("保存并核对")

    def form(self, *data: Any) -> Any:
        return ScheduleForm(*data[:1])

    def act(self, form: ScheduleForm) -> AnnualSchedule:
        words = {name: form.cleaned_data[name] for name in ("title", "kind", "owner", "notice")}
        return schedules.prepare(self.subject, windows=form.days.windows(), **words, by=self.actor, at=self.at)

    def next_address(self, done: AnnualSchedule) -> str:
        return reverse("catalogue:schedule:show", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("catalogue:edition:show", args=[self.subject.code])


class Change(ScheduleMixin, FormPage):
    heading = _("修改日期")
    button = _("保存并核对")
    done_message = _("日期已修改。")

    def form(self, *data: Any) -> Any:
        words = {"title": self.subject.title, "notice": self.subject.notice}
        return ScheduleChangeForm(data[0] if data else None, initial={**words, **initial_days(self.subject)})

    def act(self, form: ScheduleChangeForm) -> AnnualSchedule:
        words = {name: form.cleaned_data[name] for name in ("title", "notice")}
        return schedules.change(self.subject, windows=form.days.windows(), **words, by=self.actor, at=self.at)

    def next_address(self, done: AnnualSchedule) -> str:
        return reverse("catalogue:schedule:show", args=[self.subject.code])

    def cancel_address(self) -> str:
        return self.next_address(self.subject)


class ScheduleStep(ScheduleMixin, CatalogueStep):
    home = "catalogue:schedule:show"

    def beside(self) -> dict[str, Any]:
        return checked(self.subject)


class Verify(ScheduleStep):
    step = "verify"
    form_class = VerifyForm
    explanation = _("核对无误后由另一位负责人发布。有需要确认的问题的，须说明仍按此安排的理由。")
    done_message = _("已核对。")


class SendBack(ScheduleStep):
    step = "send_back"
    done_message = _("已退回，可以修改日期。")


class Publish(ScheduleStep):
    step = "publish"
    explanation = _("发布后，各时段按所列日期自动开始和截止；此后进行中的时段只能延后。")
    done_message = _("年度安排已发布。")


class Amend(ScheduleStep):
    step = "amend"
    form_class = AmendForm
    explanation = _("已经开始的时段只能延后截止日期。")
    done_message = _("日期已调整。")

    def form(self, *args: Any) -> Any:
        return AmendForm(args[0] if args else None, initial=initial_days(self.subject))

    def act(self, form: Any) -> AnnualSchedule:
        key, note = key_of(self.request), form.cleaned_data["note"]
        windows = form.days.windows()
        return schedules.amend(self.subject, windows=windows, note=note, by=self.actor, at=self.at, key=key)


class Close(ScheduleStep):
    step = "close"
    done_message = _("年度安排已结束。")
