"""What must be true of the whole database at any moment (domain §13), each looked for anew from the rows themselves.

``inspecting`` runs every check in one read-only transaction and names what it finds by public codes; one module per
kind of subject holds the checks. A check yields breaches as the database streams them and keeps nothing.
"""
