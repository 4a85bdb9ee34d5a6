"""Files of evidence for the panel: only what staff looked through, under a number, as bare pages or pictures (A-49)."""

import datetime as dt
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image

from applications.models import SnapshotFile
from applications.sections import SEALED
from portal.accounts.actors import Actor
from portal.documents import reading, wording
from portal.documents.enums import EXTENSIONS, MEDIA_TYPES, Kind
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined
from portal.workflow.carry_out import locked
from review import rules
from review.domain import blinding
from review.domain.masking import FEWEST_OF_PERSON
from review.enums.defending import OPEN
from review.models import BlindFile, Defence

SHOWABLE = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})
OF_PAGES = ("/Annots", "/PieceInfo", "/Metadata", "/LastModified", "/AA", "/Thumb", "/StructParents", "/Tabs")
OF_DOCUMENTS = ("/Pages", "/Type")
BROKEN = (pikepdf.PdfError, OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True)
class BareFile:
    """What the panel downloads: bytes, type and a name that tells nothing."""

    content: bytes
    media_type: str
    name: str


def candidates(defence: Defence) -> list[tuple[StoredFile, bool]]:
    """Return the files of the version with effect, each with whether it is marked as fit for the panel."""
    rows = SnapshotFile.objects.filter(snapshot=blinding.present(defence)).exclude(item_code=SEALED.key)
    rows = rows.select_related("file").order_by("pk")
    marked = set(defence.blind_files.values_list("file", flat=True))
    return [(file, file.pk in marked) for file in dict.fromkeys(row.file for row in rows)]


def mark(
    defence: Defence, files: set[str], *, by: Actor, at: dt.datetime, confirmed: Collection[str] = frozenset()
) -> int:
    """Let exactly these files (codes) be shown to the panel, each looked through by ``by``; return how many are.

    ``confirmed`` are those in which ``by`` found every word that resembles a name to be an ordinary one. Raises Refusal for a
    file of another application, of a kind that cannot be bared, one in which name, employer, numbers or other
    personal things are written where a program finds them, or one with such a word that nobody confirmed.
    """
    locked(defence.application)
    if not rules.prepares_defences.test(by, defence) or by.person is None:
        raise Refusal([Reason(_("您当前的身份不能办理。"), "A-49", "step_not_permitted")])
    if defence.state not in OPEN:
        raise Refusal([Reason(_("这场答辩已经结束。"), "A-49", "too_late")])
    offered = {file.code: file for file, _marked in candidates(defence)}
    if files - offered.keys():
        raise Refusal([Reason(_("所选文件不属于该申报。"), "A-49", "file_unknown", "files")])
    chosen = [offered[code] for code in sorted(files)]
    harmless = {*confirmed, *defence.blind_files.values_list("file__code", flat=True)}
    reasons = [reason for file in chosen for reason in _reasons_against(defence, file, harmless, by, at)]
    if reasons:
        raise Refusal(reasons)
    defence.blind_files.exclude(file__in=chosen).delete()
    for file in chosen:
        defaults = {"checked_by": by.person, "checked_at": at}
        BlindFile.objects.get_or_create(defence=defence, file=file, defaults=defaults)
    record(
        defence,
        "mark_blind",
        by=by,
        at=at,
        basis="A-49",
        facts={"files": sorted(files), "confirmed": sorted(files & {*confirmed})},
    )
    return len(chosen)


def shown_to(defence: Defence) -> list[BlindFile]:
    """Return the files that the panel may open, in the order of their marks."""
    return list(defence.blind_files.select_related("file").order_by("pk"))


def opened(blind: BlindFile, *, by: Actor, at: dt.datetime) -> BareFile:
    """Return the bare file for an expert, the reading written down; raises Refusal while it may not be shown at all."""
    with reading.open_for(blind.file, by=by, at=at) as file:
        content = bare(file.read(), Kind(blind.file.kind))
    kind = Kind(blind.file.kind)
    return BareFile(content, MEDIA_TYPES[kind], blind.code + EXTENSIONS[kind])


def bare(content: bytes, kind: Kind) -> bytes:
    """Return pages or picture alone: no properties, bookmarks, comments, form fields, tags or camera data.

    Raises Refusal for a file that cannot be rewritten: what cannot be bared is not shown.
    """
    try:
        return _bare_pages(content) if kind == Kind.PDF else _bare_picture(content, kind)
    except BROKEN as fault:
        raise Refusal([Reason(_("该文件无法去除附带信息，不能提供给评议组。"), "A-49", "cannot_be_bared")]) from fault


def _bare_pages(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as target:
        target.pages.extend(source.pages)
        for page in target.pages:
            for key in OF_PAGES:
                if key in page.obj:
                    del page.obj[key]
        for key in set(target.Root.keys()) - set(OF_DOCUMENTS):
            del target.Root[key]
        if "/Info" in target.trailer:
            del target.trailer["/Info"]
        out = io.BytesIO()
        target.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _bare_picture(content: bytes, kind: Kind) -> bytes:
    with Image.open(io.BytesIO(content), formats=["JPEG" if kind == Kind.JPEG else "PNG"]) as image:
        plain = image.convert("RGB")
    picture = Image.frombytes("RGB", plain.size, plain.tobytes())
    out = io.BytesIO()
    picture.save(out, "JPEG" if kind == Kind.JPEG else "PNG", **({"quality": 92} if kind == Kind.JPEG else {}))
    return out.getvalue()


def _reasons_against(
    defence: Defence, file: StoredFile, harmless: Collection[str], by: Actor, at: dt.datetime
) -> Iterator[Reason]:
    kind, told = Kind(file.kind), {"name": file.original_name}
    if kind not in SHOWABLE:
        text = _("「%(name)s」不是 PDF 或者图片，不能提供给评议组。") % told
        yield Reason(text, "A-49", "kind_not_showable", "files")
        return
    with reading.open_for(file, by=by, at=at) as stored:
        content = bare(stored.read(), kind)
    mask = blinding.mask_of(defence, blinding.present(defence).content)
    words = _words_of(content) if kind == Kind.PDF else ""
    resembling = [] if file.code in harmless else mask.resembling(words)
    if mask.finds(words) or _holds_a_name(content, kind, defence):
        text = _("「%(name)s」中写有姓名、单位、证件号码、电话等个人信息，不能提供给评议组。") % told
        yield Reason(text, "A-49", "file_names_person", "files")
    elif resembling:
        text = _("「%(name)s」中有可能指向申报人或者单位的文字：%(words)s。请逐处核对，确系普通词语的请在此确认。")
        yield Reason(text % {**told, "words": joined(resembling)}, "A-49", "file_may_name_person", "confirmed")


def _holds_a_name(content: bytes, kind: Kind, defence: Defence) -> bool:
    """Return whether name or employer stands in the file in a plain encoding; what only an eye reads is staff's to find."""
    application = defence.application
    words = [application.applicant.full_name, application.employer.name if application.employer else ""]
    whole = [word for word in words if len(word) >= FEWEST_OF_PERSON]
    needles = {word.encode(code) for word in whole for code in ("utf-8", "utf-16-be", "gb18030")}
    if kind != Kind.PDF:
        return any(needle in content for needle in needles)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        read = [_unpacked(stream) for stream in streams if stream.get("/Subtype") != "/Image"]
    return any(needle in part for needle in needles for part in read)


def _words_of(content: bytes) -> str:
    try:
        return wording.words_of(content)
    except BROKEN as fault:
        raise Refusal([Reason(_("该文件的文字无法读取，不能提供给评议组。"), "A-49", "cannot_be_read")]) from fault


def _unpacked(stream: pikepdf.Stream) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())
