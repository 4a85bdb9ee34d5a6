"""QR codes: an address as a picture that a telephone reads from a screen or from paper."""

import io

import segno

# A corner of the paper may tear: fifteen per cent of the code can be missing.
CORRECTION = "m"
QUIET_ZONE = 4


def svg_of(text: str) -> bytes:
    """Return the QR code of ``text`` as an SVG file that can be enlarged without loss."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", scale=8, border=QUIET_ZONE, light="#fff", xmldecl=True)
    return out.getvalue()


def picture_of(text: str) -> str:
    """Return the same as a ``data:`` address for pages and papers, which may fetch nothing."""
    picture: str = _code(text).svg_data_uri(scale=5, border=QUIET_ZONE, light="#fff")
    return picture


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=CORRECTION)
