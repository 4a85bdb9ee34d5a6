"""The agency's desk: rounds of defences with their panels and slots, placing many people, telling them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import agency
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import defence_queries, name_matches, planning, releasing, rounds, scheduling
from review.enums.defending import TONES, DefenceState
from review.interfaces.defence_forms import ExpertForm, PanelForm, ReleaseForm, RoundForm, SlotsForm
from review.models import DefenceRound, Panel


class AgencyForm(ChangeView):
    """A page with one form that the domain judges: a refusal comes back beside its fields."""

    access = agency
    template_name = "review/defence/form.html"
    heading: Any = ""
    rule = "R-105"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.act(form)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(self.next_address(done))

    def form(self, *data: Any) -> Any:
        """Return the form, bound where data are given."""
        raise NotImplementedError

    def act(self, form: Any) -> Any:
        """Do what the form asks for with one call of the domain."""
        raise NotImplementedError

    def next_address(self, done: Any) -> str:
        """Return where the person goes then."""
        raise NotImplementedError

    def cancel_address(self) -> str:
        """Return where the person goes without doing anything."""
        return reverse("review:defence_rounds")

    def show(self, form: Any) -> HttpResponseBase:
        """Return the page with the form."""
        return self.page(form=form, cancel_address=self.cancel_address())


class Rounds(PortalView):
    access = agency
    template_name = "review/defence/rounds.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            rounds=defence_queries.rounds_of(self.actor),
            unplaced=defence_queries.unplaced(self.actor).count(),
            requests=defence_queries.waiting_requests(self.actor).select_related("defence__application__applicant"),
            rearrange=defence_queries.to_be_rearranged(self.actor).select_related("application__applicant"),
        )


class OpenRound(AgencyForm):
    heading = gettext_lazy("新建答辩安排")

    def form(self, *data: Any) -> RoundForm:
        return RoundForm(*data, committees=defence_queries.committees_of(self.actor))

    def act(self, form: RoundForm) -> DefenceRound:
        told = dict(form.cleaned_data)
        days = (told.pop("first_day"), told.pop("last_day"))
        return rounds.open_round(told.pop("committee"), days=days, by=self.actor, at=self.at, **told)

    def next_address(self, done: DefenceRound) -> str:
        return reverse("review:defence_round", args=[done.code])


class OwnRound(SubjectMixin):
    """A page about one round of the actor's agency."""

    access = agency

    def visible(self) -> Any:
        return DefenceRound.objects.of_agency(self.actor).select_related("committee__agency", "committee__edition")

    @property
    def round_address(self) -> str:
        """The round's own page."""
        return reverse("review:defence_round", args=[self.subject.code])


class Show(OwnRound):
    """Panels, slots and people of one round, and what is to be done next."""

    template_name = "review/defence/round.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        heard = defence_queries.defences_of(self.subject)
        people = list(heard)
        return self.page(
            round=self.subject,
            panels=self.subject.panels.prefetch_related("experts").order_by("pk"),
            slots=defence_queries.slots_of(self.subject),
            people=[(one, TONES[DefenceState(one.state)]) for one in people],
            matches=name_matches.pending(heard.order_by()),
            to_tell=sum(one.state == DefenceState.PLANNED for one in people),
            waiting=scheduling.waiting_for(self.subject).count(),
        )


class RoundForms(OwnRound, AgencyForm):
    """A form about one round."""

    def cancel_address(self) -> str:
        return self.round_address

    def next_address(self, done: Any) -> str:
        return self.round_address

    @property
    def experts(self) -> Any:
        """The experts at the agency now."""
        return rounds.experts_at(self.subject.committee.agency, on=clock.day_of(self.at))


class AddPanel(RoundForms):
    heading = gettext_lazy("添加评议组")
    rule = "R-110"

    def form(self, *data: Any) -> PanelForm:
        return PanelForm(*data, experts=self.experts)

    def act(self, form: PanelForm) -> Panel:
        told = form.cleaned_data
        return rounds.add_panel(self.subject, told["name"], list(told["experts"]), by=self.actor, at=self.at)


class PanelForms(RoundForms):
    """A form about one panel."""

    rule = "R-110"

    def visible(self) -> Any:
        mine = DefenceRound.objects.of_agency(self.actor)
        return Panel.objects.filter(round__in=mine).select_related("round__committee__agency")

    @property
    def round_address(self) -> str:
        return reverse("review:defence_round", args=[self.subject.round.code])

    @property
    def experts(self) -> Any:
        at_agency = rounds.experts_at(self.subject.round.committee.agency, on=clock.day_of(self.at))
        return at_agency.exclude(pk__in=self.subject.experts.values("pk"))


class AddExpert(PanelForms):
    heading = gettext_lazy("增补专家")

    def form(self, *data: Any) -> ExpertForm:
        return ExpertForm(*data, experts=self.experts)

    def act(self, form: ExpertForm) -> None:
        rounds.add_expert(self.subject, form.cleaned_data["expert"], by=self.actor, at=self.at)


class ReleaseExpert(PanelForms):
    heading = gettext_lazy("调出专家")

    def form(self, *data: Any) -> ReleaseForm:
        seated = self.subject.experts.order_by("pk")
        return ReleaseForm(*data, seated=seated, experts=self.experts.order_by("pk"))

    def act(self, form: ReleaseForm) -> None:
        releasing.release(self.subject, **form.cleaned_data, by=self.actor, at=self.at)


class AddSlots(RoundForms):
    heading = gettext_lazy("添加场次")

    def form(self, *data: Any) -> SlotsForm:
        return SlotsForm(*data, panels=self.subject.panels.order_by("pk"), day=self.subject.first_day)

    def act(self, form: SlotsForm) -> Any:
        told = form.cleaned_data
        room = rounds.room_of(self.subject.committee.agency, told["room"], told["address"])
        made = rounds.add_slots(told["panel"], room, form.times, by=self.actor, at=self.at)
        messages.success(self.request, _("已添加%(n)s个场次。") % {"n": len(made)})
        return made


class Arrange(OwnRound, ChangeView):
    """What the automatic arrangement would be, and who cannot be placed for which reason; then confirming exactly this."""

    template_name = "review/defence/arrange.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show([])

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            made = planning.confirm(self.subject, request.POST.get("digest", ""), by=self.actor, at=self.at)
        except Refusal as refusal:
            return self.show(refusal.reasons)
        messages.success(request, _("已安排%(n)s人，尚未通知申报人。") % {"n": len(made)})
        return HttpResponseRedirect(self.round_address)

    def show(self, reasons: Any) -> HttpResponseBase:
        """Return the proposal as it is now."""
        proposal = scheduling.propose(self.subject, at=self.at)
        return self.page(round=self.subject, proposal=proposal, reasons=reasons)


class NotifyAll(OwnRound, ChangeView):
    """Tells everybody who is planned; who cannot be told is named with the reasons."""

    template_name = "review/defence/notify_all.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        planned = defence_queries.defences_of(self.subject).filter(state=DefenceState.PLANNED)
        return self.page(round=self.subject, planned=planned)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        told = planning.notify_all(self.subject, by=self.actor, at=self.at)
        messages.success(request, _("已通知%(n)s人。") % {"n": told.done})
        for defence, reasons in told.refused:
            words = {"name": defence.application.applicant.full_name, "why": " ".join(str(one.text) for one in reasons)}
            messages.warning(request, _("%(name)s未通知：%(why)s") % words)
        return HttpResponseRedirect(self.round_address)
