"""The expert's desk: people by blind number, what they achieved, questions, points and the written opinion (A-49).

Nothing here may carry name, employer or number of the person or the application: not the pages, not their addresses,
not the files. A test reads every answer for them.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.http.views import PortalView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from portal.workflow import open_steps
from review import rules
from review.domain import blind_files, blinding, defence_queries, opining
from review.enums.defending import DefenceState, OpinionState
from review.interfaces.defence_forms import OpinionForm
from review.models import Defence, PanelOpinion, Slot

VERSION = "_version"


class Desk(PortalView):
    """What the expert hears today, later, and what is not handed in yet."""

    access = rules.expert
    template_name = "review/panel/desk.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        today = clock.day_of(self.at)
        mine = PanelOpinion.objects.filter(expert=self.actor.person).values_list("defence", "state")
        states = dict(mine)
        groups: dict[str, list[Any]] = {"today": [], "later": [], "past": []}
        for one in defence_queries.panel_list(self.actor, at=self.at):
            day = clock.day_of(one.slot.starts_at) if one.slot else today
            key = "today" if day == today else "later" if day > today else "past"
            groups[key].append((one, states.get(one.pk) == OpinionState.HANDED_IN))
        return self.page(groups=groups)


class PanelSlot(SubjectMixin):
    """One slot in which the expert sits, with the blind numbers of whom it hears."""

    access = rules.expert
    template_name = "review/panel/slot.html"

    def visible(self) -> Any:
        mine = Slot.objects.filter(
            sittings__expert=self.actor.person, panel__round__committee__agency=self.actor.organisation
        )
        return mine.select_related("panel__round", "room")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        people = Defence.objects.of_expert(self.actor).filter(slot=self.subject).order_by("blind_number")
        return self.page(slot=self.subject, people=people)


class OnPanel(SubjectMixin):
    """A page about one person, found by the blind number alone."""

    access = rules.expert
    subject: Defence

    def visible(self) -> Any:
        return Defence.objects.of_expert(self.actor).with_all()

    def find(self, code: str) -> Any:
        found = self.visible().filter(blind_number=code).first()
        if found is None:
            raise Http404
        return found

    @property
    def own_address(self) -> str:
        """The person's page on the panel's desk."""
        return reverse("review:panel_file", args=[self.subject.blind_number])


class File(OnPanel):
    """Material and opinion. Saving needs no memory of earlier requests: versions and equal values make it safe to repeat."""

    template_name = "review/panel/file.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        opinion = opining.opinion_of(self.subject, self.actor)
        return self.show(self.form(opinion), opinion)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        is_script = request.headers.get("Accept") == "application/json"
        opinion = opining.opinion_of(self.subject, self.actor)
        form = self.form(opinion, request.POST)
        try:
            saved = self.saved(form)
        except Refusal as refusal:
            if is_script:
                return _refused(refusal)
            show_refusal(form, refusal)
            return self.show(form, opinion)
        if saved is None:
            return _unfit() if is_script else self.show(form, opinion)
        if is_script:
            at = dateformat.format(self.at.astimezone(clock.BEIJING), "H:i")
            return JsonResponse({"saved": at, "version": saved.version})
        if "hand_in" in request.POST:
            return HttpResponseRedirect(reverse("review:panel_hand_in", args=[code]))
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(self.own_address)

    def saved(self, form: OpinionForm) -> PanelOpinion | None:
        """Store what fits, None where something does not; raises Refusal."""
        if not form.is_valid():
            return None
        typed = self.request.POST.get(VERSION, "")
        based_on = int(typed) if typed.isascii() and typed.isdigit() else 0
        return opining.save(self.subject, form.given, based_on=based_on, by=self.actor, at=self.at)

    def form(self, opinion: PanelOpinion, *data: Any) -> OpinionForm:
        return OpinionForm(*data, criteria=opining.criteria_of(self.subject), opinion=opinion)

    def show(self, form: OpinionForm, opinion: PanelOpinion) -> HttpResponseBase:
        """Return the material with the form, or with the opinion as it was handed in."""
        one = self.subject
        closing = next((step for step in open_steps(one, by=self.actor, at=self.at) if step.name == "complete"), None)
        return self.page(
            defence=one,
            material=blinding.material_of(one),
            files=blind_files.shown_to(one),
            opinion=opinion,
            points=[(criterion, opinion.scores.get(str(criterion.order))) for criterion in form.criteria],
            form=form,
            is_fixed=opinion.state == OpinionState.HANDED_IN or one.state == DefenceState.COMPLETED,
            has_begun=one.state == DefenceState.IN_PROGRESS,
            closing=closing,
        )


def _unfit() -> JsonResponse:
    """Say that something does not fit its field; the script tells it beside the form and goes on."""
    return JsonResponse({"detail": _("有内容未保存，请按提示修改。")}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _refused(refusal: Refusal) -> JsonResponse:
    return JsonResponse(
        {"detail": " ".join(str(reason.text) for reason in refusal.reasons)}, status=HTTPStatus.CONFLICT
    )
