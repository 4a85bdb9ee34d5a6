"""Tables of the archive, applications, what was submitted, and the employer's part."""

from applications.models.application import Application
from applications.models.archive import ArchiveItem, Evidence
from applications.models.batch import Batch, BatchItem
from applications.models.lookup import Lookup
from applications.models.recommendation import Check, Recommendation
from applications.models.sealed_scan import SealedScan
from applications.models.sheet import RepresentativeWork, Sheet
from applications.models.snapshot import Snapshot, SnapshotFile

__all__ = [
    "Application",
    "ArchiveItem",
    "Batch",
    "BatchItem",
    "Check",
    "Evidence",
    "Lookup",
    "Recommendation",
    "RepresentativeWork",
    "SealedScan",
    "Sheet",
    "Snapshot",
    "SnapshotFile",
]
