"""The integrity archive: records of misconduct, the bars that follow from them, and their way to the credit platforms.

A record is opened on a clue, investigated, put to its subject, decided by others than those who investigated, served,
and shown for the policy's years. Bars hold from the decision on. What a record means for a live application or a
certificate is registered by the rooms above.
"""
