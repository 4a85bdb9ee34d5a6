"""Libraries of the operating system that no wheel brings along."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checkout import CannotGoOnError, say

GETTEXT_PROGRAMS = ("xgettext", "msguniq", "msgmerge", "msgattrib")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something of the system's, with a quick way to see whether it is there and the Debian packages that bring it."""

    what: str
    packages: Sequence[str]
    there: Callable[[], bool]
    without: str = ""
    """What is lost without it, where the demonstration can do without."""


def chromium() -> str | None:
    """The browser for the browser tests: the one named by CHROMIUM, or the system's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def loads_pango() -> bool:
    names = {"darwin": ("libpangoft2-1.0.dylib", "libpangoft2-1.0.0.dylib")}.get(
        sys.platform, ("libpangoft2-1.0.so.0",)
    )
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def has_chinese_font() -> bool:
    """One question to fontconfig; where that is missing, so are the fonts that it would find."""
    try:
        found = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return bool(found.stdout.strip())


def has_rare_characters() -> bool:
    """Whether the font is there that draws the names of people in GB 18030's third level."""
    try:
        found = subprocess.run(["fc-list", "HanaMinB", "family"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return bool(found.stdout.strip())


PANGO = Need("Pango (documents as PDF)", ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), loads_pango)
FONT = Need("a Chinese font (documents as PDF)", ("fonts-noto-cjk", "fontconfig"), has_chinese_font)
RARE = Need(
    "a font for rare characters of names (certificates)",
    ("fonts-hanazono", "fontconfig"),
    has_rare_characters,
    "certificates for people whose names hold such characters cannot be made; all others can.",
)
CHROMIUM = Need("Chromium (browser tests)", ("chromium",), lambda: chromium() is not None)
OPENSSL = Need("openssl (an independent check of time stamps)", ("openssl",), lambda: bool(shutil.which("openssl")))
GETTEXT = Need(
    "gettext (whether all texts are translated)", ("gettext",), lambda: all(map(shutil.which, GETTEXT_PROGRAMS))
)
NEEDS = {
    "demo": (PANGO, FONT, RARE),
    "test": (PANGO, FONT, RARE, CHROMIUM, OPENSSL, GETTEXT),
    "messages": (GETTEXT,),
}


def prepare(group: str) -> None:
    """Install what is missing where we may; otherwise say in one message what to install and how, and what is lost without."""
    missing = [need for need in NEEDS[group] if not need.there()]
    spared = [need for need in missing if need.without and group == "demo"]
    bring([need for need in missing if need not in spared])
    for need in spared:
        try:
            bring([need])
        except CannotGoOnError as refusal:
            say(f"{refusal}\nGoing on without {need.what}: {need.without}")


def bring(missing: Sequence[Need]) -> None:
    """Install ``missing`` in one go; raises CannotGoOnError with the command where we may not or where it does not help."""
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    right = right_to_install()
    if right is None or not shutil.which("apt-get"):
        listed = ", ".join(need.what for need in missing)
        raise CannotGoOnError(f"The system lacks {listed}. Install it and try again:\n    sudo {' '.join(install)}")
    say(f"Installing {', '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*right, "apt-get", "update"], env=quiet, capture_output=True, check=False)
    done = subprocess.run([*right, *install], env=quiet, capture_output=True, text=True, check=False)
    if done.returncode or not all(need.there() for need in missing):
        raise CannotGoOnError(f"`{' '.join(install)}` did not bring what is needed:\n{done.stdout}{done.stderr}")


def right_to_install() -> list[str] | None:
    """The prefix with which we may install packages: none for root, sudo when it asks no password; None if we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "--non-interactive", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "--non-interactive"]
    return None
