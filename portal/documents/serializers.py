"""Files as the API shows them to their owner."""

from rest_framework import serializers

from portal.documents.models import StoredFile


class StoredFileSerializer(serializers.ModelSerializer[StoredFile]):
    """What was received, as the receipt says; ``is_viewable`` once the search for viruses ended well."""

    state_label = serializers.CharField(source="get_state_display")
    is_viewable = serializers.BooleanField()

    class Meta:
        model = StoredFile
        fields = (
            "code",
            "original_name",
            "kind",
            "size",
            "received_sha256",
            "received_at",
            "state",
            "state_label",
            "is_viewable",
        )
