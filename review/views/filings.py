"""The filing of committees on the desks of agency and bureau: what is under way, one filing, its roll."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import AGENCY_STAFF
from portal.accounts.rules import agency
from portal.http.views import PortalView, SubjectMixin
from portal.shared import clock
from portal.workflow import OpenStep, open_steps
from review import rules
from review.domain import filing_queries, filing_roll, pool_queries
from review.domain.pooling import why_not_drawable
from review.enums.filing import EDITABLE, IN_FORCE, TONES, Duty, FilingState
from review.guards.filing import least_size
from review.interfaces.filing_forms import KEEP, OUT, FilingForm, MemberForm, RollForm
from review.models import CommitteeFiling, FiledMember
from review.views.defence_rounds import AgencyForm
from review.views.experts import history_words

STEPS = {
    name: f"review:filing_{name}"
    for name in (
        "submit",
        "record",
        "send_back",
        "approve_size",
        "refuse",
        "amend",
        "hand_in_change",
        "confirm_change",
        "drop_change",
        "revoke",
    )
}


class Filings(PortalView):
    access = rules.sees_pool
    template_name = "review/filings/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = filing_queries.filings(self.actor)
        return self.page(
            rows=[(one, TONES[FilingState(one.state)]) for one in rows],
            is_agency=bool(AGENCY_STAFF & self.actor.roles),
        )


class OneFiling(SubjectMixin):
    """A page about one filing that the actor's office sees."""

    access = rules.sees_pool

    def visible(self) -> Any:
        return CommitteeFiling.objects.at(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The filing's own page."""
        return reverse("review:filing", args=[self.subject.code])


class Show(OneFiling):
    template_name = "review/filings/filing.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        filing = self.subject
        day = clock.day_of(self.at)
        steps = [step for step in open_steps(filing, by=self.actor, at=self.at) if step.name in STEPS]
        is_filer = rules.files_committee.test(self.actor, filing)
        is_running = filing.state in IN_FORCE
        return self.page(
            filing=filing,
            tone=TONES[FilingState(filing.state)],
            steps=[(step, self.page_of(step)) for step in steps],
            roll=filing.roll(),
            planned=len(filing.planned_roll()),
            least=least_size(filing, day),
            share=pool_queries.young_share(filing_queries.terms_of(filing), self.at),
            from_outside=filing_queries.from_outside(filing, self.at),
            not_drawable=why_not_drawable(filing, day) if is_running else [],
            may_edit=is_filer and filing.state in EDITABLE,
            may_change_roll=is_filer and filing.state in EDITABLE | {FilingState.AMENDED},
            may_renew=is_filer and filing.state in {FilingState.FILED, FilingState.EXPIRING, FilingState.EXPIRED},
            history=history_words(filing),
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""


class Start(AgencyForm):
    heading = _("新建评审委员会备案")
    rule = "R-187"

    def form(self, *data: Any) -> FilingForm:
        return FilingForm(*data)

    def act(self, form: FilingForm) -> CommitteeFiling:
        own = self.actor.organisation
        assert own is not None  # noqa: S101 - staff of an agency act for one
        return filing_roll.start(own, form.told, by=self.actor, at=self.at)

    def next_address(self, done: CommitteeFiling) -> str:
        return reverse("review:filing", args=[done.code])

    def cancel_address(self) -> str:
        return reverse("review:filings")


class OwnFiling(OneFiling, AgencyForm):
    """A form of the filer about one filing."""

    access = agency
    rule = "R-187"

    def next_address(self, done: Any) -> str:
        return self.own_address

    def cancel_address(self) -> str:
        return self.own_address


class Revise(OwnFiling):
    heading = _("修改备案内容")

    def form(self, *data: Any) -> FilingForm:
        return FilingForm.about(self.subject, *data)

    def act(self, form: FilingForm) -> Any:
        return filing_roll.revise(self.subject, form.told, by=self.actor, at=self.at)


class Renew(OwnFiling):
    template_name = "review/filings/renew.html"
    heading = _("准备下一期备案")

    def form(self, *data: Any) -> Any:
        return Form(*data)

    def act(self, form: Any) -> CommitteeFiling:
        return filing_roll.start_renewal(self.subject, by=self.actor, at=self.at)

    def next_address(self, done: CommitteeFiling) -> str:
        return reverse("review:filing", args=[done.code])


class Put(OwnFiling):
    heading = _("加入委员")
    rule = "A-36"

    def form(self, *data: Any) -> RollForm:
        return RollForm(*data, candidates=filing_roll.candidates(self.subject, clock.day_of(self.at)))

    def act(self, form: RollForm) -> Any:
        return filing_roll.put(self.subject, form.cleaned_data["terms"], by=self.actor, at=self.at)


class Member(OwnFiling):
    """What becomes of one member: a duty, or leaving."""

    rule = "A-36"

    @cached_property
    def member(self) -> FiledMember:
        """The member that the address names."""
        rows = self.subject.members.select_related("term__expert__person", "term__expert__level")
        found: FiledMember | None = rows.filter(term__code=self.kwargs["member"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def heading(self) -> str:
        """The member's name."""
        return self.member.term.expert.person.full_name

    def form(self, *data: Any) -> MemberForm:
        is_changed = bool(self.member.change)
        return MemberForm(*data, duty=self.member.planned_duty, may_keep=is_changed)

    def act(self, form: MemberForm) -> Any:
        chosen = form.cleaned_data["duty"]
        if chosen == OUT:
            return filing_roll.take_out(self.subject, self.member, by=self.actor, at=self.at)
        if chosen == KEEP:
            return filing_roll.keep(self.subject, self.member, by=self.actor, at=self.at)
        return filing_roll.give_duty(self.subject, self.member, Duty(chosen), by=self.actor, at=self.at)
