"""Checks of certificates as machines ask and read them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certificates.domain.checking import Answer
from certificates.domain.file_checks import FileAnswer
from certificates.enums import CertificateState
from certificates.interfaces import answers, file_answers
from certificates.interfaces.check_sheets import MOST_ROWS
from certificates.interfaces.checking_forms import LONGEST_CODE, LONGEST_NAME, LONGEST_NUMBER
from certificates.models import CertificateCheck, OneTimeCode
from portal.http.bodies import Body, Text, YesNo


class CertificateCheckSerializer(Body):
    """What is printed on the certificate that is asked about."""

    number = Text(max_length=LONGEST_NUMBER, help_text=gettext_lazy("证书编号。"))
    name = Text(max_length=LONGEST_NAME, help_text=gettext_lazy("持有人姓名；空格和间隔号的写法不影响查验。"))
    code = Text(
        max_length=LONGEST_CODE,
        required=False,
        default="",
        allow_blank=True,
        help_text=gettext_lazy("证书上的查验码，填写后给出证书全部内容；用人单位登录后可以填写一次性查验码。"),
    )
    is_scan = YesNo(
        required=False, default=False, help_text=gettext_lazy("是否由扫描二维码得到，写入持有人的查验记录。")
    )


class CertificateFaceSerializer(serializers.Serializer[Any]):
    """Everything that the certificate says."""

    number = serializers.CharField()
    holder_name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = serializers.DateField()
    document_type = serializers.CharField()
    masked_document = serializers.CharField()
    series = serializers.CharField()
    specialty = serializers.CharField()
    title = serializers.CharField()
    level = serializers.CharField()
    mode = serializers.CharField()
    committee = serializers.CharField()
    passed_on = serializers.DateField()
    issued_on = serializers.DateField()
    district_limited = serializers.CharField(allow_blank=True)
    corrects = serializers.CharField(allow_blank=True, help_text=gettext_lazy("更正换发时，原证书的编号。"))


class CertificateAnswerSerializer(serializers.Serializer[Any]):
    """What a check found; without ``found`` everything else is empty."""

    found = serializers.BooleanField(help_text=gettext_lazy("是否查到编号和姓名一致的证书。"))
    verdict = serializers.CharField(help_text=gettext_lazy("一句话结论，给人看。"))
    tone = serializers.CharField(help_text=gettext_lazy("结论的性质：good、held、ended、bad。"))
    number = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=CertificateState.choices, allow_null=True)
    name = serializers.CharField(allow_blank=True, help_text=gettext_lazy("没有正确的查验码时只显示姓。"))
    title = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    ended_on = serializers.DateField(allow_null=True, help_text=gettext_lazy("撤销日期。"))
    district_limited = serializers.CharField(allow_blank=True, help_text=gettext_lazy("只在这个区有效；其他为空。"))
    is_code_wrong = serializers.BooleanField()
    replaced_by = serializers.CharField(allow_blank=True, help_text=gettext_lazy("替代它的证书的编号，凭查验码给出。"))
    face = CertificateFaceSerializer(allow_null=True, help_text=gettext_lazy("证书全部内容，凭查验码给出。"))


def answered(answer: Answer | None) -> Mapping[str, Any]:
    """Return an answer, or that nothing was found, as the API gives it."""
    if answer is None:
        nothing = dict.fromkeys(("number", "name", "title", "level", "district_limited", "replaced_by"), "")
        told = {"found": False, "verdict": _("没有查到编号和姓名一致的证书"), "tone": "bad", "state": None}
        return CertificateAnswerSerializer(
            {**nothing, **told, "ended_on": None, "is_code_wrong": False, "face": None}
        ).data
    words = {"found": True, "verdict": answers.verdict_of(answer), "tone": answers.tone_of(answer)}
    return CertificateAnswerSerializer({**vars(answer), **words}).data


class CertificateFileSerializer(serializers.Serializer[Any]):
    """What a file turned out to be, and how the certificate stands that its sealed record names."""

    verdict = serializers.CharField(
        source="judgement.verdict",
        help_text=gettext_lazy(
            "genuine、changed、altered、foreign、unsealed、protected、broken、too_large 或者 too_complex。"
        ),
    )
    conclusion = serializers.SerializerMethodField(help_text=gettext_lazy("一句话结论，给人看。"))
    advice = serializers.SerializerMethodField()
    tone = serializers.SerializerMethodField(help_text=gettext_lazy("结论的性质：good、held、bad。"))
    is_intact = serializers.BooleanField(
        source="judgement.is_intact", help_text=gettext_lazy("由本局签章，并且签章后没有改动。")
    )
    signed_at = serializers.DateTimeField(source="judgement.signed_at", allow_null=True)
    stamped_at = serializers.DateTimeField(
        source="judgement.stamped_at", allow_null=True, help_text=gettext_lazy("可信时间戳证明的时间，没有的为空。")
    )
    names_one = serializers.BooleanField(help_text=gettext_lazy("文件中签章的数据是否指明一份证书。"))
    answer = serializers.SerializerMethodField(
        help_text=gettext_lazy("签发的内容和现在的状态；没有指明证书的为空，限制查验的查不到。")
    )

    def get_conclusion(self, found: FileAnswer) -> str:
        return str(file_answers.kind_of(found).verdict)

    def get_advice(self, found: FileAnswer) -> str:
        return str(file_answers.kind_of(found).advice)

    def get_tone(self, found: FileAnswer) -> str:
        return file_answers.kind_of(found).tone

    @extend_schema_field(CertificateAnswerSerializer(allow_null=True))
    def get_answer(self, found: FileAnswer) -> Any:
        return answered(found.answer) if found.names_one else None


class CertificateKeysSerializer(serializers.Serializer[Any]):
    """Public keys by their ids."""

    tokens = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("二维码的Ed25519公钥：编号对32字节的Base64。")
    )
    records = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("证书附件的SM2公钥：编号对PEM。")
    )
    pdf = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("证书文件签名的数字证书链：编号对PEM。")
    )


class CertificateCheckedSerializer(serializers.ModelSerializer[CertificateCheck]):
    """One check of a certificate as its holder sees it."""

    organisation = serializers.SerializerMethodField(help_text=gettext_lazy("登录查验的单位名称；社会公众为空。"))

    class Meta:
        model = CertificateCheck
        fields: ClassVar = ["at", "way", "organisation", "result", "shows_face"]

    def get_organisation(self, check: CertificateCheck) -> str:
        return check.organisation.name if check.organisation else ""


class CertificateQuestionSerializer(Body):
    """One of many certificates that are asked about; what is missing is told in its answer."""

    number = Text(allow_blank=True, max_length=LONGEST_NUMBER)
    name = Text(allow_blank=True, max_length=LONGEST_NAME)
    code = Text(allow_blank=True, max_length=LONGEST_CODE, required=False, default="")


class CertificateBatchSerializer(Body):
    """Up to 1,000 certificates."""

    certificates = serializers.ListField(child=CertificateQuestionSerializer(), allow_empty=False, max_length=MOST_ROWS)


class CertificateLineSerializer(serializers.Serializer[Any]):
    """The answer to one of many, in the order asked."""

    row = serializers.IntegerField(help_text=gettext_lazy("序号，从1开始。"))
    number = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(
        choices=CertificateState.choices, allow_blank=True, help_text=gettext_lazy("没有查到或者没有查验的为空。")
    )
    result = serializers.CharField(help_text=gettext_lazy("一句话结论，给人看。"))
    tone = serializers.CharField(help_text=gettext_lazy("结论的性质：good、held、ended、bad。"))
    title = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True, help_text=gettext_lazy("没有查验的原因、新证书编号等。"))


class OneTimeCodeSerializer(serializers.ModelSerializer[OneTimeCode]):
    """One code that the holder made; the code itself is not kept."""

    used_by = serializers.SerializerMethodField(help_text=gettext_lazy("使用的单位，没有使用的为空。"))

    class Meta:
        model = OneTimeCode
        fields: ClassVar = ["made_at", "ends_at", "used_at", "used_by"]

    def get_used_by(self, code: OneTimeCode) -> str:
        return code.used_by.name if code.used_by else ""


class MadeCodeSerializer(serializers.Serializer[Any]):
    """A code just made; sent again under the same key the answer is without it."""

    code = serializers.CharField(allow_blank=True, help_text=gettext_lazy("十位数字，只给出一次；重复发送时为空。"))
    is_shown = serializers.BooleanField(help_text=gettext_lazy("本次答复是否含有查验码。"))
    ends_at = serializers.DateTimeField()
