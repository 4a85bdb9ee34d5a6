"""Tables of people, their documents, and organisations."""

from portal.accounts.models.document import IdentityDocument, VerificationSource
from portal.accounts.models.organisation import Membership, Organisation
from portal.accounts.models.person import Person

__all__ = ["IdentityDocument", "Membership", "Organisation", "Person", "VerificationSource"]
