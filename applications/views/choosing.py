"""Choosing what to apply for: the year's catalogue, and whether one may apply, before a line is typed (R-039, R-063)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import answering, candidates, drafting, lookups, opening, queries
from applications.domain.opening import Wanted
from applications.enums import ApplicationState
from applications.interfaces.forms import ChooseForm, SectionForm, TitleForm
from applications.models import Application
from applications.sections import POST, SheetKind
from applications.views.applicant import Personal, ask_again
from portal.catalogue import queries as catalogue
from portal.catalogue.enums import Answer, Verdict
from portal.catalogue.models import CatalogueEntry
from portal.http.once import key_of
from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

A_PAGE = 20
DECLARED = (
    "is_civil_servant",
    "is_retired",
    "is_institution_staff",
    "is_sanctioned",
    "sanction",
    "sanctioned_on",
    "restricted_until",
    "professional_since",
    "is_mover",
)
MATCHING = "major_matches"  # asked only where public safety or health does
WORST_FIRST = (Verdict.UNMET, Verdict.MISSING, Verdict.WARNING, Verdict.MET)
TONE_OF_VERDICT = {Verdict.UNMET: "bad", Verdict.MISSING: "waiting", Verdict.WARNING: "held", Verdict.MET: "good"}
TONE_OF_ANSWER = {Answer.YES: "good", Answer.NO: "bad", Answer.MISSING: "waiting"}


class ForDraft(Personal):
    """A page on which one chooses for a new application, or with ``?for=`` again for an own draft."""

    @cached_property
    def draft(self) -> Application | None:
        """The own draft whose choice is changed; raises Http404 where there is no such draft."""
        code = self.request.GET.get("for", "")
        found = queries.own(self.actor).filter(code=code, state=ApplicationState.DRAFT).first() if code else None
        if code and (found is None or found.return_count):
            raise Http404
        return found

    @property
    def tail(self) -> str:
        """What keeps the draft in addresses."""
        return f"?for={self.draft.code}" if self.draft else ""


class Choose(ForDraft):
    template_name = "applications/applicant/choose.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        lookups.ask(self.person, at=self.at)
        insured = lookups.insured_employer(self.person)
        form = ChooseForm(request.GET, asks_district=insured is None)
        district = insured.district if insured else form.chosen("district")
        wanted = Wanted(form.chosen("series"), form.chosen("specialty"), form.chosen("level"), form.chosen("q"))
        page = Paginator(opening.offered(wanted, district=district, at=self.at), A_PAGE).get_page(
            request.GET.get("page")
        )
        titles = opening.titles_of(page.object_list)
        return self.page(
            rows=[(entry, titles[entry.pk], self.window_of(entry)) for entry in page.object_list],
            page=page,
            filter_form=form,
            insured=insured,
            withheld=opening.withheld(wanted, district=district, at=self.at),
        )

    def window_of(self, entry: CatalogueEntry) -> Any:
        """Return the window for persons; every row that is offered has one."""
        return catalogue.windows_of(entry.schedule, self.at)[0] if entry.schedule else None


class Eligibility(ForDraft, SubjectMixin, ChangeView):
    """Whether the person may apply along one row, condition by condition; beginning the draft.

    What is declared here is sent as a form and stands in no address; it is kept only once a draft is begun.
    """

    template_name = "applications/applicant/eligibility.html"

    def visible(self) -> Any:
        return CatalogueEntry.objects.filter(edition__revision__gte=1).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        lookups.ask(self.person, at=self.at)
        return self.show()

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if "ask" in request.POST:
            return self.ask()
        if "begin" not in request.POST:
            return self.show()
        try:
            return self.begin()
        except Refusal as refusal:
            show_refusal(self.title_form, refusal)
        return self.show()

    def ask(self) -> HttpResponseBase:
        """Have the registers asked anew."""
        try:
            ask_again(self)
        except Refusal as refusal:
            return self.show(refusal.reasons)
        return HttpResponseRedirect(self.request.get_full_path())

    def begin(self) -> HttpResponseBase:
        """Begin the draft, or change its choice, and keep what was declared."""
        if self.names and not self.title_form.is_valid():
            return self.show()
        title = self.title_form.cleaned_data.get("title", "") if self.names else ""
        if self.draft:
            drafting.choose_again(self.draft, self.subject, title=title, by=self.actor, at=self.at)
            messages.success(self.request, _("已改选，已填写的内容都保留。"))
            return HttpResponseRedirect(reverse("applications:mine", args=[self.draft.code]))
        draft = drafting.open_draft(self.subject, title=title, by=self.actor, at=self.at, key=key_of(self.request))
        told, seen = self.declared_form.fitting(), draft.sheets.get(kind=SheetKind.POST).versions
        drafting.save_sheet(draft, SheetKind.POST, told, based_on=seen, by=self.actor, at=self.at)
        messages.success(self.request, _("已建立申报草稿，每一项填写后自动保存。"))
        return HttpResponseRedirect(reverse("applications:mine", args=[draft.code]))

    @cached_property
    def names(self) -> list[str]:
        """The titles that the row leads to."""
        return catalogue.title_names(self.subject)

    @cached_property
    def title_form(self) -> TitleForm:
        """The choice among the titles; one alone is chosen already."""
        known = self.draft.title if self.draft else self.names[0] if len(self.names) == 1 else ""
        data = self.request.POST if "begin" in self.request.POST else None
        return TitleForm(self.names, data, initial={"title": self.request.POST.get("title", known)})

    @cached_property
    def declared_form(self) -> SectionForm:
        """What the person says in passing, with what the draft already tells."""
        sheet = self.draft.sheets.get(kind=SheetKind.POST).content if self.draft else {}
        asked = (*DECLARED, MATCHING) if self.subject.specialty.requires_matching_major else DECLARED
        return SectionForm(POST, sheet, self.request.POST or None, only=asked)

    def declared(self) -> dict[str, Any]:
        """Return what was declared here, over what the draft says."""
        sheet = dict(self.declared_form.content)
        return {**sheet, **self.declared_form.fitting()} if self.declared_form.is_bound else sheet

    def show(self, refused: Sequence[Reason] = ()) -> HttpResponseBase:
        """Return the answer with every line, and what keeps from beginning or, as ``refused``, from asking again."""
        entry, person = self.subject, self.person
        known, against = lookups.latest(person), self.against()
        assessment = candidates.assessed_before(
            person,
            entry,
            policy=catalogue.policy_in_force(clock.day_of(self.at)),
            at=self.at,
            declared=self.declared(),
            besides=self.draft,
            reasons=[reason for reason in against if reason.field == "entry"],
        )
        return self.page(
            entry=entry,
            form=self.title_form,
            names=self.names,
            declared_form=self.declared_form,
            assessment=assessment,
            tone=TONE_OF_ANSWER[assessment.answer],
            lines=[(line, TONE_OF_VERDICT[line.verdict]) for verdict in WORST_FIRST for line in assessment.of(verdict)],
            routes=[(route, TONE_OF_VERDICT[route.verdict]) for route in assessment.routes],
            against=against,
            guide=opening.guide_of(entry),
            told=answering.told(known),
            is_waiting=answering.is_waiting(known),
            refused=refused,
        )

    def against(self) -> list[Reason]:
        """Return what keeps the person from beginning along this row; an own draft does not stand in its own way."""
        reasons = drafting.reasons_against_opening(self.person, self.subject, self.at)
        if self.draft is None:
            return reasons
        return [reason for reason in reasons if reason.code != "another_live_application"]
