"""Names of files as people gave them: kept for reading, never used to find anything."""

import re
import unicodedata

LONGEST = 120
UNREADABLE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


def clean_name(given: str) -> str:
    """Return the last part of ``given`` without what deceives or breaks a file system.

    Drops folders of either slash, control signs, signs that turn the writing direction (``cod.exe`` shown as
    ``exe.doc``) and leading dots; keeps the extension when it shortens. Never empty.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    plain = " ".join(UNREADABLE.sub("", visible).split()).lstrip(". ").rstrip(". ")
    stem, dot, extension = plain.rpartition(".")
    if dot and 0 < len(extension) <= 8 and len(plain) > LONGEST:  # noqa: PLR2004 - no known extension is longer
        return stem[: LONGEST - len(extension) - 1] + "." + extension
    return plain[:LONGEST] or "文件"
