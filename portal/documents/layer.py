"""Artwork that is the same on every paper: drawn once, then laid under each as it is, unseen by those who listen."""

import zlib
from dataclasses import dataclass
from typing import Any

import pydyf

NAME = "artwork"


@dataclass(frozen=True)
class Layer:
    """The finished drawing commands of one page, compressed, with the paper's size in points."""

    content: bytes
    box: tuple[float, ...]
    states: tuple[str, ...]

    def lie_under(self, pdf: pydyf.PDF) -> None:
        """Put the artwork under every page of ``pdf`` as one shared form, marked as an artifact (ISO 14289-1, 7.1)."""
        form = pydyf.Stream(
            [self.content],
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": pydyf.Array(self.box),
                "Filter": "/FlateDecode",
                "Resources": pydyf.Dictionary({"ExtGState": self._opaque()}),
            },
        )
        call = pydyf.Stream([f"/Artifact BMC q /{NAME} Do Q EMC".encode()])
        pdf.add_object(form)
        pdf.add_object(call)
        for page in pages_of(pdf):
            _object(pdf, page["Resources"])["XObject"][NAME] = form.reference
            page["Contents"] = pydyf.Array([call.reference, page["Contents"]])

    def _opaque(self) -> pydyf.Dictionary:
        """Return the graphics states by which the commands ask to draw opaquely."""
        return pydyf.Dictionary({name: pydyf.Dictionary({"ca": 1, "CA": 1}) for name in self.states})


def taken_from(pdf: pydyf.PDF) -> Layer:
    """Return the artwork on the only page of ``pdf``.

    It may consist of opaque lines and areas alone: letters, pictures and transparency would need resources of their own
    (ValueError).
    """
    (page,) = pages_of(pdf)
    resources = _object(pdf, page["Resources"])
    states = resources["ExtGState"]
    others = [resources[kind] for kind in ("XObject", "Pattern", "Shading")] + [_object(pdf, resources["Font"])]
    if any(others) or any(alpha != 1 for state in states.values() for alpha in state.values()):
        raise ValueError("Artwork consists of opaque lines and areas alone.")
    drawn = _object(pdf, page["Contents"])
    content = b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in drawn.stream)
    return Layer(zlib.compress(content, 9), tuple(page["MediaBox"]), tuple(states))


def pages_of(pdf: pydyf.PDF) -> list[Any]:
    return [_object(pdf, reference) for reference in pdf.page_references]


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
