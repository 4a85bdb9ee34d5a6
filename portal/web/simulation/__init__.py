"""A city's year: so many invented applicants, each led through the real steps from the draft to the certificate.

``season`` says who does what on which day, ``stories`` what becomes of whom; one module per stage does it, named for its
verb; ``running`` moves the clock day by day and rings the deadlines. Nothing here writes a row behind a step's back.
For demonstrations and tests only; the people do not exist.
"""
