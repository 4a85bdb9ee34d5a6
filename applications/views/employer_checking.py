"""The employer's desk: checking a file part by part, again only where it changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import reading, receiving, standing
from applications.interfaces.employer_forms import CheckForm
from applications.models import Snapshot
from applications.views.employer import OwnFile
from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Refusal, StepNotPermitted


class Checking(OwnFile, ChangeView):
    """A page that changes what was found about the parts of a file."""

    def back(self) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("applications:check_file", args=[self.subject.code]))

    def progress(self, snapshot: Snapshot) -> standing.Progress:
        """Return how far the check is."""
        return standing.progress_of(snapshot, standing.checks_of(self.subject, snapshot))


class Check(Checking):
    """Every part with its finding; saved in part as often as needed."""

    template_name = "applications/employer/check.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        snapshot = self.snapshot
        if snapshot is None or self.subject.state not in receiving.CHECKED_IN:
            return HttpResponseRedirect(reverse("applications:file", args=[code]))
        return self.show(snapshot, self.form(snapshot))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        snapshot = self.snapshot
        if snapshot is None or snapshot.code != request.POST.get("snapshot"):
            messages.warning(request, _("申报内容已更新，刚才的核对没有保存，请按新内容核对。"))
            return self.back()
        form = self.form(snapshot, request.POST)
        if not form.is_valid():
            return self.show(snapshot, form)
        findings = form.findings(rest_is_right=request.POST.get("go") == "all_right")
        try:
            receiving.check(self.subject, findings, by=self.actor, at=self.at)
        except StepNotPermitted:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(snapshot, form)
        return self.saved(snapshot)

    def saved(self, snapshot: Snapshot) -> HttpResponseBase:
        progress = self.progress(snapshot)
        words = _("已保存：共%(total)s项，已核对%(done)s项，其中不属实%(wrong)s项。")
        known = {"total": progress.total, "done": progress.done, "wrong": progress.wrong}
        messages.success(self.request, words % known)
        if not progress.is_complete:
            return self.back()
        return HttpResponseRedirect(reverse("applications:file", args=[self.subject.code]))

    def form(self, snapshot: Snapshot, *data: Any) -> CheckForm:
        parts = reading.parts_of(snapshot.content)
        return CheckForm(*data, parts=parts, checks=standing.checks_of(self.subject, snapshot))

    def show(self, snapshot: Snapshot, form: CheckForm) -> HttpResponseBase:
        difference = standing.difference_of(self.subject, snapshot)
        headings = {part.section: part.heading for part in form.parts}
        carried = difference.to_carry_over if difference else {}
        return self.page(
            subject=self.subject,
            application=self.subject.application,
            snapshot=snapshot,
            form=form,
            progress=self.progress(snapshot),
            difference=difference,
            groups=[(section, headings[section], len(parts)) for section, parts in carried.items()],
            changed={change.key for change in difference.changes} if difference else set(),
        )


class CarryOver(Checking):
    """What did not change since the last check stands, one click per group of parts."""

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        snapshot, section = self.snapshot, request.POST.get("section", "")
        difference = standing.difference_of(self.subject, snapshot) if snapshot else None
        groups = difference.to_carry_over if difference else {}
        receiving.carry_over(self.subject, groups.get(section, []), by=self.actor, at=self.at)
        words = _("已沿用%(count)s项此前的核对结果。") % {"count": len(groups[section])}
        messages.success(request, words)
        return self.back()
