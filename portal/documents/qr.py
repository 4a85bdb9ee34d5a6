"""QR codes: an address as a picture that a telephone reads from a screen or from paper."""

import io
import re
from typing import Any

import segno
from segno import consts

# A corner of the paper may tear: fifteen per cent of the code can be missing.
CORRECTION = "m"
QUIET_ZONE = 4
# Any of the eight masks can be read; choosing the prettiest would cost four times as much as the code itself.
MASK = 2
DIGITS_AT_END = re.compile(r"(?s)(.+#)(\d+)")


def svg_of(text: str) -> bytes:
    """Return the QR code of ``text`` as an SVG file that can be enlarged without loss."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", scale=8, border=QUIET_ZONE, light="#fff", xmldecl=True)
    return out.getvalue()


def picture_of(text: str) -> str:
    """Return the same as a ``data:`` address for pages and papers, which may fetch nothing."""
    picture: str = _code(text).svg_data_uri(scale=5, border=QUIET_ZONE, light="#fff")
    return picture


def small_picture_of(text: str) -> str:
    """Return the code of ``text`` as a ``data:`` address with one dot for each module, for papers made by the thousand.

    Digits after a # at the end are packed three to ten bits, which keeps a signed proof printable.
    """
    found = DIGITS_AT_END.fullmatch(text)
    parts: Any = [(found[1], consts.MODE_BYTE), (found[2], consts.MODE_NUMERIC)] if found else text
    code = segno.make_qr(parts, error=CORRECTION, mask=MASK, boost_error=False)
    picture: str = code.png_data_uri(scale=1, border=QUIET_ZONE)
    return picture


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=CORRECTION)
