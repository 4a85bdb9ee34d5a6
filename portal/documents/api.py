"""Files over the API: whatever somebody may read, and their own with its receipt.

They are handed in by the tus protocol at ``/files/uploads/``, which is for programs as for pages.
"""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import logged_in
from portal.documents import queries, reading, removing
from portal.documents.enums import MEDIA_TYPES, Kind
from portal.documents.models import StoredFile
from portal.documents.purposes import PERSONAL
from portal.documents.rules import is_own
from portal.documents.serializers import StoredFileSerializer
from portal.http.desks import Desk
from portal.http.papers import GIVES_ANY_FILE
from portal.http.schema import told

NOT_VIEWABLE = ("file_received", "file_infected", "file_unscannable")


class Files(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = logged_in
    serializer_class = StoredFileSerializer
    filter_backends = ()
    queryset = StoredFile.objects.none()

    def get_queryset(self) -> QuerySet[StoredFile]:
        return queries.own_files(self.actor, PERSONAL)

    @told(_("本人的文件"), _("本人上传的个人材料，新的在前；按断点续传协议（tus 1.0.0）在 /files/uploads/ 上传。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("文件回执"), _("收到的文件及其SHA-256值、大小、时间和安全检查情况。"))
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(StoredFileSerializer(self._own(code)).data)

    @told(
        _("删除文件"),
        _("只能删除本人上传、没有用于办理业务的文件。"),
        refusals=["not_removable", "in_use"],
        request=None,
        responses={HTTPStatus.NO_CONTENT: None},
    )
    def destroy(self, request: Request, code: str) -> Response:
        removing.remove(self._own(code), by=self.actor, at=self.at)
        return Response(status=HTTPStatus.NO_CONTENT)

    @told(
        _("下载文件"),
        _("本人可以查阅的任何文件，包括平台出具的文件；安全检查通过后才能下载，查阅他人的文件记入台账。"),
        refusals=NOT_VIEWABLE,
        responses={(200, media): OpenApiTypes.BINARY for media in MEDIA_TYPES.values()},
    )
    @action(detail=True, methods=["get"], renderer_classes=GIVES_ANY_FILE)
    def content(self, request: Request, code: str) -> FileResponse:
        file = self._readable(code)
        content = reading.open_for(file, by=self.actor, at=self.at)
        answer = FileResponse(
            content,
            as_attachment=True,
            filename=reading.name_for(file, self.actor),
            content_type=MEDIA_TYPES[Kind(file.kind)],
        )
        answer["Content-Length"] = file.size
        answer["Cache-Control"] = "no-store, private"
        return answer

    def _readable(self, code: str) -> StoredFile:
        file = reading.readable(code, self.actor)
        if file is None:
            raise Http404
        return file

    def _own(self, code: str) -> StoredFile:
        file = self._readable(code)
        if not is_own(self.actor, file):
            raise Http404
        return file
