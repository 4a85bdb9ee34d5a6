"""Who looks after deliveries that failed."""

from portal.accounts.roles import Role
from portal.accounts.rules import bureau, holds

looks_after_deliveries = bureau | holds(Role.SYSADMIN)
