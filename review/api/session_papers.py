"""The papers of a session, for programs: the draw's record and the signed count sheet as PDF."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rules.predicates import Predicate

from portal.accounts.rules import agency, bureau
from portal.http.desks import Desk
from portal.http.papers import A_PDF, GIVES_PDF, PDF, sent
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from review import rules
from review.domain import session_papers
from review.enums.sitting import DrawState
from review.models import CommitteeSession, Draw


class _Papers(Desk):
    filter_backends = ()
    renderer_classes = GIVES_PDF
    queryset = CommitteeSession.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeSession]:
        return CommitteeSession.objects.for_reader(self.actor).with_all()


class DrawPapers(_Papers):
    access: ClassVar[Predicate] = rules.meets

    @told(_("抽取记录（PDF）"), _("抽取完成后的全部数值，可以用公开的核验程序重新计算。"), responses=A_PDF)
    @action(detail=True, methods=["get"], url_path="draw/paper")
    def paper(self, request: Request, code: str) -> HttpResponse:
        draws: Any = Draw.objects.select_related("session__committee")
        draw = get_object_or_404(draws, session=self.get_object(), state=DrawState.DRAWN)
        return sent(session_papers.draw_of(draw), PDF, f"draw-{code}.pdf")


class CountPapers(_Papers):
    access: ClassVar[Predicate] = agency | bureau | rules.commissioner

    @told(
        _("计票单（PDF）"),
        _("会议签署后的计票单；评审专家的计票结果见会议的评审事项，其中不含本人回避的事项。"),
        refusals=["not_signed"],
        responses=A_PDF,
    )
    @action(detail=True, methods=["get"], url_path="count-sheet/paper")
    def paper(self, request: Request, code: str) -> HttpResponse:
        session = self.get_object()
        if session.signed_at is None:
            raise Refusal([Reason(gettext("会议签署后才能查看计票单。"), "R-112", "not_signed")])
        return sent(session_papers.count_of(session), PDF, f"count-{code}.pdf")
