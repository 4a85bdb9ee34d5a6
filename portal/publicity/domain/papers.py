"""The notice on paper: what hangs on the notice-board while the page is on the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.documents import pdf, qr
from portal.publicity.domain import posting
from portal.publicity.enums import Field
from portal.publicity.models import Line, Notice
from portal.shared import clock

# A paper takes a second or two to write, ten with long texts in every line.
LINES_A_PAPER = 200
# More columns than these do not fit upright.
UPRIGHT_COLUMNS = 5


@dataclass(frozen=True)
class Table:
    """Lines as a paper shows them: only the columns that one of them fills, in the order of the kind."""

    labels: tuple[str | Promise, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def is_wide(self) -> bool:
        """Whether the paper must lie on its side."""
        return len(self.labels) > UPRIGHT_COLUMNS


def table_of(lines: Iterable[Line], *, with_outcome: bool = False) -> Table:
    """Return ``lines`` as a table; ``with_outcome`` adds, after the end, whether an objection was upheld."""
    lines = list(lines)
    columns = [field for field in Field if any(field in line.content for line in lines)]
    labels: list[str | Promise] = [field.label for field in columns]
    rows = [(line.number, [str(line.content.get(field, "")) for field in columns]) for line in lines]
    if with_outcome:
        labels.append(_("公示结果"))
        for line, (_number, values) in zip(lines, rows, strict=True):
            values.append(_("异议成立") if line.struck_at else _("无异议"))
    return Table(tuple(labels), tuple((number, tuple(values)) for number, values in rows))


def parts_of(notice: Notice) -> Sequence[tuple[int, int]]:
    """Return the first and last line of each paper that the notice fills, so that no paper is endless."""
    total = notice.lines.count()
    return [(start, min(start + LINES_A_PAPER - 1, total)) for start in range(1, total + 1, LINES_A_PAPER)]


def printed(notice: Notice, *, part: int, address: str) -> bytes:
    """Return the PDF of the notice's ``part``-th paper (from 1), with ``address`` in full and as a QR code.

    The same notice and address give the same bytes until its end is moved. Raises ValueError for a notice that was
    never posted, Refusal where a character has no glyph.
    """
    if notice.posted_at is None:
        raise ValueError(f"{notice.code} was never posted.")
    parts = parts_of(notice)
    first, last = parts[part - 1]
    context = {
        "notice": notice,
        "end": posting.end_of(notice),
        "table": table_of(notice.lines.filter(number__range=(first, last)).order_by("number")),
        "part": part,
        "parts": len(parts),
        "posted_on": clock.day_of(notice.posted_at),
        "address": address,
        "short_address": address.partition("://")[2],
        "code": qr.picture_of(address),
    }
    return pdf.render("publicity/documents/notice.html", context, at=notice.posted_at)
