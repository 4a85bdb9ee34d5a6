"""Messages as the API shows them."""

from typing import Any

from rest_framework import serializers

from portal.accounts.models import Organisation
from portal.notifications import links
from portal.notifications.models import Notification


class MarkedSerializer(serializers.Serializer[Any]):
    """How many messages were marked as read."""

    marked = serializers.IntegerField()


class MessageSerializer(serializers.ModelSerializer[Notification]):
    """One message; the words of registered mail appear with its receipt."""

    organisation: "serializers.SlugRelatedField[Organisation]" = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    body = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = (
            "code",
            "occasion",
            "subject",
            "body",
            "about_code",
            "address",
            "organisation",
            "registered",
            "posted_at",
            "read_at",
            "lapsed_at",
        )
        read_only_fields = fields

    def get_body(self, message: Notification) -> str | None:
        """Return the words, or null for registered mail that was not received yet."""
        return None if message.is_sealed else message.body

    def get_address(self, message: Notification) -> str | None:
        """Return the page of what the message is about, or null where it has none."""
        return links.page_of(message) or None
