"""The words of a PDF as a program finds them: what its pages show by fonts that say which characters they draw.

Pages that are pictures, and fonts that say nothing, have no words here: those only an eye reads.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PAIRS = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGES = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
PLAIN = ("latin-1", "gb18030", "utf-16-be")
SHOWING = frozenset({"Tj", "TJ", "'", '"'})
# Forms in forms are not followed further, and no honest font names more letters.
DEEPEST, MOST_LETTERS = 5, 200_000

Letters = Mapping[bytes, str]
Place = tuple[int, int]


@dataclass
class _Seen:
    """What was read already, by its place in the file: pages change between few fonts and draw the same forms, often."""

    fonts: dict[Place, Letters] = field(default_factory=dict)
    forms: set[Place] = field(default_factory=set)


def words_of(content: bytes) -> str:
    """Return the text of a PDF, a line for each piece that is drawn at once, that of a form once.

    Raises pikepdf.PdfError or ValueError for a broken one.
    """
    seen = _Seen()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return "\n".join(line for page in pdf.pages for line in _drawn(page, page.resources, DEEPEST, seen))


def _drawn(source: Any, resources: Any, deep: int, seen: _Seen) -> Iterator[str]:
    letters: Letters | None = None
    for step in pikepdf.parse_content_stream(source):
        operands, name = step.operands, str(step.operator)
        if name == "Tf":
            letters = _learnt(resources.get("/Font", {}).get(str(operands[0])), seen)
        elif name in SHOWING:
            pieces = operands[-1] if name == "TJ" else [operands[-1]]
            shown = b"".join(bytes(one) for one in pieces if isinstance(one, pikepdf.String))
            yield from _read(shown, letters)
        elif name == "Do" and deep:
            form = resources.get("/XObject", {}).get(str(operands[0]))
            if form is not None and form.get("/Subtype") == "/Form" and form.objgen not in seen.forms:
                seen.forms.add(form.objgen)
                yield from _drawn(form, form.get("/Resources", resources), deep - 1, seen)


def _read(shown: bytes, letters: Letters | None) -> Iterator[str]:
    """Yield a piece as its font says it, or in every plain encoding where the font does not say."""
    if letters:
        size = len(next(iter(letters)))
        yield "".join(letters.get(shown[place : place + size], "") for place in range(0, len(shown), size))
    else:
        yield from (shown.decode(code, "ignore") for code in PLAIN)


def _learnt(font: Any, seen: _Seen) -> Letters | None:
    table = None if font is None else font.get("/ToUnicode")
    if not isinstance(table, pikepdf.Stream):
        return None
    if table.objgen not in seen.fonts:
        seen.fonts[table.objgen] = _letters_in(table.read_bytes())
    return seen.fonts[table.objgen]


def _letters_in(table: bytes) -> Letters:
    letters: dict[bytes, str] = {}
    left = MOST_LETTERS
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        letters |= {bytes.fromhex(code.decode()): _letter(sign) for code, sign in PAIRS.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, *told in RANGES.findall(block):
            left -= max(int(last, 16) - int(first, 16), 0) + 1
            if left < 0:
                raise ValueError("A font that names more letters than there are.")
            letters |= _range(first, last, *told)
    return letters


def _range(first: bytes, last: bytes, sign: bytes, signs: bytes) -> dict[bytes, str]:
    # Both are as long as the codes are; where a program wrote them otherwise, the longer one tells.
    size, begin, end = (max(len(first), len(last)) + 1) // 2, int(first, 16), int(last, 16)
    codes = [code.to_bytes(size, "big") for code in range(begin, end + 1)]
    if signs:
        told = re.findall(rb"<([0-9A-Fa-f]+)>", signs)
        return {code: _letter(one) for code, one in zip(codes, told, strict=False)}
    start = _letter(sign)
    return {code: start[:-1] + chr(ord(start[-1]) + step) for step, code in enumerate(codes) if start}


def _letter(sign: bytes) -> str:
    return bytes.fromhex(sign.decode()).decode("utf-16-be", "ignore")
