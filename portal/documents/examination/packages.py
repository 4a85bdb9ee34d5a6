"""Word and Excel files: ZIP packages, read entry by entry; nothing is written anew, so anything that acts is refused."""

import re
import zipfile
from pathlib import Path

from portal.documents.examination.verdict import Accepted, Limits, Refused

CONTENT_TYPES = "[Content_Types].xml"
OFD = "OFD.xml"
MAIN_PARTS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
CHUNK = 64 * 1024
ENCRYPTED = 0x1
DIRECTORY_END = 22
MACROS = re.compile(rb"macroEnabled|vbaProject|vbaData", re.IGNORECASE)
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
OUTSIDE = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
COMMANDS = re.compile(rb"instr(?:Text)?\b[^<>]*[>=]\s*[\"']?\s*DDE(AUTO)?\b|<(?:\w+:)?ddeLink\b")
ACTIVE = re.compile(
    r"(^|/)(activeX|embeddings|ctrlProps|externalLinks|customUI)/|vba(Project|Data)|\.(bin|exe|dll|js|vbs|ps1)$",
    re.IGNORECASE,
)
MARKUP = (".xml", ".rels", ".vml")
HARMLESS = re.compile(r"(^|/)printerSettings\d*\.bin$", re.IGNORECASE)


def examine(path: Path, limits: Limits) -> Accepted:
    """Return which document the package is; raises Refused with what is wrong in it."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _refuse_odd_structure(path, package, entries, limits)
            kind = _kind_of(package, {entry.filename for entry in entries}, limits)
            _read_everything(package, entries, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as fault:
        raise Refused("package_broken") from fault
    return Accepted(kind=kind, changed=False)


def _refuse_odd_structure(path: Path, package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > limits.entries:
        raise Refused("too_many_entries", limit=limits.entries)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("office_protected")
    if len({name.lower() for name in names}) != len(names) or any(_leads_out(name) for name in names):
        raise Refused("package_odd_names")
    if min((entry.header_offset for entry in entries), default=0) != 0 or not _ends_with_directory(path):
        raise Refused("package_odd_ends")
    packed = max(path.stat().st_size, 1)
    claimed = sum(entry.file_size for entry in entries)
    if claimed > limits.unpacked or claimed > max(packed * limits.ratio, limits.unpacked // 10):
        raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)


def _ends_with_directory(path: Path) -> bool:
    """Return whether nothing follows the package: what does is another file in hiding."""
    with path.open("rb") as file:
        file.seek(-DIRECTORY_END, 2)
        return file.read().startswith(b"PK\x05\x06")


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/")


def _kind_of(package: zipfile.ZipFile, names: set[str], limits: Limits) -> str:
    if OFD in names:
        raise Refused("ofd")
    if CONTENT_TYPES not in names:
        raise Refused("archive")
    declared = _unpacked(package, package.getinfo(CONTENT_TYPES), limits)
    if MACROS.search(declared):
        raise Refused("macros")
    kinds = {kind for main, kind in MAIN_PARTS.items() if main in declared}
    if len(kinds) != 1:
        raise Refused("office_other")
    return kinds.pop()


def _read_everything(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack every entry to its true end: what the directory claims about sizes and sums may be a lie."""
    total = 0
    for entry in entries:
        if ACTIVE.search(entry.filename) and not HARMLESS.search(entry.filename):
            code = "macros" if "vba" in entry.filename.lower() else "embedded_objects"
            raise Refused(code, entry=entry.filename[-60:])
        content = _unpacked(package, entry, limits)
        total += len(content)
        if total > limits.unpacked:
            raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)
        if entry.filename.lower().endswith(MARKUP):
            _refuse_what_acts(entry.filename, content)


def _refuse_what_acts(name: str, content: bytes) -> None:
    if ENTITIES.search(content):
        raise Refused("markup_entities", entry=name[-60:])
    if COMMANDS.search(content):
        raise Refused("commands_inside", entry=name[-60:])
    if name.endswith(".rels") and any(not HYPERLINK.search(found.group()) for found in OUTSIDE.finditer(content)):
        raise Refused("outside_links", entry=name[-60:])


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    pieces, size = [], 0
    with package.open(entry) as content:
        while piece := content.read(CHUNK):
            size += len(piece)
            if size > limits.unpacked:
                raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)
            pieces.append(piece)
    return b"".join(pieces)
