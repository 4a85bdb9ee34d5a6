"""The scrutineer's pages: making the joint key in three rounds, and opening the sum of one case's ballots."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.http.views import StepView
from review import rules
from review.domain import voting, voting_keys, voting_record
from review.enums.sitting import ItemState
from review.interfaces.voting_forms import AnnouncementForm, ConfirmationForm, PartForm, ReasonForm, SharesForm
from review.models import AgendaItem, JointKey, KeySeat
from review.views.voting import OfSession, Sending, found_item

FORMS = {"announce": AnnouncementForm, "share": SharesForm, "confirm": ConfirmationForm}
STEPS = {"announce": voting_keys.announce, "share": voting_keys.send_shares, "confirm": voting_keys.confirm}


class OfScrutineer(OfSession):
    """A page for one of the three scrutineers."""

    access = rules.expert

    def find(self, code: str) -> Any:
        found = super().find(code)
        if not rules.counts_session.test(self.actor, found):
            raise Http404
        return found

    def seat_in(self, key: JointKey | None) -> KeySeat | None:
        return key.seats.filter(member=self.member).first() if key else None


class MakeKey(OfScrutineer, Sending):
    """The joint key: publish, hand out shares, compare and confirm; each round when the others finished theirs."""

    template_name = "review/voting/joint_key.html"

    @property
    def done_message(self) -> Any:
        return _("已完成本轮。")

    @property
    def stage(self) -> str:
        """What this scrutineer does next: announce, share, confirm; wait for the others; or done."""
        key = voting_keys.live_key(self.session)
        seat = self.seat_in(key)
        if key is None or seat is None or seat.announcement is None:
            return "announce"
        if seat.confirmation is not None:
            return "done"
        if key.ceremony is None:
            return "wait"
        if not key.shares.filter(sender=seat.seat).exists():
            return "share"
        return "confirm" if key.shares.filter(recipient=seat.seat).count() == len(_others(key, seat)) else "wait"

    @property
    def form_class(self) -> Any:
        told = self.request.POST.get("stage", self.stage)
        return FORMS.get(told, AnnouncementForm)

    def act(self, told: dict[str, Any]) -> None:
        step = STEPS.get(self.request.POST.get("stage", ""))
        if step is None:
            raise Http404
        step(self.session, told["message"], by=self.actor, at=self.at)  # type: ignore[operator]

    def next_address(self) -> str:
        return reverse("review:joint_key", args=[self.session.code])

    def show(self, form: Any) -> HttpResponseBase:
        key = voting_keys.live_key(self.session)
        place = self.session.scrutineers.filter(member=self.member).values_list("place", flat=True).first()
        return self.page(
            session=self.session,
            member=self.member,
            form=form,
            key=key,
            seat=place,
            told=told_to_browser(key, place),
            seats=self.session.scrutineers.select_related("member__person").order_by("place"),
            published=_published(key),
        )


class EndKey(OfSession, StepView):
    """Begin again: a device is lost, or the digits differ."""

    template_name = "review/voting/end_key.html"
    step = "end"
    form_class = ReasonForm
    done_message = gettext_lazy("密钥已作废，请三名监票人重新生成。")

    def find(self, code: str) -> Any:
        key = voting_keys.live_key(super().find(code))
        if key is None:
            raise Http404
        return key

    @property
    def session(self) -> Any:
        return self.subject.session  # type: ignore[attr-defined]

    def act(self, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return voting_keys.end_key(self.subject, reason=reason, by=self.actor, at=self.at)  # type: ignore[arg-type]

    def next_address(self) -> str:
        return self.own_address


class Count(OfScrutineer, Sending):
    """One case's count: the browser checks every ballot, adds them, and proves its part of opening the sum."""

    template_name = "review/voting/count.html"
    form_class = PartForm
    item: AgendaItem

    @property
    def done_message(self) -> Any:
        if AgendaItem.objects.filter(pk=self.item.pk, state=ItemState.COUNTED).exists():
            return _("已提交本人的开票分量；两名监票人提交后得出票数。")
        return _("开票完成，表决结果如下。")

    def find(self, code: str) -> Any:
        self.item = found_item(self, code)
        return super().find(self.item.session.code)

    def act(self, told: dict[str, Any]) -> None:
        voting.give_part(self.item, told["message"], by=self.actor, at=self.at)

    def show(self, form: Any) -> HttpResponseBase:
        key = voting_keys.live_key(self.session)
        seat = self.seat_in(key)
        return self.page(
            item=self.item,
            session=self.session,
            member=self.member,
            form=form,
            seat=seat.seat if seat else None,
            told=told_to_browser(key, seat.seat if seat else None),
            cast=len(voting.ballots_of(self.item)),
            has_given=seat is not None and self.item.opening_parts.filter(seat=seat.seat).exists(),
            is_open=self.item.state == ItemState.COUNTED and not self.session.is_on_paper,
        )


class BallotsOfItem(OfScrutineer):
    """The ballots of a closed vote, for the scrutineer's browser to check."""

    def find(self, code: str) -> Any:
        self.item = found_item(self, code)
        return super().find(self.item.session.code)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.item.state == ItemState.VOTING or self.item.present_for_item is None:
            raise Http404
        return JsonResponse({"roll": voting_record.roll_of(self.item), "ballots": voting_record.cast_of(self.item)})


def told_to_browser(key: JointKey | None, seat: int | None) -> dict[str, str]:
    """Return what a scrutineer's browser needs of the others: announcements in order of seats, shares sealed for it."""
    if key is None or seat is None:
        return {"announcements": "", "sealed": ""}
    shares = key.shares.filter(recipient=seat).order_by("sender")
    return {
        "announcements": key.announced,
        "sealed": ",".join(f"{one.sender}:{one.sealed.hex()}" for one in shares),
    }


def _published(key: JointKey | None) -> dict[str, set[int]]:
    if key is None:
        return {"announced": set(), "confirmed": set()}
    seats = list(key.seats.all())
    return {
        "announced": {one.seat for one in seats if one.announcement},
        "confirmed": {one.seat for one in seats if one.confirmation},
    }


def _others(key: JointKey, seat: KeySeat) -> list[KeySeat]:
    return list(key.seats.exclude(seat=seat.seat))
