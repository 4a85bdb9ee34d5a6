"""The holder's own certificates over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certificates.domain.logging_events import LogEvent
from certificates.interfaces.logged import events_of
from certificates.interfaces.serializers_desk import CertificateFilesSerializer, CertificateSerializer


class LoggedSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text=_("日志中的序号，从0起。"))
    event = serializers.ChoiceField(LogEvent.choices)
    at = serializers.DateTimeField()


class OwnCertificateSerializer(CertificateSerializer, CertificateFilesSerializer):
    check_code = serializers.CharField(help_text=_("查验码，只应告诉本人同意其查验的单位。"))


class OwnCertificateDetailSerializer(OwnCertificateSerializer):
    logged = serializers.SerializerMethodField(help_text=_("证书透明日志中的记录。"))

    @extend_schema_field(LoggedSerializer(many=True))
    def get_logged(self, row: Any) -> Any:
        return LoggedSerializer(events_of(row), many=True).data


class LoggedInclusionSerializer(serializers.Serializer[Any]):
    """Where in the log the record stands, and what proves it; ``nonce`` and ``proof`` in hexadecimal."""

    index = serializers.IntegerField()
    record = serializers.CharField()
    nonce = serializers.CharField()
    proof = serializers.ListField(child=serializers.CharField())


class LogEvidenceSerializer(serializers.Serializer[Any]):
    """What proves one event to anybody (docs/certificate-log.md); ``face`` is there where the record is about it."""

    checkpoint = serializers.CharField()
    inclusion = LoggedInclusionSerializer()
    face = serializers.DictField(child=serializers.CharField(), required=False)
