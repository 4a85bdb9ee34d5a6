"""Papers of an application over the API: the form, the commitment, the text for publicity (R-060, R-064)."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rules.predicates import Predicate

from applications import rules
from applications.domain import queries
from applications.interfaces import papers
from applications.interfaces.handing_out import paper_of
from applications.interfaces.serializers import VersionSerializer
from applications.models import Application
from portal.documents import reading
from portal.http.desks import Desk
from portal.http.papers import A_PDF, GIVES_PDF, PDF, sent
from portal.http.schema import told


class Papers(Desk):
    """Whoever may read the application, in the capacity in which they act; others look for what is not there."""

    access: ClassVar[Predicate] = rules.reads_papers
    filter_backends = ()
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        return queries.readable(self.actor)

    @told(
        _("申报材料的PDF文件"),
        _(
            "申报表（form）、承诺书（commitment）或者公示内容（publicity）：默认为最近一次提交的，version 为第几次提交；"
            "本人在提交前得到带水印的草稿。"
        ),
        refusals=["glyphs_missing"],
        filters=False,
        parameters=[VersionSerializer],
        responses=A_PDF,
    )
    @action(
        detail=True,
        methods=["get"],
        url_path=f"(?P<which>{'|'.join(papers.TEMPLATES)})",
        renderer_classes=GIVES_PDF,
    )
    def paper(self, request: Request, code: str, which: str) -> HttpResponse:
        asked = VersionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        version = asked.validated_data.get("version")
        told_of = None if version is None else str(version)
        paper = paper_of(self.get_object(), which, told_of, by=self.actor, at=self.at)
        if paper is None:
            raise Http404
        if paper.file is None:
            return sent(paper.content, PDF, paper.name)
        file = reading.readable(paper.file.code, self.actor)
        if file is None:
            raise Http404
        with reading.open_for(file, by=self.actor, at=self.at) as content:
            return sent(content.read(), PDF, f"{code}-{which}.pdf")
