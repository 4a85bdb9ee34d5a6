"""The drawn parts of a certificate: the guilloche under the text and the seal over it, as lines and areas without letters."""

import base64
import functools
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from certificates.domain import fonts

WIDTH, HEIGHT = 297.0, 210.0  # A4 landscape, in millimetres, as everything here
SEAL_WIDTH = 42.0
SEAL_OF = "北京市人力资源和社会保障局"
SEAL_FOR = "职称专用章"

PAPER, GOLD, TINT, FAINT, RED = "#fffdf7", "#b3862f", "#e3cf9f", "#f3e9d2", "#c8201f"
Point = tuple[float, float]


@functools.cache
def background() -> str:
    """Return the page that lies under every certificate: ivory paper, a rosette, a woven border and frames."""
    return _page(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{PAPER}"/>'
        f"{_lines(_rosette(), FAINT, 0.16)}{''.join((*_woven_border(), _frames(), *_corners()))}"
        "</svg>",
        WIDTH,
        HEIGHT,
    )


def seal() -> str:
    """Return the seal as a page to be stamped: the drawing that CERTIFICATE_SEAL names (SVG), or the portal's own."""
    place = settings.CERTIFICATE_SEAL
    return _page(Path(place).read_text(encoding="utf-8") if place else drawn_seal(), SEAL_WIDTH, SEAL_WIDTH)


@functools.cache
def drawn_seal() -> str:
    """Return a round seal as SVG: the bureau's name around a star, its purpose below; outlines alone, so that it needs no font."""
    with TTFont(fonts.BOLD) as font:
        around = "".join(_around(font, SEAL_OF, radius=16.4, sweep=math.radians(252)))
        below = "".join(_along(font, SEAL_FOR, step=3.7, baseline=13.1, size=(3.5, 4.1)))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-21 -21 42 42">'
        f'<circle r="20.3" fill="none" stroke="{RED}" stroke-width="1.1"/>'
        f'<path fill="{RED}" d="{_star(6.6)}{around}{below}"/></svg>'
    )


def _page(drawing: str, width: float, height: float) -> str:
    """Return a page with nothing but a drawing that fills it."""
    picture = base64.b64encode(drawing.encode()).decode()
    return (
        f"<!doctype html><title>-</title><style>@page {{ size: {width}mm {height}mm; margin: 0 }} body {{ margin: 0 }}"
        f"img {{ display: block; width: {width}mm; height: {height}mm }}</style>"
        f'<img alt="" src="data:image/svg+xml;base64,{picture}">'
    )


def _rosette() -> Iterator[list[Point]]:
    """Yield closed curves around the middle of the page whose crossings make the pattern."""
    for turn in range(18):
        points = []
        for step in range(361):
            angle = math.tau * step / 360
            radius = 68 + 17 * math.sin(12 * angle + turn * math.tau / 18) + 5 * math.cos(6 * angle)
            points.append((WIDTH / 2 + 1.42 * radius * math.cos(angle), HEIGHT / 2 + radius * math.sin(angle)))
        yield points


def _woven_border(inset: float = 13.0, height: float = 2.6, strands: int = 6) -> Iterator[str]:
    """Yield the waves between the frames; those of one side are one wave, moved, which is why they weigh next to nothing."""
    across, down = WIDTH - 2 * inset, HEIGHT - 2 * inset
    sides = (
        (across, f"translate({inset:g} {inset:g})"),
        (across, f"translate({inset:g} {HEIGHT - inset:g})"),
        (down, f"translate({inset:g} {inset:g}) rotate(90)"),
        (down, f"translate({WIDTH - inset:g} {inset:g}) rotate(90)"),
    )
    for length, place in sides:
        waves = round(length / 9)
        steps = waves * 16
        wave = length / waves
        points = [(wave * step / 16, height * math.sin(math.tau * step / 16)) for step in range(steps + 1)]
        drawn = "".join(
            f'<g transform="translate({wave * (strand / strands - 0.5):.3f} 0)">{_lines([points], TINT, 0.16)}</g>'
            for strand in range(strands)
        )
        yield f'<g transform="{place}">{drawn}</g>'


def _frames() -> str:
    """Return the lines on both sides of the woven border."""
    sides = ((8.6, 0.7), (9.8, 0.2), (16.2, 0.2), (17.0, 0.45))
    return "".join(
        f'<rect x="{at}" y="{at}" width="{WIDTH - 2 * at:g}" height="{HEIGHT - 2 * at:g}" fill="none" '
        f'stroke="{GOLD}" stroke-width="{width}"/>'
        for at, width in sides
    )


def _corners(inset: float = 13.0, radius: float = 6.4) -> Iterator[str]:
    """Yield a small rosette over each corner, which hides where the waves meet."""
    curves = []
    for turn in range(5):
        angles = [math.tau * step / 120 for step in range(121)]
        reaches = [radius * (0.62 + 0.26 * math.sin(8 * angle + turn * math.tau / 5)) for angle in angles]
        curves.append([(r * math.cos(a), r * math.sin(a)) for r, a in zip(reaches, angles, strict=True)])
    drawn = f'<circle r="{radius:g}" fill="{PAPER}" stroke="{GOLD}" stroke-width="0.45"/>{_lines(curves, GOLD, 0.16)}'
    for x, y in ((inset, inset), (WIDTH - inset, inset), (inset, HEIGHT - inset), (WIDTH - inset, HEIGHT - inset)):
        yield f'<g transform="translate({x:g} {y:g})">{drawn}</g>'


def _lines(curves: Iterable[list[Point]], colour: str, width: float) -> str:
    drawn = "".join(f"M{' '.join(f'{x:.2f},{y:.2f}' for x, y in points)}" for points in curves)
    return f'<path fill="none" stroke="{colour}" stroke-width="{width}" d="{drawn}"/>'


def _around(font: TTFont, text: str, *, radius: float, sweep: float) -> Iterator[str]:
    """Yield the outlines of ``text`` on an arc that is open at the bottom, feet towards the middle."""
    step = sweep / (len(text) - 1)
    for place, sign in enumerate(text):
        turned = Transform().rotate(-sweep / 2 + place * step)
        yield _outline(font, sign, turned.translate(0, -radius), size=(3.9, 5.2))


def _along(font: TTFont, text: str, *, step: float, baseline: float, size: tuple[float, float]) -> Iterator[str]:
    start = -step * (len(text) - 1) / 2
    for place, sign in enumerate(text):
        yield _outline(font, sign, Transform().translate(start + place * step, baseline - size[1] / 2), size=size)


def _outline(font: TTFont, sign: str, place: Transform, *, size: tuple[float, float]) -> str:
    """Return one character as an SVG path, its square stretched to ``size`` and centred on ``place``."""
    em = font["head"].unitsPerEm
    glyphs = font.getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    # The square of a character reaches from 0.12 em below the baseline to 0.88 em above it.
    square = place.scale(size[0] / em, -size[1] / em).translate(-em / 2, -0.38 * em)
    glyphs[font.getBestCmap()[ord(sign)]].draw(TransformPen(pen, square))
    return str(pen.getCommands())


def _star(radius: float) -> str:
    """Return a star of five points, one of them up."""
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5
        corners.append(f"{reach * math.sin(angle):.2f},{-reach * math.cos(angle) - 0.4:.2f}")
    return f"M{' '.join(corners)}Z"
