"""Checks at start: files lie where no web server hands them out, a scanner judges them, fonts can write Chinese."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning  # noqa: A004 - Django's own name

from portal.documents import storage


def storage_is_private(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a folder for documents inside one that web servers hand out."""
    dirs: list[Any] = list(settings.STATICFILES_DIRS)
    places: list[Any] = [
        settings.STATIC_ROOT,
        settings.MEDIA_ROOT,
        *(each[1] if isinstance(each, tuple) else each for each in dirs),
    ]
    public = [Path(place).resolve() for place in places if place]
    if storage.is_private(storage.store(), public):
        return []
    return [
        Error(
            "Documents must not lie in a folder that web servers hand out.",
            hint="Set DOCUMENTS_ROOT.",
            id="portal.E040",
        )
    ]


def storage_is_chosen(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start that would keep documents in the checkout by default."""
    if settings.DOCUMENTS_PLACE_IS_CHOSEN:
        return []
    return [Error("Set DOCUMENTS_BUCKET, or DOCUMENTS_ROOT for a disk that all replicas share.", id="portal.E041")]


def scanner_is_configured(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start in which nobody looks for viruses."""
    if settings.CLAMD_URL and not settings.DOCUMENTS_WITHOUT_SCANNER:
        return []
    return [Error("Set CLAMD_URL: files from outside must be searched for viruses.", id="portal.E042")]


def fonts_draw_chinese(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Warn where no font of the system can write Chinese into documents."""
    return _missing_font(":lang=zh-cn", "No font can write Chinese into documents.", "fonts-noto-cjk", "portal.W043")


def fonts_draw_rare_names(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Warn where the font for the rare characters of names is missing: certificates for such people could not be made."""
    return _missing_font("HanaMinB", "Rare characters of names cannot be drawn.", "fonts-hanazono", "portal.W044")


def _missing_font(wanted: str, what: str, package: str, code: str) -> list[Warning]:
    lister = shutil.which("fc-list")
    if lister is None:
        return [
            Warning("fontconfig's fc-list was not found; it cannot be told whether documents can be written.", id=code)
        ]
    found = subprocess.run([lister, wanted, "family"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - our own words
    if found.stdout.strip():
        return []
    return [Warning(what, hint=f"Install {package}.", id=code)]
