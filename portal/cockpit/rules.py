"""Who may look at the figures of the whole city."""

from portal.accounts.roles import BUREAU_DECIDERS, Role
from portal.accounts.rules import holds

watches = holds(*BUREAU_DECIDERS, Role.AUDITOR)
