"""Sessions as everybody in them meets them: the list, the one screen that moves for all, the case, the draw's record."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.accounts.rules import agency, bureau
from portal.http.papers import PDF, sent
from portal.http.views import PortalView, SubjectMixin
from review import rules
from review.domain import case_papers, count_sheets, drawing, score_summaries, scoring, seating, session_papers
from review.enums.sitting import BEFORE_VOTE, SEATED, SESSION_TONES, DrawState, ItemState, SessionState
from review.guards.agenda import number_of_opinions
from review.interfaces.agenda_window import Wanted
from review.interfaces.session_screen import screen_of
from review.models import AgendaItem, CommitteeSession, Draw

meets = agency | bureau | rules.expert | rules.commissioner


class Sessions(PortalView):
    """The sessions that the actor prepares, sits in, watches, or supervises."""

    access = meets
    template_name = "review/session/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = CommitteeSession.objects.for_reader(self.actor).with_all().order_by("-starts_at", "-pk")
        counted = found.annotate(
            cases=Count("items", distinct=True),
            seats=Count("members", filter=Q(members__state__in=SEATED), distinct=True),
        )
        rows = [(one, SESSION_TONES[SessionState(one.state)]) for one in counted[:200]]
        return self.page(rows=rows, may_plan=agency.test(self.actor))


class OwnSession(SubjectMixin):
    """A page about a session that the actor may see."""

    access = meets
    subject: CommitteeSession

    def visible(self) -> Any:
        return CommitteeSession.objects.for_reader(self.actor).with_all()


class Show(OwnSession):
    """The session's screen, complete without a script; with one, it follows what happens in the room."""

    template_name = "review/session/session.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        draw = seating.draw_of(self.subject)
        return self.page(
            tone=SESSION_TONES[SessionState(self.subject.state)],
            draw=draw,
            is_drawn=draw is not None and draw.state == DrawState.DRAWN,
            is_prepared_first=self.subject.state in {SessionState.DRAFT, SessionState.DRAWN},
            query=f"?{request.GET.urlencode()}" if request.GET else "",
            **screen_of(self.subject, self.actor, self.at, wanted_by(request)),
        )


def wanted_by(request: HttpRequest) -> Wanted:
    """Return which part of the agenda the address asks for."""
    return Wanted(kind=request.GET.get("show", ""), page=request.GET.get("page", ""))


class Screen(OwnSession):
    """The part of the screen that moves, for the script that follows the session."""

    template_name = "review/session/screen.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        answer = self.page(
            tone=SESSION_TONES[SessionState(self.subject.state)],
            **screen_of(self.subject, self.actor, self.at, wanted_by(request)),
        )
        answer["Cache-Control"] = "no-store"
        answer["X-Revision"] = str(self.subject.revision)
        return answer


class Revision(OwnSession):
    """The number that grows with every move; nothing else, so that polling costs next to nothing."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        answer = JsonResponse({"revision": self.subject.revision})
        answer["Cache-Control"] = "no-store"
        return answer


class Item(SubjectMixin):
    """The papers of one case, for the members who decide on it."""

    access = rules.expert
    template_name = "review/session/item.html"
    subject: AgendaItem

    def visible(self) -> Any:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        item = self.subject
        seat = rules.seat_of(self.actor, item.session)
        return self.page(
            item=item,
            papers=case_papers.papers_of(item),
            opinions=number_of_opinions(item),
            is_open=item.state in BEFORE_VOTE,
            own=item.opinions.filter(member=seat).first(),
            is_scored=scoring.standard_of(item) is not None,
            summary=score_summaries.shown_to(item, seat) if seat is not None else None,
            may_note=item.state == ItemState.PRESENTED and rules.chairs_item.test(self.actor, item),
        )


class DrawRecord(OwnSession):
    """The finished draw on screen, with all numbers that the stand-alone script needs."""

    template_name = "review/session/draw.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        draw = _drawn(self.subject)
        record = drawing.record_of(draw)
        names = dict(self.subject.filing.members.values_list("term__code", "term__expert__person__full_name"))
        order = [(place, one, names.get(one, ""), one in draw.seats) for place, one in enumerate(draw.order, start=1)]
        return self.page(session=self.subject, draw=draw, record=record, order=order, excluded=draw.excluded)


class DrawFile(OwnSession):
    """The record of the draw as JSON, for ``docs/verify_draw.py``."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        answer = JsonResponse(
            drawing.record_of(_drawn(self.subject)), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        answer["Content-Disposition"] = f'attachment; filename="draw-{self.subject.code}.json"'
        return answer


class DrawPaper(OwnSession):
    """The record of the draw on paper."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return sent(session_papers.draw_of(_drawn(self.subject)), PDF, f"draw-{self.subject.code}.pdf")


class CountPaper(OwnSession):
    """The signed count sheet on paper, for whoever may read it on screen; who keeps out of a case reads it there."""

    access = agency | bureau | rules.commissioner

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.signed_at is None:
            return HttpResponse(_("会议签署后才能查看计票单。"), status=409, content_type="text/plain; charset=utf-8")
        return sent(session_papers.count_of(self.subject), PDF, f"count-{self.subject.code}.pdf")


class CountSheet(OwnSession):
    """The count as it is signed, on a page to print; before the signature for those in the room alone."""

    template_name = "review/session/count_sheet.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        context = screen_of(self.subject, self.actor, self.at)
        if not context["reader"].sees_totals(self.subject) or self.subject.closed_at is None:
            return HttpResponse(_("会议签署后才能查看计票单。"), status=409, content_type="text/plain; charset=utf-8")
        return self.page(digest=count_sheets.digest_of(self.subject), **context)


def _drawn(session: CommitteeSession) -> Draw:
    return get_object_or_404(Draw.objects.select_related("session__committee"), session=session, state=DrawState.DRAWN)
