"""What a record of misconduct holds, step by step."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.documents.models import StoredFile
from portal.integrity.enums import FOR_SUBJECT, TONES, Act, Measure, RecordState, Source, SubjectRole
from portal.integrity.papers import Ruling, Sentence
from portal.shared.models import Coded, Dated
from portal.shared.phrases import joined


def _measures() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=30, choices=Measure), default=list)


class RecordColumns(Coded, Dated):
    """The columns of a record, in the order of its life.

    ``record_until`` and the ends of the bars are exclusive bounds: 24:00 of the corresponding day (A-13, A-55).
    ``told_at`` is when the decision, or its last correction, was sent; ``served_at`` when it reached the subject.
    """

    CODE_PREFIX: ClassVar[str] = "CX"

    state: Any
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("当事人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("当事单位")
    )
    role = models.CharField(_("身份"), max_length=20, choices=SubjectRole)
    source = models.CharField(_("线索来源"), max_length=20, choices=Source)
    facts = models.TextField(_("线索和事实"))
    case_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    case_id = models.BigIntegerField(null=True)
    case = GenericForeignKey("case_type", "case_id")
    opened_at = models.DateTimeField(_("立案时间"))
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("提请单位")
    )

    investigator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    findings = models.TextField(_("核查情况"), blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    closing_reason = models.TextField(_("不予处理的理由"), blank=True)

    noticed_at = models.DateTimeField(_("告知时间"), null=True)
    act = models.CharField(_("失信行为"), max_length=30, choices=Act, blank=True)
    grounds = models.TextField(_("告知的事实、理由和依据"), blank=True)
    intended = _measures()
    intends_serious = models.BooleanField(_("拟认定情节严重"), default=False)
    statement = models.TextField(_("陈述申辩"), blank=True)
    statement_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    stated_at = models.DateTimeField(_("陈述申辩时间"), null=True)

    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decision = models.TextField(_("决定"), blank=True)
    considered = models.TextField(_("对陈述申辩的采纳情况"), blank=True)
    deliberation = models.TextField(_("集体讨论"), blank=True)
    measures = _measures()
    is_serious = models.BooleanField(_("情节严重"), default=False)
    remedies = models.TextField(_("救济途径"), blank=True)
    policy_code = models.CharField(max_length=30, blank=True)
    record_until = models.DateTimeField(_("记录保存至"), null=True)
    apply_bar_until = models.DateTimeField(_("不得申报至"), null=True)
    promotion_bar_until = models.DateTimeField(_("不得晋升岗位至"), null=True)

    amended_at = models.DateTimeField(_("更正时间"), null=True)
    amendment = models.TextField(_("更正说明"), blank=True)
    told_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(_("送达时间"), null=True)
    service = models.TextField(_("送达方式"), blank=True)
    in_force_at = models.DateTimeField(_("生效时间"), null=True)
    ended_at = models.DateTimeField(_("期满或者撤销时间"), null=True)
    quashing_reason = models.TextField(_("撤销的理由"), blank=True)

    class Meta:
        abstract = True

    @property
    def subject(self) -> Person | Organisation:
        """Whom the record is about."""
        found = self.person or self.organisation
        if found is None:
            raise ValueError(f"The record {self.code} is about nobody.")
        return found

    @property
    def tone(self) -> str:
        """The meaning of the state, for its colour."""
        return TONES.get(RecordState(self.state), "ended")

    @property
    def state_for_subject(self) -> str:
        """Where the record stands, in the words for its subject."""
        return str(FOR_SUBJECT.get(RecordState(self.state), RecordState(self.state).label))

    @property
    def measures_in_words(self) -> str:
        """What was decided or, before that, is meant, as one enumeration."""
        return joined(Measure(measure).label for measure in self.measures or self.intended)

    def rule(self, by: Actor, at: dt.datetime, ruling: Ruling, sentence: Sentence) -> None:
        """Take over what a decision, or its correction, says."""
        self.decided_by = by.person
        self.told_at = at
        self.decision, self.considered = ruling.text.strip(), ruling.considered.strip()
        self.deliberation, self.remedies = ruling.deliberation.strip(), ruling.remedies.strip()
        self.measures, self.is_serious = list(ruling.measures), ruling.is_serious
        self.policy_code = sentence.policy_code
        self.record_until = sentence.record_until
        self.apply_bar_until = sentence.apply_bar_until
        self.promotion_bar_until = sentence.promotion_bar_until
