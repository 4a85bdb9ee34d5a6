"""Review requests over the API: asking and following one's own, and answering them at both instances (R-130, A-24)."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import acts_personally
from portal.documents import offers
from portal.http.desks import CODE, TimedDesk, codes_in
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.redress import rules
from portal.redress import serializers as shapes
from portal.redress.domain import answering, filing, queries
from portal.redress.enums import EVIDENCE
from portal.redress.models import RequestQuerySet, ReviewRequest

OWN, WHOLE = shapes.OwnReviewRequestDetailSerializer, shapes.ReviewRequestDetailSerializer


class _Requests(TimedDesk):
    """Requests that somebody reads, each with what can be done with it now."""

    whole: ClassVar[Any]
    filter_backends = ()
    queryset = ReviewRequest.objects.none()

    def shown(self, request: ReviewRequest, status: int = HTTPStatus.OK) -> Response:
        """Return the request as it stands, with what can be done."""
        row = self.get_queryset().get(pk=request.pk)
        return Response(self.whole(row, context={"steps": self.steps_here(row)}).data, status=status)


class OwnReviewRequests(mixins.ListModelMixin, _Requests):
    """The person's own desk."""

    access: ClassVar[Predicate] = acts_personally
    serializer_class = shapes.OwnReviewRequestSerializer
    whole = OWN

    def get_queryset(self) -> RequestQuerySet:
        return queries.own_requests(self.actor).prefetch_related("subject")

    def timed(self, request: HttpRequest) -> Iterator[models.Model]:
        """Return the request that the address names, and the row that the address or the body asks about."""
        yield from self.named()
        asked = [self.kwargs["subject"]] if "subject" in self.kwargs else codes_in(request, "subject", most=1)
        for code in asked:
            subject = queries.subject_of(self.actor, code)
            if subject is not None:
                yield subject

    @told(_("我的复查申请"), _("本人提出的复查申请，新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("本人的一件复查申请"), _("申请、答复、期限，以及现在能办的步骤。"), responses=OWN)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("能否申请复查"),
        _("本人一件申报所能复查的结果、申请期限、不能申请的原因和已经提出的申请。"),
        responses=shapes.ReviewStandingSerializer,
    )
    @action(detail=False, methods=["get"], url_path=f"about/(?P<subject>{CODE})")
    def about(self, request: Request, subject: str) -> Response:
        row = queries.subject_of(self.actor, subject)
        if row is None:
            raise Http404
        standing = queries.standing_of(row, by=self.actor, at=self.at)
        outcome, term = (standing.outcome, standing.term) if standing else (None, None)
        reasons = filing.reasons_against_asking(row, by=self.actor, at=self.at)
        shown = {
            "result": outcome.result if outcome else None,
            "told_at": outcome.at if outcome else None,
            "until": term.ends_at if term else None,
            "may_ask": not reasons,
            "reasons": reasons,
            "requests": [one.code for one in standing.requests] if standing else [],
        }
        return Response(shapes.ReviewStandingSerializer(shown).data)

    @told(
        _("申请复查"),
        _("对本人申报的结果，认为程序或者事实有误的，在期限内申请；证明材料先在 /files/uploads/ 上传。"),
        refusals=["nothing_to_review", "too_late", "asked_already", "facts_too_short", "offer_unknown"],
        request=shapes.AskForReviewSerializer,
        responses={HTTPStatus.CREATED: OWN},
    )
    def create(self, request: Request) -> Response:
        given = self.body(shapes.AskForReviewSerializer)
        subject, offer = self._subject(given["subject"]), given["file"]
        file = offers.take(offer, purpose=EVIDENCE, by=self.actor, at=self.at) if offer else None
        asked = filing.ask(subject, facts=given["facts"], evidence=file, by=self.actor, at=self.at)
        return self.shown(asked, HTTPStatus.CREATED)

    go_higher = step_of(
        ReviewRequest,
        "go_higher",
        answering.go_higher,
        _("对答复不服的，在期限内申请复核；首次申请和答复一并转交。"),
        shows=OWN,
        body=shapes.GoHigherSerializer,
    )
    withdraw = step_of(
        ReviewRequest,
        "withdraw",
        answering.withdraw,
        _("答复之前可以撤回；申请复查的期限内可以再次申请。"),
        shows=OWN,
    )

    def _subject(self, code: str) -> models.Model:
        """Return the actor's own row; raises ValidationError beside ``subject``."""
        found = queries.subject_of(self.actor, code)
        if found is None:
            text = gettext("没有找到本人的这件申报，请核对编号。")
            raise ValidationError({"subject": [ErrorDetail(text, code="does_not_exist")]})
        return found


class ReviewRequests(_Requests):
    """The desk of whoever answers."""

    access: ClassVar[Predicate] = rules.staff
    serializer_class = shapes.ReviewRequestSerializer
    whole = WHOLE

    def get_queryset(self) -> RequestQuerySet:
        return queries.requests_seen_by(self.actor).prefetch_related("subject")

    @told(
        _("复查申请办理"),
        _("本单位受理或者首次受理的复查申请，新的在前；市人力资源社会保障局查看全部。按姓名查找只在页面办理。"),
        parameters=[shapes.RequestFilterSerializer],
        responses=shapes.ReviewRequestSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        asked = shapes.RequestFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = self.paginate_queryset(self._narrowed(**asked.validated_data))
        return self.get_paginated_response(shapes.ReviewRequestSerializer(page, many=True).data)

    @told(
        _("一件复查申请"),
        _("申请、答复、期限，以及现在能办的步骤；不能办的逐条给出原因和依据。"),
        responses=WHOLE,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    admit = step_of(
        ReviewRequest,
        "admit",
        answering.admit,
        _("受理后由您调查，另一位负责人决定；期限仍自收到申请之日起计算。"),
        shows=WHOLE,
    )
    not_admit = step_of(
        ReviewRequest,
        "not_admit",
        answering.not_admit,
        _("申请人将收到理由，并可以向市人力资源社会保障局申请复核。"),
        shows=WHOLE,
        body=shapes.ReviewNotAdmittedSerializer,
    )
    extend = step_of(
        ReviewRequest,
        "extend",
        answering.extend,
        _("只能延长一次，原因和新的期限将告知申请人。"),
        shows=WHOLE,
        body=shapes.ReviewExtensionSerializer,
    )
    escalate = step_of(
        ReviewRequest,
        "escalate",
        answering.escalate,
        _("本机构没有未参与原审核、评审的人员可以办理的，转市人力资源社会保障局，答复期限重新计算。"),
        shows=WHOLE,
    )
    let_stand = step_of(
        ReviewRequest,
        "let_stand",
        answering.let_stand,
        _("原结果不变；申请人可以向市人力资源社会保障局申请复核。"),
        shows=WHOLE,
        body=shapes.ReviewAnswerSerializer,
    )
    uphold = step_of(
        ReviewRequest,
        "uphold",
        answering.uphold,
        _("原结果不再有效，申报恢复到该环节之前继续办理；评审表决结果由市人力资源社会保障局责令重新评审。"),
        shows=WHOLE,
        body=shapes.ReviewAnswerSerializer,
    )
    take_up = step_of(
        ReviewRequest,
        "take_up",
        answering.take_up,
        _("受理后由您调查，另一位负责人决定。"),
        shows=WHOLE,
    )
    close_standing = step_of(
        ReviewRequest,
        "close_standing",
        answering.close_standing,
        _("本答复为最终答复，申请人仍可依法申请行政复议或者提起诉讼。"),
        shows=WHOLE,
        body=shapes.ReviewAnswerSerializer,
    )
    close_upholding = step_of(
        ReviewRequest,
        "close_upholding",
        answering.close_upholding,
        _("原结果不再有效，申报恢复到该环节之前继续办理；评审表决结果由市人力资源社会保障局责令重新评审。"),
        shows=WHOLE,
        body=shapes.ReviewAnswerSerializer,
    )

    def _narrowed(self, q: str = "", state: str = "") -> RequestQuerySet:
        found = self.get_queryset()
        found = found.filter(code=q.upper()) if q else found
        return found.filter(state=state) if state else found
