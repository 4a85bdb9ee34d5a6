"""Wiring of the portal per environment. No business numbers: those are policy versions (portal.catalogue)."""
