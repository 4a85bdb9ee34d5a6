"""The entrance: log-in, second factor, registration, choosing for whom one acts, members of organisations.

The people themselves live in ``portal.accounts``, on which ledger and workflow stand; what changes them stands here,
above both.
"""
