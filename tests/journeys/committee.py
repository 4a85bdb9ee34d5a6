"""A committee that meets over HTTP: planned, drawn with the commissioner's number, convened, voting on paper, signed."""

import datetime as dt

from portal.accounts.roles import Role
from portal.catalogue.models import Committee
from review.models import AgendaItem, CommitteeSession, Draw, SessionMember
from tests.factories import filings, sessions
from tests.journeys.lives import Life
from tests.journeys.walking import Walker, page, staff_of

SHARE = "618203"


class Room:
    """One session of a filed committee, seen by all who take part in it."""

    mode = "paper"

    def __init__(self, committee: Committee | None, *, experts: int, size: int, clerk: Walker | None = None) -> None:
        assert committee is not None
        filings.filed(committee, experts, size=size)
        self.committee = committee
        self.clerk = clerk or Walker(staff_of(committee.agency, Role.AGENCY_CLERK))
        watching = staff_of(committee.agency, Role.COMMISSIONER)
        assert watching.person is not None
        self.watching, self.commissioner = watching.person, Walker(watching)
        self._desks: dict[int, Walker] = {}

    @property
    def session(self) -> CommitteeSession:
        return CommitteeSession.objects.with_all().get(committee=self.committee)

    def member(self, one: SessionMember) -> Walker:
        """Return the member's desk, to which they come in on first use."""
        if one.pk not in self._desks:
            self._desks[one.pk] = Walker(sessions.acting(one))
        return self._desks[one.pk]

    @property
    def chair(self) -> Walker:
        return self.member(self.session.members.select_related("person").get(is_chair=True))

    def convenes(self, day: dt.date, lives: list[Life]) -> None:
        """Plan, draw, invite, accept, name and convene; then put the applications on the agenda."""
        told = {"committee": self.committee.code, "title": "第一次会议", "place": "三层会议室", "mode": self.mode}
        self.clerk.sends(page("review:session_plan"), **told, day=day, starts="09:00")
        code = self.session.code
        self.clerk.does(page("review:session_commissioner", code), commissioner=self.watching.code)
        self.clerk.does(page("review:session_freeze", code), related_limit=0)
        self.commissioner.sees(page("review:session_share", code), Draw.objects.get(session=self.session).commitment)
        self.commissioner.sends(page("review:session_share", code), share=SHARE)
        self.clerk.sends(page("review:session_invite", code))
        for one in sessions.members(self.session):
            self.member(one).does(page("review:session_accept", one.code), promise="on")
        head = next(one for one in sessions.members(self.session) if one.can_chair)
        self.clerk.does(page("review:session_chair", code), member=head.code)
        three = {f"scrutineer_{n}": one.code for n, one in enumerate(sessions.ordinary(self.session)[:3], start=1)}
        self.clerk.does(page("review:session_scrutineers", code), **three)
        self.clerk.does(page("review:session_convene", code))
        self.clerk.sends(page("review:session_cases", code), cases=[one.code for one in lives])

    def checks_in(self, *, present: int) -> list[SessionMember]:
        """Check so many in, the chair and the scrutineers among them; returns who came."""
        counting = set(self.session.scrutineers.values_list("member", flat=True))
        coming = sorted(
            sessions.members(self.session), key=lambda one: (not one.is_chair, one.pk not in counting, one.place)
        )[:present]
        for one in coming:
            self.clerk.does(page("review:session_check_in", one.code))
        self.commissioner.does(page("review:session_come", self.session.code))
        return coming

    def opens(self, *, present: int) -> None:
        """Check so many in, and open."""
        self.checks_in(present=present)
        self.chair.sends(page("review:session_open_session", self.session.code))

    def votes(self, life: Life, agree: int, against: int, abstain: int = 0) -> AgendaItem:
        """Present the case, vote on paper, and let two scrutineers count on their own."""
        item = self.item(life)
        for step in ("review:item_present", "review:item_open_vote", "review:item_close_vote"):
            self.chair.does(page(step, item.code))
        for one in self.session.scrutineers.select_related("member__person").order_by("place")[:2]:
            entered = {"agree": agree, "against": against, "abstain": abstain}
            self.member(one.member).does(page("review:item_count", item.code), **entered)
        return self.item(life)

    def item(self, life: Life) -> AgendaItem:
        return AgendaItem.objects.with_all().get(session=self.session, application=life.application)

    def writes(self, life: Life) -> None:
        """Let three members divide the work where no panel heard the person (E-10)."""
        item = self.item(life)
        for one in sessions.ordinary(self.session)[:3]:
            self.member(one).does(page("review:item_opinion", item.code), text=sessions.OPINION)

    def signs(self) -> None:
        """Close, keep the minutes drafted from the record, have the commissioner remark, and sign."""
        code, chair = self.session.code, self.chair
        chair.does(page("review:session_close_session", code))
        drafted = chair.client.get(page("review:session_minutes", code)).context_data["form"].initial["text"]
        chair.does(page("review:session_minutes", code), text=f"{drafted}\n会议纪律良好，充分讨论后逐项表决。")
        self.commissioner.does(page("review:session_remark", code), text="会议程序合规，未发现问题。")
        chair.sends(page("review:session_sign", code))
