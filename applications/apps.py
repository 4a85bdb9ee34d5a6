"""Application of the applicant's and the employer's half of the procedure."""

from portal.shared import rooms


class ApplicationsConfig(rooms.Room):
    """Connects applications and recommendations with the rooms below."""

    name = "applications"
