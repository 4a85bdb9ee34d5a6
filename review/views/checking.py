"""The agency's desk: one person's file, and the bureau's look at what is late."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.domain import answering, lookups, reading
from applications.enums import CORRECTION
from applications.views.autosave import Remembered
from portal.deadlines import setting
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from review import rules
from review.domain import authorising, checking, looking, transferring, unheard
from review.enums.checking import CHECKED_IN, Verdict
from review.interfaces.checking import GROUPS, ChecklistForm, files_beside
from review.models import AgencyReview

A_PAGE = 50


class Overdue(PortalView):
    """What the agencies did not check in time, for the bureau that supervises them (N-13)."""

    access = rules.oversees
    template_name = "review/checking/overdue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = AgencyReview.objects.overdue().with_all().order_by("due_at", "agency", "pk")
        return self.page(page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")))


class Unheard(PortalView):
    """What was not heard or voted on by the end of the session period, for the bureau that sets it (R-028)."""

    access = rules.oversees
    template_name = "review/checking/unheard.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(page=Paginator(unheard.overdue(self.at), A_PAGE).get_page(request.GET.get("page")))


class OwnReview(SubjectMixin):
    """A page about one file of the actor's agency."""

    access = rules.checks
    subject: AgencyReview

    def visible(self) -> Any:
        return AgencyReview.objects.at(self.actor).with_all()


class File(OwnReview):
    """Everything about one file and what can be done with it now; the bureau reads along."""

    access = rules.sees_reviews
    template_name = "review/checking/file.html"

    def visible(self) -> Any:
        return AgencyReview.objects.seen_by(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        review = self.subject
        items = looking.items_in(review)
        association = review.snapshot.content.get("association")
        tally = checking.tally_of(review, items)
        found = {one.item: one for one in checking.findings_of(review) if one.verdict == Verdict.DEFECT}
        return self.page(
            review=review,
            application=review.application,
            recommendation=review.application.recommendation,
            association=association,
            recognised=reading.recognition_words(association) if association else "",
            steps=looking.steps_of(review, by=self.actor, at=self.at, tally=tally),
            tally=tally,
            defects=[(item, found[item.key]) for item in items if item.key in found],
            correction=setting.waiting(CORRECTION, review.application),
            told=answering.told(lookups.latest(review.application.applicant)),
            difference=looking.difference_of(review),
            parts=reading.parts_of(review.snapshot.content),
            conditions=review.snapshot.content.get("eligibility", []),
            history=looking.history_of(review),
            may_check=self.may_check(),
            may_assign=self.is_at_agency() and review.is_open and not review.proposal,
            may_authorise=rules.authorises.test(self.actor) and authorising.is_possible(review),
            may_transfer=rules.authorises.test(self.actor) and transferring.is_possible(review),
        )

    def is_at_agency(self) -> bool:
        """Whether the reader works at the agency, and does not read along for the bureau."""
        return rules.checks_it.test(self.actor, self.subject) is True

    def may_check(self) -> bool:
        """Whether the reader is the one who checks now."""
        review, person = self.subject, self.actor.person
        return review.state in CHECKED_IN and person is not None and person.pk == review.assignee_id


class Check(OwnReview, ChangeView):
    """Every item with its evidence beside it; saved in part as often as needed, and while it is typed."""

    template_name = "review/checking/check.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.state not in CHECKED_IN:
            return HttpResponseRedirect(reverse("review:file", args=[code]))
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        form.is_valid()
        try:
            found = form.found(rest_is_fine=request.POST.get("go") == "all_fine")
            saved = checking.find(self.subject, found, by=self.actor, at=self.at)
        except Refusal as refusal:
            return self.refused(form, refusal)
        if request.headers.get("Accept") == "application/json":
            return self.told(form, saved)
        form.show(saved.lost, saved.conflicts, self.subject.version)
        return self.show(form) if form.errors else self.done()

    def refused(self, form: ChecklistForm, refusal: Refusal) -> HttpResponseBase:
        """Say why nothing is stored, and keep what was typed on the page."""
        if self.request.headers.get("Accept") == "application/json":
            return JsonResponse(
                {"detail": " ".join(str(one.text) for one in refusal.reasons)}, status=HTTPStatus.CONFLICT
            )
        show_refusal(form, refusal)
        return self.show(form, status=HTTPStatus.CONFLICT)

    def told(self, form: ChecklistForm, saved: checking.Saved) -> HttpResponseBase:
        """Answer the script that saves while somebody types."""
        if saved.conflicts:
            text = _("有项目已在别处修改，请刷新页面核对后再填写。")
            return JsonResponse({"detail": text}, status=HTTPStatus.CONFLICT)
        words = dateformat.format(self.at.astimezone(clock.BEIJING), "H:i")
        if saved.unfit:
            words = _("%(time)s，其中%(count)s项未写完") % {"time": words, "count": len(saved.unfit)}
        return Remembered({"saved": words, "version": saved.version})

    def done(self) -> HttpResponseBase:
        """Go on: to the file once everything is decided."""
        tally = checking.tally_of(self.subject)
        words = _("已保存：共%(total)s项，已审核%(done)s项，其中需补正%(wrong)s项。")
        known = {"total": tally.total, "done": tally.decided, "wrong": tally.defective}
        messages.success(self.request, words % known)
        if tally.unfinished:
            text = _("有%(count)s项补正内容没有写完，已暂存：至少10个字，并须选择依据。")
            messages.warning(self.request, text % {"count": tally.unfinished})
        name = "review:check" if tally.undecided else "review:file"
        return HttpResponseRedirect(reverse(name, args=[self.subject.code]))

    def form(self, *data: Any) -> ChecklistForm:
        findings = {one.item: one for one in checking.findings_of(self.subject)}
        items = looking.items_in(self.subject)
        return ChecklistForm(*data, items=items, findings=findings, version=self.subject.version)

    def show(self, form: ChecklistForm, *, status: int = HTTPStatus.OK) -> HttpResponseBase:
        rows = list(form.rows(files_beside(form.items), looking.changed_items(self.subject)))
        return self.page(
            status=status,
            subject=self.subject,
            application=self.subject.application,
            form=form,
            groups=[(words, [row for row in rows if row.item.group == key]) for key, words in GROUPS.items()],
            tally=checking.tally_of(self.subject, form.items),
            difference=looking.difference_of(self.subject),
        )
