"""What everybody may do: read notices, object, follow an objection."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.accounts.actors import PUBLIC
from portal.accounts.rules import anyone
from portal.deadlines.terms import term_of
from portal.http.limits import count_against
from portal.http.views import ChangeView, PortalView, show_refusal
from portal.publicity.domain import objecting, openings, papers, posting, queries
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import ON_THE_BOARD, NoticeState
from portal.publicity.forms import OBJECTIONS_AN_HOUR, BoardFilter, ObjectionForm, ObjectionNumberForm
from portal.publicity.models import Line, Notice, Objection
from portal.publicity.views.lines import Searched, lines_found
from portal.shared.errors import Refusal
from portal.workflow import settle_due

NOTICES_A_PAGE = 20


class Board(PortalView):
    """All notices that are open to everybody."""

    access = anyone
    template_name = "publicity/public/board.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = BoardFilter(request.GET, kinds=sorted(ON_THE_BOARD))
        notices = queries.board(**form.cleaned_data) if form.is_valid() else queries.board()
        page = Paginator(notices, NOTICES_A_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, filter_form=form)


class ReaderView(PortalView):
    """A page about a notice that the reader reached over the board or by the link they were given."""

    access = anyone
    notice: Notice

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        notice = self.find()
        settle_due(notice, self.at)
        self.notice = self.find()

    def find(self) -> Notice:
        if "access_code" in self.kwargs:
            found = queries.opened_by_link(self.kwargs["access_code"])
        else:
            found = queries.board().filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    def address(self, name: str, **more: Any) -> str:
        """Return the address of another page of this notice, by the way on which the reader came."""
        by_link = "access_code" in self.kwargs
        way = {"access_code": self.notice.access_code} if by_link else {"code": self.notice.code}
        return reverse(f"publicity:{'link_' if by_link else ''}{name}", kwargs={**way, **more})


class ReadNotice(ReaderView, Searched):
    template_name = "publicity/public/notice.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.GET:
            openings.count(self.notice, by=self.actor, at=self.at)
        words, page = lines_found(self.notice, request, self.at)
        end = posting.end_of(self.notice)
        response = self.page(
            notice=self.notice,
            page=page,
            words=words,
            end=end,
            term=term_of(end) if end else None,
            is_running=self.notice.state == NoticeState.POSTED,
            object_address=self.address("object", number=0).removesuffix("0/"),
            parts=papers.parts_of(self.notice),
            paper_address=self.address("paper"),
        )
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class Object(ReaderView, ChangeView):
    """The form on which somebody objects to one line: as the public, so that no row ties the objection to who is logged in."""

    template_name = "publicity/public/object.html"
    line: Line

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = PUBLIC
        found = self.notice.lines.filter(number=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.line = found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.show(ObjectionForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = ObjectionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            count_against(request, "objection", per_hour=OBJECTIONS_AN_HOUR)
            objection = self.lodged(**form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(reverse("publicity:objection_status", args=[objection.code]))

    def lodged(self, *, evidence: list[Any], **said: Any) -> Objection:
        return objecting.lodge(self.line, Statement(**said), by=self.actor, at=self.at, evidence=evidence)

    def show(self, form: ObjectionForm) -> HttpResponseBase:
        return self.page(notice=self.notice, line=self.line, form=form, cancel_address=self.address("notice"))


class FindObjection(PortalView):
    """Leads whoever has the number of an objection to where it stands."""

    access = anyone
    template_name = "publicity/public/find.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if "code" not in request.GET:
            return self.page(form=ObjectionNumberForm())
        form = ObjectionNumberForm(request.GET)
        if form.is_valid():
            return HttpResponseRedirect(reverse("publicity:objection_status", args=[form.cleaned_data["code"]]))
        return self.page(form=form)


class ObjectionStatus(PortalView):
    """Where an objection stands, for whoever holds its number; says nothing about who objected."""

    access = anyone
    template_name = "publicity/public/objection.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        objection = Objection.objects.select_related("line__notice", "handler").filter(code=code).first()
        if objection is None:
            raise Http404
        settle_due(objection, self.at)
        objection.refresh_from_db(fields=["handler", "answer", "closed_at"])
        return self.page(objection=objection, due=objecting.answer_due(objection))


class Proof(ReaderView):
    """The sealed record of an ended notice as plain text that anybody can hash again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.notice.proof:
            raise Http404
        response = HttpResponse(self.notice.canonical(), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.notice.code}.json"'
        return response
