"""What requests bring over the API: bounded JSON, no unknown field, no value of another type taken for the right one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import BaseParser, JSONParser

MOST_BYTES, MOST_FILE_BYTES = 512 * 1024, 5 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_NAMED = 20


class TooLarge(APIException):
    """A body beyond the bound."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class BoundedJSON(JSONParser):
    """JSON of at most ``MOST_BYTES``; nesting that no reader survives is an error of the request, not of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return what the body says; raises TooLarge and ParseError."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise TooLarge(_("请求内容最大%(most)s字节。") % {"most": MOST_BYTES})
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None


class BoundedFile(BaseParser):
    """A file as the whole body, of at most ``MOST_FILE_BYTES``; whether it is what it says is for its reader to find out."""

    name: ClassVar[str]

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        """Return the bytes under ``name``; raises TooLarge."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST_FILE_BYTES:
            raise TooLarge(_("请求内容最大%(most)s字节。") % {"most": MOST_FILE_BYTES})
        return {self.name: stream.read(int(length))}


class BoundedPdf(BoundedFile):
    media_type, name = "application/pdf", "pdf"


class BoundedXlsx(BoundedFile):
    media_type, name = XLSX, "xlsx"


class Body(serializers.Serializer[Any]):
    """The body of a request; a field that it does not know is refused, so that no misspelling is lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated fields; raises ValidationError beside each unknown one."""
        if isinstance(data, Mapping):
            unknown = [str(name)[:60] for name in data if name not in self.fields][:MOST_NAMED]
            if unknown:
                text = ErrorDetail(_("没有这个字段。"), code="unknown_field")
                raise ValidationError({key: [text] for key in unknown})
        return super().to_internal_value(data)


class EmptySerializer(Body):
    """A step that needs no more than its address."""


def judged(form: Any) -> Any:
    """Return a page's form that finds nothing wrong; raises ValidationError with what it says, beside the same fields."""
    if form.is_valid():
        return form
    found = form.errors.as_data().items()
    raise ValidationError(
        {"" if name == NON_FIELD_ERRORS else name: [_as_detail(each) for each in errors] for name, errors in found}
    )


def _as_detail(error: Any) -> ErrorDetail:
    return ErrorDetail(error.messages[0], code=error.code or "invalid")


class Text(serializers.CharField):
    """A JSON string; a number is not one."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text without the blanks around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """JSON's true or false; "yes" and 1 are not."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the value as it came."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
