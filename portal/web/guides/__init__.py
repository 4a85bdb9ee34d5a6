"""A short guide for each desk: what is done there, in order, on which rule, and how it looks.

The pictures are taken by ``tests/browser/test_whole_life.py`` and lie in ``static/img/guides/``.
"""

from portal.accounts.actors import Actor
from portal.web.guides.guide import Guide
from portal.web.guides.offices import BUREAU, OFFICE, WATCH
from portal.web.guides.outside import APPLICANT, EMPLOYER, PUBLIC
from portal.web.guides.reviewing import AGENCY, EXPERT

GUIDES: dict[str, Guide] = {
    one.slug: one for one in (APPLICANT, EMPLOYER, AGENCY, EXPERT, OFFICE, BUREAU, WATCH, PUBLIC)
}


def guides_for(actor: Actor) -> list[Guide]:
    """Return the guides to the desks at which ``actor`` works."""
    return [one for one in GUIDES.values() if one.who is not None and one.who.test(actor)]
