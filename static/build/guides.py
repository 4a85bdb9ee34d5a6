"""Makes the pictures of the guides from those that the browser test of a whole life kept.

python static/build/guides.py <folder with the kept pictures>

``pytest tests/browser/test_whole_life.py`` keeps them; each guide shows the beginning of what a page says, all in one size.
"""

import re
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "portal" / "web" / "guides.py"
TARGET = ROOT / "static" / "img" / "guides"
SIZE = (1280, 960)
# The frame of each page is the same: what is shown begins below it.
FRAME = 300


def main(kept: Path) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = sorted(set(re.findall(r'^ +"([a-z]+-[a-z-]+)",$', GUIDES.read_text(encoding="utf-8"), re.MULTILINE)))
    for old in TARGET.glob("*.webp"):
        old.unlink()
    for name in wanted:
        with Image.open(kept / f"{name}.png") as page:
            sheet = Image.new("RGB", SIZE, "white")
            sheet.paste(page.convert("RGB").crop((0, FRAME, SIZE[0], min(page.height, FRAME + SIZE[1]))))
            sheet.save(TARGET / f"{name}.webp", quality=72, method=6)
    print(f"{len(wanted)} pictures, {sum(one.stat().st_size for one in TARGET.iterdir()) // 1024} kB")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
