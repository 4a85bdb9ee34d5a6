"""The certificate log as the API shows it: hashes, sizes and proofs; never a record."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certificates.models import LogCheckpoint
from certificates.models.transparency import HASH_BYTES

MOST_LEAVES = 1000
LARGEST = 2**62
HEXADECIMAL = rf"^[0-9a-f]{{{2 * HASH_BYTES}}}\Z"


class SizesQuery(serializers.Serializer[Any]):
    """Between which two sizes of the log."""

    first = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text=_("较早的记录数。"))
    second = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text=_("较晚的记录数。"))


class PlaceQuery(serializers.Serializer[Any]):
    """Which leaf, by its hash or its place, and in the log of which size; the newest that was signed without one."""

    leaf = serializers.RegexField(
        HEXADECIMAL, required=False, help_text=_("记录的散列值，64位十六进制小写；与 index 二选一。")
    )
    index = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, help_text=_("记录的序号，从0开始。")
    )
    size = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, help_text=_("按多少条记录的日志证明；不填按最新检查点。")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("leaf" in attrs) == ("index" in attrs):
            raise serializers.ValidationError(_("leaf 和 index 填且只填一项。"))
        return attrs


class RangeQuery(serializers.Serializer[Any]):
    """From which leaf on, and how many."""

    start = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0, help_text=_("从哪个序号开始。"))
    count = serializers.IntegerField(min_value=1, max_value=MOST_LEAVES, default=MOST_LEAVES)


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$"})
class HashField(serializers.CharField):
    """A SHA-256 in hexadecimal."""

    def to_representation(self, value: Any) -> str:
        return bytes(value).hex()


class ConsistencySerializer(serializers.Serializer[Any]):
    """That the log of ``second`` entries begins with the ``first`` ones (RFC 9162, 2.1.4)."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    proof: Any = serializers.ListField(child=HashField())


class InclusionSerializer(serializers.Serializer[Any]):
    """That the leaf is at its place in the log of ``size`` entries (RFC 9162, 2.1.3)."""

    index = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf = HashField()
    proof: Any = serializers.ListField(child=HashField())


class LeavesSerializer(serializers.Serializer[Any]):
    """Hashes of leaves in their order, for mirrors; empty beyond the newest checkpoint."""

    start = serializers.IntegerField()
    size = serializers.IntegerField(help_text=_("最新检查点的记录数。"))
    leaves: Any = serializers.ListField(child=HashField())


class ClosingSerializer(serializers.ModelSerializer[LogCheckpoint]):
    """The last checkpoint of a day; ``stamped_at`` is when an authority outside says that it existed."""

    day = serializers.DateField()
    root: Any = HashField()
    stamped_at = serializers.DateTimeField(source="stamp.stamped_at", allow_null=True, default=None)

    class Meta:
        model = LogCheckpoint
        fields = ("day", "size", "root", "signed_at", "stamped_at")
