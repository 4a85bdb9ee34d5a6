"""Tables of people and organisations."""

from portal.accounts.models.organisation import Membership, Organisation
from portal.accounts.models.person import Person

__all__ = ["Membership", "Organisation", "Person"]
