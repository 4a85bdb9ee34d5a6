"""Makes static/fonts: the faces that draw certificates, cut to the characters in common use; run only when one of them changes.

    python static/build/fonts.py        (needs npm, fonttools and brotli)

From the npm package named below come Regular and Bold of Noto Serif SC. They are cut to the 8,105 characters of the
《通用规范汉字表》 (common-characters.txt, the values of kTGH in the Unihan database of Unicode 15.0) with Latin letters and
punctuation, and given a family name of their own, so that nobody takes the cut face for the whole one. The tables stay
untransformed inside the WOFF2: a sixth more bytes, but read in 0.07 s instead of 4. Rarer characters are drawn by fonts
of the operating system (portal/launch/system.py).
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, woff2

PACKAGE = "@expo-google-fonts/noto-serif-sc@0.4.3"
FACES = {
    "400Regular/NotoSerifSC_400Regular.ttf": (
        "Regular",
        "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
    ),
    "700Bold/NotoSerifSC_700Bold.ttf": (
        "Bold",
        "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
    ),
}
FAMILY = "Certificate Serif"
FEATURES = ["kern", "locl", "ccmp", "mark", "mkmk"]
BESIDE_HANZI = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),  # Latin letters with marks
    range(0x2010, 0x2040),
    range(0x2460, 0x2474),
    range(0x3000, 0x3020),
    range(0xFF01, 0xFF5F),
    (0x2103, 0x2116, 0x25CB, 0x30FB),
)
# Names by which programs know a face: family, style, unique, full, PostScript, and the families of the whole one.
FAMILY_ID, STYLE_ID, UNIQUE_ID, FULL_ID, POSTSCRIPT_ID, OTHER_FAMILIES = 1, 2, 3, 4, 6, (16, 17, 21, 22, 25)
HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "fonts"


def main() -> None:
    wanted = {ord(sign) for sign in (HERE / "common-characters.txt").read_text(encoding="utf-8") if sign != "\n"}
    wanted.update(code for codes in BESIDE_HANZI for code in codes)
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = fetched(Path(place))
        for name, (style, digest) in FACES.items():
            source = folder / name
            if hashlib.sha256(source.read_bytes()).hexdigest() != digest:
                sys.exit(f"{name} is not the file that was looked at when its digest was written down.")
            made = TARGET / f"certificate-{style.lower()}.woff2"
            cut(source, wanted, style).save(made)
            sys.stdout.write(f"{made.name}: {made.stat().st_size} bytes\n")


def fetched(place: Path) -> Path:
    """Fetch the package with npm and return the folder that it was unpacked to."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=place, check=True)  # noqa: S603, S607 - our own words
    (archive,) = place.glob("*.tgz")
    subprocess.run(["tar", "xzf", archive.name], cwd=place, check=True)  # noqa: S603, S607
    return place / "package"


def cut(source: Path, wanted: set[int], style: str) -> TTFont:
    options = subset.Options(
        hinting=False, notdef_outline=True, glyph_names=False, layout_features=FEATURES, recalc_timestamp=False
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    rename(font, style)
    font.flavor = "woff2"
    font.flavorData = woff2.WOFF2FlavorData(transformedTables=set())
    return font


def rename(font: TTFont, style: str) -> None:
    """Give the cut face names of its own; copyright, trademark and licence stay as they are."""
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names = {
        FAMILY_ID: FAMILY,
        STYLE_ID: style,
        UNIQUE_ID: f"{postscript} from Noto Serif SC 2.003",
        FULL_ID: f"{FAMILY} {style}",
        POSTSCRIPT_ID: postscript,
    }
    table = font["name"]
    for record in list(table.names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID in OTHER_FAMILIES:
            table.removeNames(record.nameID)


if __name__ == "__main__":
    main()
