"""Checks at start: the keys are there, they are not the demonstration's, and nobody else can read them."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from portal.sealing.keys import KeysUnfitError, is_for_demonstrations, keyring

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keys_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a production start that could not seal, or not verify what was sealed before."""
    try:
        ring = keyring()
        families = (ring.pdf, ring.records, ring.tokens, ring.log)
        for family in families:
            if not _signs_elsewhere(family):
                _ = family.private
    except KeysUnfitError as unfit:
        return [Error(str(unfit), hint="manage.py make_sealing_keys; see docs/sealing-keys.md.", id="sealing.E001")]
    return []


def keys_are_for_earnest(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a production start with keys whose certificate says that they prove nothing."""
    try:
        keys = keyring().pdf
    except KeysUnfitError:
        return []  # said by keys_are_whole
    if not is_for_demonstrations(keys.public[keys.in_use]):
        return []
    return [Error("The sealing keys are the demonstration's.", hint="Make your own ring.", id="sealing.E002")]


def private_keys_are_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse private keys that other accounts of the machine can read."""
    place: str = settings.SEALING["keys"]
    open_files = [file for file in sorted(Path(place).glob("*/*.key")) if file.stat().st_mode & OTHERS] if place else []
    return [Error(f"{file} can be read by others.", hint="chmod 600", id="sealing.E003") for file in open_files]


def _signs_elsewhere(family: Any) -> bool:
    """Return whether the private key lies in a token or with a service."""
    ring = keyring()
    return (family is ring.pdf and bool(settings.SEALING["pkcs11"]["module"])) or (
        family is ring.records and bool(settings.SEALING["record_signer"])
    )
