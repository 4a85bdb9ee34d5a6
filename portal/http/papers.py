"""Files as answers of the API: given as they are, while what refuses them stays problem details."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer, JSONRenderer

from portal.http.bodies import XLSX

PDF = "application/pdf"


class _FileRenderer(BaseRenderer):
    """Agrees to send this kind of file; the view sends it itself, so that only a refusal is ever rendered."""

    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the refusal as JSON."""
        return JSONRenderer().render(data, accepted_media_type, renderer_context)


class PdfRenderer(_FileRenderer):
    media_type, format = PDF, "pdf"


class XlsxRenderer(_FileRenderer):
    media_type, format = XLSX, "xlsx"


class AnyFileRenderer(_FileRenderer):
    media_type, format = "*/*", "file"


# How an operation gives a file: ``@action(renderer_classes=GIVES_PDF)`` and ``responses=A_PDF``.
GIVES_PDF = (PdfRenderer, JSONRenderer)
GIVES_XLSX = (XlsxRenderer, JSONRenderer)
GIVES_ANY_FILE = (AnyFileRenderer, JSONRenderer)
A_PDF = {(200, PDF): OpenApiTypes.BINARY}
AN_XLSX = {(200, XLSX): OpenApiTypes.BINARY}


def sent(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return a file to be saved under ``name``, which no cache keeps."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
