"""The agency's desk: one person's defence, and the day itself."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import agency
from portal.http.once import key_of
from portal.http.views import ChangeView, StepView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from portal.workflow import OpenStep, open_steps
from review.domain import attending, blind_files, defence_queries, planning, rescheduling
from review.enums.defending import OPEN, TOLD, TONES, DefenceState, OpinionState, RequestState
from review.interfaces.defence_forms import (
    AnswerForm,
    BlindFilesForm,
    ChangeSlotForm,
    CheckInForm,
    FindForm,
    ReasonForm,
    SlotForm,
)
from review.models import Defence
from review.views.defence_rounds import AgencyForm

PAGES = {
    "move": "review:defence_move",
    "notify": "review:defence_notify",
    "change_slot": "review:defence_change_slot",
    "miss": "review:defence_miss",
    "complete": "review:defence_complete",
    "break_off": "review:defence_break_off",
}


class AgencyDefence(SubjectMixin):
    """A page about one defence before the actor's agency."""

    access = agency

    def visible(self) -> Any:
        return Defence.objects.of_agency(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The defence's own page."""
        return reverse("review:defence", args=[self.subject.code])


class Show(AgencyDefence):
    template_name = "review/defence/defence.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        one = self.subject
        # Who was told keeps the slot, or gets another one that is not chosen yet.
        known = {"slot": one.slot} if one.slot and one.state not in TOLD else {}
        steps = [step for step in open_steps(one, by=self.actor, at=self.at, **known) if step.name in PAGES]
        handed = set(one.opinions.filter(state=OpinionState.HANDED_IN).values_list("expert", flat=True))
        kept_out = {recusal.expert_id: recusal for recusal in one.application.recusals.all()}
        named = {match.expert_id: match for match in one.application.name_matches.all()}
        sitting = one.slot.sittings.select_related("expert").order_by("pk") if one.slot else []
        return self.page(
            defence=one,
            tone=TONES[DefenceState(one.state)],
            steps=[(step, self.page_of(step)) for step in steps],
            panel=[
                (
                    seat.expert,
                    seat.expert_id in handed,
                    kept_out.get(seat.expert_id),
                    named.get(seat.expert_id),
                )
                for seat in sitting
            ],
            requests=one.requests.select_related("file").order_by("-pk"),
            waiting=one.requests.filter(state=RequestState.ASKED).first(),
            is_open=one.state in OPEN,
            blind=blind_files.shown_to(one),
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(PAGES[step.name], args=[self.subject.code]) if step.is_pressable else ""


class DefenceStep(AgencyDefence, StepView):
    """One step of one defence with a button or a short form."""

    template_name = "review/defence/step.html"

    def next_address(self) -> str:
        return self.own_address


class Move(DefenceStep):
    step = "move"
    done_message = gettext_lazy("已调整场次。")

    def form(self, *data: Any) -> Form:
        return SlotForm(*data[:1], slots=defence_queries.free_slots_for(self.subject, at=self.at))

    def act(self, form: Form) -> Any:
        slot = form.cleaned_data["slot"]
        return planning.move(self.subject, slot, by=self.actor, at=self.at, key=key_of(self.request))


class Notify(DefenceStep):
    """Tells one person; after an agreed request together with the new slot."""

    step = "notify"
    done_message = gettext_lazy("已发送答辩通知。")

    def form(self, *data: Any) -> Form:
        if self.subject.state != DefenceState.RESCHEDULED:
            return Form(*data[:1])
        return SlotForm(*data[:1], slots=defence_queries.free_slots_for(self.subject, at=self.at))

    def act(self, form: Form) -> Any:
        slot = form.cleaned_data.get("slot")
        return planning.notify(self.subject, slot=slot, by=self.actor, at=self.at, key=key_of(self.request))


class ChangeSlot(DefenceStep):
    """Moves a person who was told, for a reason of the agency's own, with a new notice."""

    step = "change_slot"
    done_message = gettext_lazy("已调整场次，并已重新通知申报人。")

    def form(self, *data: Any) -> Form:
        slots = defence_queries.free_slots_for(self.subject, at=self.at).exclude(pk=self.subject.slot_id)
        return ChangeSlotForm(*data[:1], slots=slots)

    def act(self, form: Form) -> Any:
        return planning.change(self.subject, **form.cleaned_data, by=self.actor, at=self.at, key=key_of(self.request))


class Miss(DefenceStep):
    step = "miss"
    done_message = gettext_lazy("已记为未到场，并已告知申报人。")

    def act(self, form: Form) -> Any:
        return attending.miss(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Complete(DefenceStep):
    step = "complete"
    done_message = gettext_lazy("答辩已完成，该申报待上会评审。")

    def act(self, form: Form) -> Any:
        return attending.complete(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class BreakOff(DefenceStep):
    step = "break_off"
    done_message = gettext_lazy("已中止答辩，并已告知申报人；请安排新的时间。")

    def form(self, *data: Any) -> ReasonForm:
        return ReasonForm(*data[:1])

    def act(self, form: Form) -> Any:
        reason = form.cleaned_data["reason"]
        return attending.break_off(self.subject, reason=reason, by=self.actor, at=self.at, key=key_of(self.request))


class DefenceForm(AgencyDefence, AgencyForm):
    """A form about one defence that is no step of its own."""

    def cancel_address(self) -> str:
        return self.own_address

    def next_address(self, done: Any) -> str:
        return self.own_address


class Answer(DefenceForm):
    template_name = "review/defence/answer.html"
    heading = gettext_lazy("答复改期申请")
    rule = "A-27"

    @property
    def asked(self) -> Any:
        """The request that waits."""
        return self.subject.requests.filter(state=RequestState.ASKED).select_related("defence", "file").first()

    def form(self, *data: Any) -> AnswerForm:
        return AnswerForm(*data)

    def act(self, form: AnswerForm) -> Any:
        request, told = self.asked, form.cleaned_data
        if request is None:
            return None
        answer = rescheduling.agree if told["agree"] == "yes" else rescheduling.refuse
        return answer(request, decision=told["decision"], by=self.actor, at=self.at, key=key_of(self.request))


class BlindFiles(DefenceForm):
    template_name = "review/defence/blind_files.html"
    heading = gettext_lazy("提供给评议组的证明材料")
    rule = "A-49"

    def form(self, *data: Any) -> BlindFilesForm:
        return BlindFilesForm(*data, files=blind_files.candidates(self.subject))

    def act(self, form: BlindFilesForm) -> None:
        chosen, confirmed = set(form.cleaned_data["files"]), form.cleaned_data["confirmed"]
        number = blind_files.mark(self.subject, chosen, confirmed=confirmed, by=self.actor, at=self.at)
        messages.success(self.request, _("评议组可以查看%(n)s份材料。") % {"n": number})

    def show(self, form: Any) -> HttpResponseBase:
        files = blind_files.candidates(self.subject)
        return self.page(form=form, files=files, cancel_address=self.cancel_address())


class CheckIn(ChangeView):
    """Finds a person by the code on the notice, then lets them in once the identity document was looked at."""

    access = agency
    template_name = "review/defence/check_in.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        typed = request.GET.get("code", "")
        form = FindForm(request.GET if typed else None)
        found = attending.found_by(typed, self.actor) if typed else None
        if typed and found is None and form.is_valid():
            form.add_error("code", _("没有找到这个编码，请核对通知书；改期后请使用新的通知书。"))
        return self.show(form, found, CheckInForm(initial={"code": typed}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = CheckInForm(request.POST)
        typed = request.POST.get("code", "")
        found = attending.found_by(typed, self.actor)
        if found is None or not form.is_valid():
            return self.show(FindForm({"code": typed}), found, form)
        try:
            attending.check_in(found, typed=typed, identity=True, by=self.actor, at=self.at, key=key_of(request))
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(FindForm({"code": typed}), found, form)
        messages.success(request, _("已签到：%(name)s。") % {"name": found.application.applicant.full_name})
        return HttpResponseRedirect(reverse("review:defence_check_in"))

    def show(self, finding: FindForm, found: Defence | None, form: CheckInForm) -> HttpResponseBase:
        """Return the page with the person that was found, if any."""
        return self.page(finding=finding, found=found, form=form)
