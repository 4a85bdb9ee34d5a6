"""The member's and everybody's pages of a vote on devices: own key, own ballot, totals and the record to count again."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.accounts.rules import anyone
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review import rules
from review.domain import voting, voting_keys, voting_record
from review.enums.sitting import UNTIL_CLOSED, ItemState
from review.interfaces.voting_forms import BallotForm, KeyForm, ReasonForm
from review.interfaces.voting_standing import standing_of
from review.models import AgendaItem, Ballot, CommitteeSession

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify_ballots.py"
I = ItemState  # noqa: E741 - the state of an item


class OfSession(SubjectMixin):
    """A page about one session, found among those that the actor may see."""

    access = rules.meets
    subject: CommitteeSession

    def visible(self) -> Any:
        return CommitteeSession.objects.for_reader(self.actor).with_all()

    @property
    def member(self) -> Any:
        """The actor's seat in the session, or None."""
        return rules.seat_of(self.actor, self.session)

    @property
    def session(self) -> CommitteeSession:
        return self.subject

    @property
    def own_address(self) -> str:
        """The page of the session's vote on devices."""
        return reverse("review:ballots", args=[self.session.code])


class Sending(ChangeView):
    """A form that the browser fills with bytes; a refusal is shown on the same page."""

    form_class: Any
    done_message: Any = ""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form_class())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            self.act(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, self.done_message)
        return HttpResponseRedirect(self.next_address())

    def act(self, told: dict[str, Any]) -> None:
        """Do it with one call of the domain."""
        raise NotImplementedError

    def next_address(self) -> str:
        return self.own_address  # type: ignore[attr-defined, no-any-return]

    def show(self, form: Any) -> HttpResponseBase:
        raise NotImplementedError


class Ballots(OfSession):
    """Where the vote stands: keys, the case being voted on, what waits for its count, totals and the record."""

    template_name = "review/voting/session.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        member, reads = self.member, voting_record.reads_record(self.actor, self.session)
        now = self.session.items.filter(state__in=[I.VOTING, I.COUNTED])
        if member is not None:
            now = now.exclude(recusals__member=member)
        decided = voting_record.counted_items(self.session, self.actor) if reads else []
        deleted = (one.kept_sum.deleted_at for one in decided if hasattr(one, "kept_sum"))
        return self.page(
            session=self.session,
            member=member,
            own_key=member and member.ballot_keys.filter(replaced_at=None).first(),
            joint_key=voting_keys.live_key(self.session),
            counts=rules.counts_session.test(self.actor, self.session),
            may_change=self.session.state in UNTIL_CLOSED and rules.changes_to_paper.test(self.actor, self.session),
            now=[(one, standing_of(one, member)) for one in now.select_related("session").order_by("order")],
            decided=decided,
            deleted_at=next(deleted, None),
            roll=voting_record.key_roll(self.session) if reads else [],
        )


class Key(OfSession, Sending):
    """The member's own device: makes a key and registers its public half."""

    access = rules.expert
    template_name = "review/voting/key.html"
    form_class = KeyForm
    done_message = gettext_lazy("本人设备已登记，可以投票。")

    def act(self, told: dict[str, Any]) -> None:
        if self.member is None:
            raise Http404
        voting_keys.register(self.member, told["key"], by=self.actor, at=self.at)

    def show(self, form: Any) -> HttpResponseBase:
        if self.member is None:
            raise Http404
        own_key = self.member.ballot_keys.filter(replaced_at=None).first()
        return self.page(session=self.session, member=self.member, form=form, own_key=own_key)


class Paper(OfSession, Sending):
    """Where devices fail: the chair lets the meeting go on on paper."""

    template_name = "review/voting/paper.html"
    form_class = ReasonForm
    done_message = gettext_lazy("会议已改用纸质表决。")

    def act(self, told: dict[str, Any]) -> None:
        voting.go_on_on_paper(self.session, reason=told["reason"], by=self.actor, at=self.at)

    def show(self, form: Any) -> HttpResponseBase:
        return self.page(session=self.session, form=form)


class Record(OfSession):
    """The record for the stand-alone verifier."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        allowed = voting_record.reads_record(self.actor, self.session)
        told = voting_record.record_of(self.session, self.actor) if allowed else None
        if told is None:
            raise Http404
        name = f'attachment; filename="{self.session.code}.json"'
        return JsonResponse(told, headers={"Content-Disposition": name}, json_dumps_params={"ensure_ascii": False})


class Verifier(PortalView):
    """The stand-alone program, as a file; whoever distrusts this portal takes it from elsewhere."""

    access = anyone

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{VERIFIER.name}"'
        return answer


class Waiting(OfSession):
    """Whether the session still stands where the page saw it: any number but its revision means that it moved."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return JsonResponse({"waiting": request.GET.get("since") == str(self.session.revision)})


class Cast(OfSession, Sending):
    """A member's ballot on one case, encrypted on the device before it is sent."""

    access = rules.expert
    template_name = "review/voting/cast.html"
    form_class = BallotForm
    done_message = gettext_lazy("您的选票已收到。投票后不能更改。")
    item: AgendaItem

    def find(self, code: str) -> CommitteeSession:
        self.item = found_item(self, code)
        return self.item.session

    def act(self, told: dict[str, Any]) -> None:
        voting.cast(self.item, told["content"], told["signature"], by=self.actor, at=self.at)

    def show(self, form: Any) -> HttpResponseBase:
        voter = voting.voter_of(self.item, self.actor)
        ballot = Ballot.objects.filter(voter=voter).first() if voter is not None else None
        joint_key = voting_keys.live_key(self.session)
        is_open = self.item.state == I.VOTING and not self.session.is_on_paper
        return self.page(
            item=self.item,
            session=self.session,
            member=self.member,
            form=form,
            ballot=ballot,
            voter=voter if hasattr(voter, "roll_key") else None,
            is_open=is_open,
            announcements=joint_key.announced if joint_key else "",
        )

    def next_address(self) -> str:
        """The same page, which now shows that the member has voted, and by which number the ballot is found."""
        return reverse("review:cast_ballot", args=[self.item.code])


def found_item(view: Any, code: str) -> AgendaItem:
    """Return the case of the address, among those that the member may see; raises Http404."""
    found = AgendaItem.objects.shown_to_member(view.actor).with_all().filter(code=code).first()
    if found is None:
        raise Http404
    return found
