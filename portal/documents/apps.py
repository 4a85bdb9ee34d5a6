"""Application of the documents room."""

from portal.shared import rooms


class DocumentsConfig(rooms.Room):
    name = "portal.documents"
