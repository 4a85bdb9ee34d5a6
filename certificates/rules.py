"""Who may do what with certificates."""

from typing import Any

from rules import predicate

from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally, bureau, bureau_lead, is_system


@predicate
def holds_certificate(actor: Actor, certificate: Any) -> bool:
    """Hold for the person to whom the certificate was issued, acting personally."""
    return actor.acts_personally and actor.person is not None and actor.person.pk == certificate.holder_id


may_hold_certificates = acts_personally
keeps_register = bureau
proposes = bureau
decides = bureau_lead
decides_or_system = bureau_lead | is_system
