"""Whether documents can be kept: for the readiness probe."""

from django.core.files.base import ContentFile

from portal.documents import storage
from portal.shared import clock

PROBES = "probes"


def storage_is_writable() -> bool:
    """Return whether a few bytes could be written, read back and removed; takes one round each, never raises."""
    key = storage.new_key(PROBES, clock.now())
    try:
        saved = storage.store().save(key, ContentFile(b"probe"))
        with storage.store().open(saved) as file:
            answered: bool = file.read() == b"probe"
        storage.store().delete(saved)
    except storage.FAULTS:
        return False
    return answered
