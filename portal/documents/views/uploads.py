"""The tus protocol 1.0.0 (https://tus.io): core, creation, checksum, expiration, termination.

One addition: GET tells as JSON what became of an upload, so that a lost reply is never a lost receipt.
"""

import base64
import binascii

from django.http import Http404, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from portal.accounts.rules import logged_in
from portal.documents import purposes, uploading
from portal.documents.models import Upload
from portal.documents.storage import StorageUnavailable
from portal.documents.uploading import ALGORITHMS, Checksum
from portal.http.once import key_of, once
from portal.http.views import PortalView
from portal.shared.errors import Reason, Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
BYTES = "application/offset+octet-stream"
READ = 64 * 1024
STATUS = {
    uploading.OffsetMismatch: 409,
    uploading.ChecksumMismatch: 460,
    uploading.UploadEnded: 410,
    uploading.TooManyBytes: 413,
    StorageUnavailable: 503,
}
STATUS_OF_CODE = {"too_large": 413}
NOT_ACCEPTED = 422


class Malformed(Refusal):
    """A request that does not speak the protocol."""

    def __init__(self, what: str) -> None:
        super().__init__([Reason(_("上传请求有误：%(what)s") % {"what": what}, code="malformed")])


class TusView(PortalView):
    """What every address of the protocol shares: version, method override, refusals as problem details."""

    access = logged_in

    def dispatch(self, request, *args, **kwargs):
        if request.method == "POST":  # only here, so that nothing slips past the check against forgery
            request.method = request.headers.get("X-HTTP-Method-Override", "POST").upper()
        if request.method not in {"OPTIONS", "GET"} and request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            response = self.answer(request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def answer(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Malformed as malformed:
            return told(malformed, 400)
        except Refusal as refusal:
            code = refusal.reasons[0].code
            return told(refusal, STATUS.get(type(refusal)) or STATUS_OF_CODE.get(code, NOT_ACCEPTED))

    def options(self, request, *args, **kwargs):
        largest = max(purpose.max_bytes for purpose in purposes.known())
        capabilities = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(largest),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return HttpResponse(status=204, headers=capabilities)


class UploadsView(TusView):
    """Creation."""

    def post(self, request, *args, **kwargs):
        return once(request, self.actor, self.create) if key_of(request) else self.create()

    def create(self):
        described = metadata(self.request.headers.get("Upload-Metadata", ""))
        upload = uploading.begin(
            name=described.get("filename", ""),
            length=number(self.request, "Upload-Length"),
            purpose=described.get("purpose", ""),
            by=self.actor,
            at=self.at,
        )
        headers = {"Location": reverse("documents:upload", args=[upload.code]), "Upload-Expires": expiry(upload)}
        return HttpResponse(status=201, headers=headers)


class UploadView(TusView):
    """One upload, met by nobody but its maker."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        uploads = Upload.objects.made_by(self.actor).select_related("file", "person", "organisation")
        self.upload = uploads.filter(code=kwargs["code"]).first()
        if self.upload is None:
            raise Http404

    def head(self, request, *args, **kwargs):
        if self.upload.has_expired(self.at):
            raise uploading.UploadEnded
        return HttpResponse(headers={"Upload-Length": str(self.upload.length), **progress(self.upload)})

    def get(self, request, *args, **kwargs):
        return JsonResponse(outcome(self.upload))

    def patch(self, request, *args, **kwargs):
        if request.content_type != BYTES:
            return HttpResponse(status=415)
        offset, checksum = number(request, "Upload-Offset"), checksum_of(request)
        upload = uploading.receive(self.upload, arriving(request), offset=offset, at=self.at, checksum=checksum)
        if upload.is_complete:
            uploading.finish(upload, by=self.actor, at=self.at)
        return HttpResponse(status=204, headers=progress(upload))

    def delete(self, request, *args, **kwargs):
        uploading.abandon(self.upload)
        return HttpResponse(status=204)


def arriving(request):
    """Yield what comes until it ends or breaks off; what came before a break is worth keeping."""
    while True:
        try:
            chunk = request.read(READ)
        except UnreadablePostError:
            return
        if not chunk:
            return
        yield chunk


def progress(upload):
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": expiry(upload)}


def expiry(upload):
    return http_date(upload.expires_at.timestamp())


def outcome(upload):
    """Return what became of the upload: the receipt, the reasons against it, or how far it is."""
    if upload.file:
        file = upload.file
        receipt = {"code": file.code, "name": file.original_name, "size": file.received_size}
        return {"state": "kept", "file": {**receipt, "kind": file.kind, "sha256": file.received_sha256}}
    if upload.refusal is not None:
        return {"state": "refused", "reasons": upload.refusal}
    return {"state": "complete" if upload.is_complete else "arriving", "offset": upload.offset, "length": upload.length}


def told(refusal, status):
    """Return problem details (RFC 9457) with every reason."""
    reasons = [reason.as_dict() for reason in refusal.reasons]
    body = {"type": "about:blank", "status": status, "title": reasons[0]["text"], "reasons": reasons}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def number(request, header):
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit()) or len(value) > 15:  # noqa: PLR2004 - a petabyte
        raise Malformed(header)
    return int(value)


def metadata(header):
    """Return the pairs of ``Upload-Metadata``: keys in ASCII, values in Base64 of UTF-8."""
    pairs = {}
    for pair in filter(None, header.split(",")):
        key, _space, value = pair.strip().partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise Malformed("Upload-Metadata") from fault
    return pairs


def checksum_of(request):
    header = request.headers.get("Upload-Checksum")
    if not header:
        return None
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as fault:
        raise Malformed("Upload-Checksum") from fault
    if algorithm not in ALGORITHMS:
        raise Malformed("Upload-Checksum")
    return Checksum(algorithm, digest)
