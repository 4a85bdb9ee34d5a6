"""Public notices and their frozen lines."""

import datetime as dt
import hashlib
import json
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import is_system
from portal.publicity import guards, rules
from portal.publicity.enums import AWAITING, ON_THE_BOARD, OPEN_TO_READERS, Field, NoticeKind, NoticeState
from portal.shared.codes import new_code
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


def _utc(instant: dt.datetime | None) -> str:
    return instant.astimezone(dt.UTC).isoformat() if instant else ""


def new_access_code() -> str:
    """Return the unguessable part of the address under which a notice that is not on the board is opened."""
    return new_code("G", 16)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by reader."""

    def on_the_board(self) -> Self:
        """Return what everybody may read now."""
        return self.filter(kind__in=ON_THE_BOARD, state__in=OPEN_TO_READERS)

    def of_publisher(self, actor: Actor) -> Self:
        """Return the notices of the organisation for which the actor acts."""
        return self.filter(publisher=actor.organisation) if actor.organisation else self.none()


@state_machine
class Notice(Coded, Dated):
    """One public notice: what is shown, by whom, for how long, and whom to tell objections."""

    CODE_PREFIX: ClassVar[str] = "GS"

    kind = models.CharField(_("类型"), max_length=20, choices=NoticeKind)
    state = StateField(_("状态"), default=NoticeState.DRAFT, choices=NoticeState)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), blank=True)
    publisher = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="notices", verbose_name=_("公示单位")
    )
    composed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.CharField(_("异议受理方式"), max_length=200)
    workdays = models.PositiveSmallIntegerField(_("公示工作日"))
    policy_code = models.CharField(max_length=30, blank=True)
    access_code = models.CharField(max_length=24, unique=True, default=new_access_code, editable=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("更正自")
    )
    posted_at = models.DateTimeField(_("发布时间"), null=True)
    ended_at = models.DateTimeField(_("期满时间"), null=True)
    proof = models.CharField(_("公示证明摘要值"), max_length=64, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="posted_notice_has_time",
                condition=Q(state__in=[NoticeState.DRAFT]) | Q(posted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_notice_has_proof",
                condition=~Q(state__in=[NoticeState.ENDED, NoticeState.ARCHIVED])
                | (Q(ended_at__isnull=False) & ~Q(proof="")),
            ),
            models.CheckConstraint(name="notice_runs_five_days", condition=Q(workdays__gte=5)),
        ]
        indexes: ClassVar = [models.Index(name="notice_board", fields=["state", "kind", "-posted_at"])]

    def __str__(self) -> str:
        return self.title

    @transition(
        state,
        source=NoticeState.DRAFT,
        target=NoticeState.POSTED,
        who=rules.publishes,
        label=_("发布公示"),
        basis="R-072",
        guards=[
            guards.somebody_answers,
            guards.runs_long_enough,
            guards.has_lines,
            guards.shows_only_what_may_be_shown,
            guards.names_a_contact,
            guards.owner_agrees,
        ],
        caution=True,
    )
    def post(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice is shown from now on and its lines are frozen."""
        self.posted_at = at

    @transition(
        state,
        source=NoticeState.POSTED,
        target=NoticeState.ENDED,
        who=is_system,
        label=_("期满"),
        basis="R-073",
        guards=[guards.ran_its_full_time],
    )
    def end(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice ran its full time; what was shown is sealed."""
        self.ended_at = at
        self.proof = self.digest()

    @transition(
        state,
        source=NoticeState.POSTED,
        target=NoticeState.WITHDRAWN,
        who=rules.leads_the_publisher,
        label=_("撤回公示"),
        basis="R-072",
        guards=[guards.reason_of_withdrawal],
        caution=True,
    )
    def withdraw(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A serious mistake; only a corrected notice with a new full period can replace it."""

    @transition(
        state,
        source=NoticeState.ENDED,
        target=NoticeState.ARCHIVED,
        who=is_system,
        label=_("归档"),
        basis="A-07",
    )
    def archive(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The names leave the public page; the record stays."""

    def digest(self) -> str:
        """Return the SHA-256 of everything that was shown and when, as lower-case hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """Return everything that was shown and when, in the one spelling that is hashed: sorted JSON without blanks."""
        shown = {
            "code": self.code,
            "title": self.title,
            "text": self.text,
            "contact": self.contact,
            "posted_at": _utc(self.posted_at),
            "ended_at": _utc(self.ended_at),
            "lines": list(self.lines.order_by("number").values_list("number", "content")),
        }
        return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class LineQuerySet(models.QuerySet["Line"]):
    """Lines by what stands against them."""

    def of_matter(self, line: "Line") -> Self:
        """Return ``line`` and the lines, on whatever notice, that belong to the same row."""
        same_row = Q(subject_type=line.subject_type_id, subject_id=line.subject_id) if line.subject_id else Q()
        return self.filter(Q(pk=line.pk) | same_row)

    def with_hold(self) -> Self:
        """Annotate each line with ``is_held``: nothing is decided, and an objection to it, or to its row elsewhere, is open."""
        objections = Line.objections.rel.related_model.objects.filter(state__in=AWAITING)  # type: ignore[attr-defined]
        same_row = Q(line__subject_type=OuterRef("subject_type"), line__subject_id=OuterRef("subject_id"))
        is_open = Exists(objections.filter(Q(line=OuterRef("pk")) | same_row))
        return self.annotate(is_held=Q(is_open, cleared_at=None))

    def not_held(self) -> Self:
        """Return the lines that no open objection holds."""
        return self.with_hold().filter(is_held=False)

    def pending(self) -> Self:
        """Return the lines about which nothing is decided yet."""
        return self.filter(cleared_at=None, struck_at=None)


class Line(models.Model):
    """One person, or one document, as shown by a notice; frozen when posted."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("序号"))
    content = models.JSONField()
    name = models.CharField(_("姓名"), max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    subject_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    cleared_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_line_per_number", fields=["notice", "number"]),
            models.CheckConstraint(name="cleared_or_struck", condition=Q(cleared_at=None) | Q(struck_at=None)),
        ]
        indexes: ClassVar = [
            models.Index(name="line_by_name", fields=["notice", "name"]),
            models.Index(name="line_of_subject", fields=["subject_type", "subject_id"]),
        ]
        triggers: ClassVar = [guards.LINES_ARE_FROZEN]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.number}"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What the line shows, as (label, value) in the order of its kind."""
        return [(str(field.label), self.content[field]) for field in Field if field in self.content]
