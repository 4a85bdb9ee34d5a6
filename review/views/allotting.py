"""The agency's desk: giving many files to clerks, and what became of each."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review import rules
from review.domain import allotting, queueing
from review.enums.checking import OPEN
from review.interfaces.queueing import AllotForm
from review.models import AgencyReview
from review.models import Allotment as AllotmentRow
from review.views.queueing import Narrowed

# So many names are listed before the files are given; the result names all.
LISTED = 50
A_PAGE = 100


class AllotMany(Narrowed, ChangeView):
    """Chosen files of the queue, or all that are left by its filter, to one clerk or evenly to several."""

    template_name = "review/queueing/allot.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            allotment = allotting.ask(
                self.chosen, form.chosen, note=form.cleaned_data["note"], by=self.actor, at=self.at
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(reverse("review:allotment", args=[allotment.code]))

    @cached_property
    def chosen(self) -> list[AgencyReview]:
        """What is to be given, in the order of the list; one more than can be given at once."""
        if self.is_all:
            rows = self.rows.filter(state__in=sorted(OPEN))
        else:
            rows = AgencyReview.objects.at(self.actor).filter(code__in=self.codes)
        shown = queueing.ordered(rows, self.wanted.order).select_related("application__applicant")
        return list(shown[: allotting.MOST + 1])

    @property
    def is_all(self) -> bool:
        """Whether everything that the filter leaves is meant."""
        return bool(self.given.get("all"))

    @property
    def codes(self) -> list[str]:
        """Which files were ticked."""
        return self.given.getlist("code")[: allotting.MOST + 1]

    def form(self, *data: Any) -> AllotForm:
        agency = self.actor.organisation
        return AllotForm(*data, clerks=self.clerks, have=allotting.at_hand(agency) if agency else {})

    def show(self, form: AllotForm) -> HttpResponseBase:
        number = len(self.chosen)
        return self.page(
            form=form,
            number=min(number, allotting.MOST),
            is_too_many=number > allotting.MOST,
            most=allotting.MOST,
            at_once=allotting.AT_ONCE,
            listed=self.chosen[:LISTED],
            unlisted=max(number - LISTED, 0),
        )


class Allotment(SubjectMixin):
    """What became of every file: given, or the reasons."""

    access = rules.checks
    template_name = "review/queueing/allotment.html"
    subject: AllotmentRow

    def visible(self) -> Any:
        return AllotmentRow.objects.at(self.actor).select_related("person")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        files = self.subject.files
        numbers = files.aggregate(
            total=Count("pk"),
            handled=Count("pk", filter=Q(handled_at__isnull=False)),
            left=Count("pk", filter=~Q(reasons=[])),
        )
        rows = files.select_related("review__application__applicant", "to")
        return self.page(
            allotment=self.subject,
            numbers={**numbers, "done": numbers["handled"] - numbers["left"]},
            shares=files.filter(handled_at__isnull=False, reasons=[])
            .values("to__full_name")
            .annotate(files=Count("pk"))
            .order_by("to__full_name"),
            # What was refused stands first: that is what somebody must look at.
            page=Paginator(rows.order_by("-reasons", "pk"), A_PAGE).get_page(request.GET.get("page")),
        )
