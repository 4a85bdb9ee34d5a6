"""Tables of kept files and of uploads under way."""

from portal.documents.models.file import StoredFile
from portal.documents.models.ordered_sheet import OrderedSheet
from portal.documents.models.upload import Upload, UploadPart

__all__ = ["OrderedSheet", "StoredFile", "Upload", "UploadPart"]
