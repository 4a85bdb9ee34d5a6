"""Application of the outcome: certificates, and the log that nobody can take one out of."""

from portal.shared import rooms


class CertificatesConfig(rooms.Room):
    """Connects the certificates with the rooms below."""

    name = "certificates"
