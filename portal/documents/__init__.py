"""Files that people hand in and documents that the portal writes: taken in, examined, scanned, kept, shown to who may."""
