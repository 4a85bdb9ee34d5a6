"""Where a message leads: worked out when it is shown, for addresses change and messages stay."""

from django.urls import NoReverseMatch, reverse

from portal.notifications.kinds import letter_of
from portal.notifications.models import Notification


def page_of(message: Notification) -> str:
    """Return the address of the page of what the message is about, or an empty text where it has none."""
    letter = letter_of(message.kind)
    if letter is None or not message.about_code:
        return ""
    name = (message.organisation_id and letter.organisation_page) or letter.page
    try:
        return reverse(name, args=[message.about_code]) if name else ""
    except NoReverseMatch:
        return ""
