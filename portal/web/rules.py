"""Who may look after the portal itself."""

from portal.accounts.roles import Role
from portal.accounts.rules import holds

operators = holds(Role.SYSADMIN, Role.AUDITOR, Role.BUREAU_LEAD)
verifiers = holds(Role.AUDITOR, Role.SYSADMIN)
