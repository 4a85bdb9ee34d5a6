"""How fast certificates are drawn on one core, beside drawing each as if it were the only one; and what both hold in memory.

``python -m tests.bench.papers plain 40`` draws alone and tells how much memory it took at most.
"""

import itertools
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django

if __name__ == "__main__":
    django.setup()

from certificates.domain import drawing
from tests.bench.rates import Row, stopwatch
from tests.factories import faces

PAPERS = 40
PLAIN_PAPERS = 8
numbers = itertools.count(1)


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    yield _rows()


def _rows() -> Iterator[Row]:
    ours, plain = (peak_of(way) for way in WAYS)
    yield Row(
        f"certificates drawn (peak {ours} MiB)",
        "papers/s",
        f"style, fonts and artwork anew for each ({plain} MiB)",
        lambda: per_second(draw, PAPERS),
        lambda: per_second(draw_plainly, PLAIN_PAPERS),
        3.0,
    )


def draw() -> None:
    """Draw a certificate that no other is like: number, name, address."""
    number = next(numbers)
    face = faces.face(number=f"BJ2026ZC{number:08}", holder_name="秦" + chr(0x4E00 + number % 20_000))
    drawing.draw(face, address=f"{faces.ADDRESS}{number}", sealed_record=faces.SEALED)


def draw_plainly() -> None:
    drawing.set_up_press.cache_clear()
    draw()


def per_second(one: Callable[[], None], times: int) -> float:
    with stopwatch() as watch:
        for _ in range(times):
            one()
    return times / watch.seconds


WAYS = {"ours": draw, "plain": draw_plainly}


def peak_of(way: str) -> int:
    """Return the most memory that a process held while it drew, in MiB."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.papers", way, str(PAPERS)], check=True, stdout=subprocess.PIPE, text=True
    )
    return int(told.stdout.split()[-1])


if __name__ == "__main__":
    per_second(WAYS[sys.argv[1]], int(sys.argv[2]))
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}\n")
