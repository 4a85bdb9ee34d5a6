"""Records of misconduct over the API: the bureau's desk, clues from elsewhere, and the subject's own case (R-140…R-148)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import bureau, logged_in
from portal.documents import offers
from portal.http.bodies import judged
from portal.http.desks import Desk, TimedDesk
from portal.http.limits import count_against
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.integrity import desks, rules
from portal.integrity import serializers as shapes
from portal.integrity.domain import deciding, noticing, opening, serving
from portal.integrity.enums import EVIDENCE, SubjectRole
from portal.integrity.forms import AmendmentForm, NoticeForm, RulingForm
from portal.integrity.models import IntegrityRecord, PlatformEntry
from portal.shared.errors import Reason, Refusal

WHOLE, OWN = shapes.RecordSerializer, shapes.ToldRecordSerializer


def _give_notice(record: IntegrityRecord, *, by: Any, at: Any, key: Any, **given: Any) -> IntegrityRecord:
    form = judged(NoticeForm(given, record=record))
    return noticing.give_notice(record, form.intent(), by=by, at=at, key=key)


def _decide(record: IntegrityRecord, *, by: Any, at: Any, key: Any, **given: Any) -> IntegrityRecord:
    form = judged(RulingForm(given, record=record))
    return deciding.decide(record, form.ruling(), by=by, at=at, key=key)


def _amend(record: IntegrityRecord, *, by: Any, at: Any, key: Any, **given: Any) -> IntegrityRecord:
    form = judged(AmendmentForm(given, record=record))
    return deciding.amend(record, form.ruling(), reason=form.cleaned_data["reason"], by=by, at=at, key=key)


class Records(TimedDesk):
    """The bureau's desk."""

    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.RecordRowSerializer
    filter_backends = ()
    queryset = IntegrityRecord.objects.none()

    def get_queryset(self) -> QuerySet[IntegrityRecord]:
        return desks.records_seen_by(self.actor)

    @told(
        _("失信线索和记录"),
        _("全部立案，新的在前；按姓名查找只在页面办理。"),
        parameters=[shapes.RecordFilterSerializer],
        responses=shapes.RecordRowSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        asked = shapes.RecordFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = self.paginate_queryset(self.get_queryset().filter(**asked.validated_data))
        return self.get_paginated_response(shapes.RecordRowSerializer(page, many=True).data)

    @told(_("一件失信记录"), _("线索、核查、告知、陈述、决定、推送情况和现在能办的步骤。"), responses=WHOLE)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    investigate = step_of(
        IntegrityRecord,
        "investigate",
        noticing.investigate,
        _("参加核查的人员不能对本案作出决定。"),
        shows=WHOLE,
        body=shapes.InvestigatedSerializer,
    )
    close = step_of(
        IntegrityRecord,
        "close",
        noticing.close,
        _("结案后不记入诚信档案。"),
        shows=WHOLE,
        body=shapes.RecordReasonSerializer,
    )
    give_notice = step_of(
        IntegrityRecord,
        "give_notice",
        _give_notice,
        _("告知当事人，陈述申辩期限开始；决定不得重于告知。"),
        shows=WHOLE,
        body=shapes.IntentSerializer,
    )
    decide = step_of(
        IntegrityRecord,
        "decide",
        _decide,
        _("自决定时起限制即行生效；送达后推送两个信用信息共享平台。"),
        shows=WHOLE,
        body=shapes.RulingSerializer,
    )
    amend = step_of(
        IntegrityRecord,
        "amend",
        _amend,
        _("只能更正尚未送达的决定，期限自原决定之日起算。"),
        shows=WHOLE,
        body=shapes.AmendedRulingSerializer,
    )
    serve = step_of(
        IntegrityRecord,
        "serve",
        serving.serve,
        _("登记送达，决定生效。"),
        shows=WHOLE,
        body=shapes.ServiceSerializer,
    )
    serve_again = step_of(
        IntegrityRecord,
        "serve_again",
        serving.serve,
        _("登记更正决定的送达。"),
        shows=WHOLE,
        body=shapes.ServiceSerializer,
    )
    quash = step_of(
        IntegrityRecord,
        "quash",
        deciding.quash,
        _("因复议、诉讼或者申诉撤销决定，限制即时解除。"),
        shows=WHOLE,
        body=shapes.RecordReasonSerializer,
    )

    def shown(self, record: IntegrityRecord) -> Response:
        """Return the record as it stands, with what can be done."""
        row = self.get_queryset().prefetch_related("entries").get(pk=record.pk)
        context = {"due": noticing.time_to_state(row), "steps": self.steps_here(row)}
        return Response(WHOLE(row, context=context).data)


class Clues(Desk):
    """Where a record is opened by the bureau, and proposed by others, who read nothing back."""

    access: ClassVar[Predicate] = bureau | rules.proposes
    serializer_class = shapes.OpenedSerializer
    queryset = IntegrityRecord.objects.none()

    @told(
        _("立案或者提请立案"),
        _("市人力资源社会保障局立案；其他单位提请立案，每小时次数有限，答复只有编号。"),
        refusals=[
            "subject_unknown",
            "may_not_open",
            "subject_does_not_fit",
            "facts_too_short",
            "about_oneself",
            "too_often",
        ],
        request=shapes.ClueSerializer,
        responses={HTTPStatus.CREATED: shapes.OpenedSerializer},
    )
    def create(self, request: Request) -> Response:
        given = self.body(shapes.ClueSerializer)
        if not bureau.test(self.actor):
            count_against(request._request, "integrity_proposal", per_hour=opening.PROPOSALS_AN_HOUR)
        role = SubjectRole(given["role"])
        who = desks.subject_numbered(role, given["number"])
        record = opening.open_about(
            who, role=role, source=given["source"], facts=given["facts"], by=self.actor, at=self.at
        )
        return Response({"code": record.code}, status=HTTPStatus.CREATED)


class Entries(Desk):
    """A record on one credit platform, called again after staff has looked."""

    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.PlatformEntrySerializer
    queryset = PlatformEntry.objects.none()

    def get_queryset(self) -> QuerySet[PlatformEntry]:
        return desks.entries_seen_by(self.actor)

    show_again = step_of(
        PlatformEntry, "show_again", None, _("一分钟内重新推送。"), shows=shapes.PlatformEntrySerializer
    )
    remove_again = step_of(
        PlatformEntry, "remove_again", None, _("一分钟内重新撤下。"), shows=shapes.PlatformEntrySerializer
    )

    def shown(self, entry: PlatformEntry) -> Response:
        """Return the entry as it stands."""
        return Response(shapes.PlatformEntrySerializer(entry).data)


class OwnRecords(TimedDesk):
    """What a person, or whoever speaks for an organisation, was told; a letter to sign is read against its receipt first."""

    access: ClassVar[Predicate] = logged_in
    serializer_class = OWN
    filter_backends = ()
    queryset = IntegrityRecord.objects.none()

    def get_queryset(self) -> QuerySet[IntegrityRecord]:
        return desks.own_records(self.actor)

    @told(_("本人或者本单位的诚信记录"), _("已告知的记录，新的在前。"), responses=shapes.RecordRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(shapes.RecordRowSerializer(page, many=True).data)

    @told(
        _("一件诚信记录"),
        _("告知、陈述申辩、决定和期限；有文书等待签收的，签收后才能查看。"),
        refusals=["letter_waits"],
        responses=OWN,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("陈述和申辩"),
        _("只能提交一次；先签收告知书，证据先在 /files/uploads/ 上传。"),
        steps=[(IntegrityRecord, "state_own_case")],
        refusals=["letter_waits", "offer_unknown"],
        request=shapes.StatedSerializer,
        responses=OWN,
    )
    @action(detail=True, methods=["post"], url_path="steps/state_own_case")
    def state_own_case(self, request: Request, code: str) -> Response:
        record, given = self.get_object(), self.body(shapes.StatedSerializer)
        self._refuse_unread(record)
        offer = given["file"]
        file = offers.take(offer, purpose=EVIDENCE, by=self.actor, at=self.at) if offer else None
        return self._shown(noticing.state_own_case(record, statement=given["statement"], file=file, **self.taking()))

    def _shown(self, record: IntegrityRecord) -> Response:
        self._refuse_unread(record)
        steps = [
            {**one, "address": self.request._request.path.split("steps/")[0] + f"steps/{one['step']}/"}
            for one in self.steps_of(record, self.request)
            if one["step"] == "state_own_case"
        ]
        return Response(OWN(record, context={"due": noticing.time_to_state(record), "steps": steps}).data)

    def _refuse_unread(self, record: IntegrityRecord) -> None:
        if desks.letter_to_sign(record, self.actor) is not None:
            text = _("有一份正式文书需要您签收，签收后可以查看全文。")
            raise Refusal([Reason(text, basis="N-12", code="letter_waits")])
