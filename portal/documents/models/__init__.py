"""Tables of kept files and of uploads under way."""

from portal.documents.models.file import StoredFile
from portal.documents.models.upload import Upload, UploadPart

__all__ = ["StoredFile", "Upload", "UploadPart"]
