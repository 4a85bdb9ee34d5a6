"""Tables of the integrity archive."""

from portal.integrity.models.entry import PlatformEntry
from portal.integrity.models.record import IntegrityRecord

__all__ = ["IntegrityRecord", "PlatformEntry"]
