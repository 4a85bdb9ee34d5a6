"""Orders, the register and changes over the API: answers, and the bodies of the steps."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certificates.domain.ordering import MOST
from certificates.enums import CertificateState, ChangeKind, ChangeState, OrderState, PushState
from certificates.interfaces.forms import LONGEST_REASON
from portal.accounts.identifiers import Sex
from portal.catalogue.enums import LevelKey
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer

LONGEST_CODE, LONGEST_WORDS = 20, 50


# --- Orders -----------------------------------------------------------------------------------
class CertificateReasonSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    basis = serializers.CharField()


class WaitingCaseSerializer(serializers.Serializer[Any]):
    """A person with a cleared result; a certificate can be issued where there are no reasons."""

    code = serializers.CharField(source="case.code")
    batch = serializers.CharField(source="case.acceptance.code")
    application = serializers.CharField(source="case.application.code")
    name = serializers.CharField(source="case.application.applicant.full_name")
    title = serializers.CharField(source="case.title")
    series = serializers.CharField(source="case.series")
    specialty = serializers.CharField(source="case.specialty")
    passed_on = serializers.DateField(source="case.passed_on")
    reasons = CertificateReasonSerializer(many=True)


class ProgressSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    passed_over = serializers.IntegerField(help_text=_("签发时不符合条件、没有编号的人数。"))
    made = serializers.IntegerField(help_text=_("已制作完成的份数。"))
    making = serializers.IntegerField()
    stuck = serializers.IntegerField(help_text=_("制作受阻、需要处理的份数。"))
    voided = serializers.IntegerField()


class IssueOrderSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    state = serializers.ChoiceField(OrderState.choices)
    state_label = serializers.CharField(source="get_state_display")
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    ordered_by = serializers.CharField(source="ordered_by.full_name", default=None, allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    progress = serializers.SerializerMethodField()

    @extend_schema_field(ProgressSerializer())
    def get_progress(self, row: Any) -> Any:
        return ProgressSerializer(self.context["progress"][row.pk]).data


class IssueOrderDetailSerializer(IssueOrderSerializer):
    steps = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Any) -> Any:
        return self.context["steps"]


class IssueLineSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField(source="line.place")
    case = serializers.CharField(source="line.case.code")
    name = serializers.CharField(source="line.case.application.applicant.full_name")
    title = serializers.CharField(source="line.case.title")
    refusal = CertificateReasonSerializer(many=True, source="line.refusal")
    certificate = serializers.CharField(source="certificate.code", default=None, allow_null=True)
    number = serializers.CharField(source="certificate.number", default=None, allow_null=True)
    state = serializers.ChoiceField(CertificateState.choices, source="certificate.state", default=None, allow_null=True)


# --- The register -----------------------------------------------------------------------------
class CertificateSerializer(serializers.Serializer[Any]):
    """What a certificate says, and how it stands."""

    code = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(CertificateState.choices)
    state_label = serializers.CharField(source="get_state_display")
    holder_name = serializers.CharField()
    sex = serializers.ChoiceField(Sex.choices)
    birth_date = serializers.DateField()
    document_type = serializers.CharField()
    masked_document = serializers.CharField()
    series = serializers.CharField()
    specialty = serializers.CharField()
    title = serializers.CharField()
    level = serializers.ChoiceField(LevelKey.choices)
    mode = serializers.CharField()
    committee = serializers.CharField()
    passed_on = serializers.DateField()
    issued_on = serializers.DateField()
    district_limited = serializers.CharField(help_text=_("限定使用的区，不限定的为空。"))
    is_restricted = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True, help_text=_("撤销日期。"))
    reason = serializers.CharField()
    corrects = serializers.CharField(source="corrects.number", default=None, allow_null=True)


class CertificateFilesSerializer(serializers.Serializer[Any]):
    """Codes of the sealed files, to be downloaded at ``/files/<code>/``; null while they are being written."""

    file = serializers.CharField(source="file.code", default=None, allow_null=True)
    notice_file = serializers.CharField(source="notice_file.code", default=None, allow_null=True)


class NationalPushSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    standing = serializers.CharField()
    state = serializers.ChoiceField(PushState.choices)
    is_stuck = serializers.BooleanField()
    last_error = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)
    receipt = serializers.CharField()


class RegisteredSerializer(CertificateSerializer, CertificateFilesSerializer):
    order = serializers.CharField(source="order.code", default=None, allow_null=True)
    trouble = serializers.CharField()
    pushes = NationalPushSerializer(many=True)
    possible_changes = serializers.SerializerMethodField(help_text=_("现在可以提出的变更。"))

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ChangeKind.choices)))
    def get_possible_changes(self, row: Any) -> Any:
        return [kind.value for kind in self.context["possible"]]


class CertificateFilterSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField(required=False, min_value=2021, max_value=2200)
    series = serializers.CharField(required=False, max_length=4, help_text=_("系列代码，两位数字。"))
    state = serializers.ChoiceField(CertificateState.choices, required=False)
    committee = serializers.CharField(required=False, max_length=80)


class CertificateSearchSerializer(Body):
    """Whom is looked for, with what else narrows the register."""

    words = Text(max_length=LONGEST_WORDS, help_text=_("姓名、证书编号或者完整的证件号码。"))
    year = serializers.IntegerField(required=False, min_value=2021, max_value=2200)
    series = Text(required=False, max_length=4, help_text=_("系列代码，两位数字。"))
    state = serializers.ChoiceField(CertificateState.choices, required=False)
    committee = Text(required=False, max_length=80)


# --- Changes ----------------------------------------------------------------------------------
class CorrectionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class CertificateChangeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    certificate = serializers.CharField(source="certificate.code")
    number = serializers.CharField(source="certificate.number")
    kind = serializers.ChoiceField(ChangeKind.choices)
    state = serializers.ChoiceField(ChangeState.choices)
    state_label = serializers.CharField(source="get_state_display")
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.full_name", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()


class CertificateChangeDetailSerializer(CertificateChangeSerializer):
    record = serializers.CharField(source="record.code", default=None, allow_null=True)
    proof = serializers.CharField(source="proof.code", default=None, allow_null=True)
    corrections = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, row: Any) -> Any:
        return CorrectionSerializer(self.context["corrections"], many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Any) -> Any:
        return self.context["steps"]


# --- Bodies -----------------------------------------------------------------------------------
class OrderBody(Body):
    cases = serializers.ListField(
        child=Text(max_length=LONGEST_CODE), max_length=MOST, required=False, default=list, help_text=_("人员编号。")
    )
    batches = serializers.ListField(
        child=Text(max_length=LONGEST_CODE),
        max_length=MOST,
        required=False,
        default=list,
        help_text=_("验收批次编号，其中符合发证条件的人员全部列入。"),
    )


class CorrectionsBody(Body):
    """What is true instead; a field that is left out stays as it is."""

    holder_name = Text(max_length=50, required=False)
    sex = serializers.ChoiceField(Sex.choices, required=False)
    birth_date = serializers.DateField(required=False)
    specialty = Text(max_length=60, required=False)
    committee = Text(max_length=80, required=False)
    passed_on = serializers.DateField(required=False)


class ChangeBody(Body):
    kind = serializers.ChoiceField(ChangeKind.choices)
    reason = Text(max_length=LONGEST_REASON)
    corrections = CorrectionsBody(required=False, default=dict)
    proof = Text(
        max_length=LONGEST_CODE, required=False, default="", allow_blank=True, help_text=_("已上传的证明材料编号。")
    )
    decision = Text(
        max_length=LONGEST_CODE,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("已生效的撤销职称决定的诚信档案记录编号。"),
    )


class DeclineBody(Body):
    reason = Text(max_length=LONGEST_REASON)
