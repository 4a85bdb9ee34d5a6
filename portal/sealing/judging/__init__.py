"""Judging one PDF file in a process of its own; nothing here needs Django, as a file may be made to break whoever reads it."""
