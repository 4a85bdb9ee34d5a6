"""Artwork that is the same on every paper: drawn once, then laid under each, or stamped where its place is marked."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pydyf

NAME = "artwork"
PAINTS = re.compile(rb"^[fFbBsS]\*?$", re.MULTILINE)


# A picture of one dot: where a paper shows it, a stamp is set in its place, with the words that the paper gives it.
PLACEHOLDER = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Layer:
    """The finished drawing commands of one page, compressed, with the page's box in points."""

    content: bytes
    box: tuple[float, ...]
    states: tuple[str, ...]

    def lie_under(self, pdf: pydyf.PDF) -> None:
        """Put the artwork under every page of ``pdf`` as one shared form, marked as an artifact (ISO 14289-1, 7.1)."""
        form = pydyf.Stream([self.content], self._as_form())
        call = pydyf.Stream([f"/Artifact BMC q /{NAME} Do Q EMC".encode()])
        pdf.add_object(form)
        pdf.add_object(call)
        for page in pages_of(pdf):
            _object(pdf, page["Resources"])["XObject"][NAME] = form.reference
            page["Contents"] = pydyf.Array([call.reference, page["Contents"]])

    def stamp(self, pdf: pydyf.PDF) -> None:
        """Put this in the place of the placeholder in ``pdf``, as large as that is shown; ValueError without one."""
        dots = [each for each in pdf.objects if isinstance(each, pydyf.Stream) and _is_dot(each.extra)]
        if not dots:
            raise ValueError("The paper has no place for its stamp.")
        _, _, width, height = self.box
        for dot in dots:  # a picture fills a square of one by one, which the text's commands stretch
            dot.stream, dot.compress = [self.content], False
            dot.extra = self._as_form() | {"Matrix": pydyf.Array((1 / width, 0, 0, 1 / height, 0, 0))}

    def _as_form(self) -> dict[str, Any]:
        opaque = {name: pydyf.Dictionary({"ca": 1, "CA": 1}) for name in self.states}
        return {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array(self.box),
            "Filter": "/FlateDecode",
            "Resources": pydyf.Dictionary({"ExtGState": pydyf.Dictionary(opaque)}),
        }


def taken_from(pdf: pydyf.PDF) -> Layer:
    """Return the artwork on the only page of ``pdf``.

    It may consist of opaque lines and areas alone: letters, pictures and transparency would need resources of their own
    (ValueError, also where nothing is painted).
    """
    (page,) = pages_of(pdf)
    resources = _object(pdf, page["Resources"])
    states = resources["ExtGState"]
    others = [resources[kind] for kind in ("XObject", "Pattern", "Shading")] + [_object(pdf, resources["Font"])]
    if any(others) or any(alpha != 1 for state in states.values() for alpha in state.values()):
        raise ValueError("Artwork consists of opaque lines and areas alone.")
    drawn = _object(pdf, page["Contents"])
    content = b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in drawn.stream)
    if not PAINTS.search(content):
        raise ValueError("The artwork paints nothing: its picture cannot be read.")
    return Layer(zlib.compress(content, 9), tuple(page["MediaBox"]), tuple(states))


def pages_of(pdf: pydyf.PDF) -> list[Any]:
    return [_object(pdf, reference) for reference in pdf.page_references]


def _is_dot(extra: Mapping[str, Any]) -> bool:
    return extra.get("Subtype") == "/Image" and (extra["Width"], extra["Height"]) == (1, 1)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
