"""The agency's desk: the list, one file with its checklist, findings, and every step of the check."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from applications.models import Application
from portal.http.bodies import EmptySerializer
from portal.http.desks import TimedDesk
from portal.http.drf import problem_of
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from portal.workflow import OpenStep
from review import rules
from review.api.queueing import ReviewQueue
from review.domain import checking, deciding, looking, passing
from review.domain.checking import Found
from review.interfaces.serializers_checking import (
    AssignSerializer,
    FindingsSerializer,
    ProposalSerializer,
    RemarkSerializer,
    ReviewDetailSerializer,
    ReviewSerializer,
)
from review.models import AgencyReview, Finding

ADDRESSES = {
    "take": "api:review-take",
    "propose": "api:review-propose",
    "propose_again": "api:review-propose",
    "reconsider": "api:review-reconsider",
    "reconsider_again": "api:review-reconsider",
    "pass_review": "api:review-pass-review",
    "return_once": "api:review-return-once",
    "reject": "api:review-reject",
}


class Reviews(ReviewQueue, TimedDesk):
    access: ClassVar[Predicate] = rules.checks
    serializer_class = ReviewSerializer
    queryset = AgencyReview.objects.none()

    def get_queryset(self) -> QuerySet[AgencyReview]:
        return AgencyReview.objects.at(self.actor).with_all().order_by("due_at", "pk")

    @told(
        _("一件审核"),
        _("审核清单（申报内容、按规定核验的事项、评委会要求）、各项结果、补正后的变化和现在能办的步骤。"),
        responses=ReviewDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("开始审核"),
        _("由本人负责审核，申报进入机构审核。"),
        steps=[(AgencyReview, "take"), (Application, "take")],
        request=EmptySerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/take")
    def take(self, request: Request, code: str) -> Response:
        review = self.get_object()
        self.body(EmptySerializer)
        return self._shown(checking.take(review, **self.taking()))

    @told(
        _("分配审核人"),
        _("交给本机构一名在任人员审核；他人正在审核的，只有负责人可以改派。"),
        refusals=["step_not_open", "step_not_permitted", "not_a_colleague", "not_anothers", "nothing_proposed"],
        request=AssignSerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/assign")
    def assign(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(AssignSerializer)
        people = {one.code: one for one in checking.colleagues(review, self.at)}
        if given["assignee"] not in people:
            text = gettext("只能分配给本机构的在任人员。")
            raise Refusal([Reason(text, "R-090", "not_a_colleague", "assignee")])
        chosen = people[given["assignee"]]
        return self._shown(checking.assign(review, chosen, note=given["note"], by=self.actor, at=self.at))

    @told(
        _("记录审核结果"),
        _(
            "逐项记录，可分多次；一次请求要么全部记录，要么全部不记录。需补正的须写明内容和依据。item 取自 items 中的 key。"
        ),
        refusals=[
            "step_not_open",
            "step_not_permitted",
            "item_unknown",
            "text_too_short",
            "basis_missing",
            "handled_by_maker",
            "nothing_proposed",
            "not_suspended",
            "changed_elsewhere",
        ],
        request=FindingsSerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/find")
    def find(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(FindingsSerializer)
        found = {
            one["item"]: Found(one["verdict"], one["text"], one["basis"], given["version"], one["field"])
            for one in given["found"]
        }
        saved = checking.find(review, found, by=self.actor, at=self.at, all_or_nothing=True)
        return _conflicting(saved.conflicts) if saved.conflicts else self._shown(review)

    @told(
        _("提出审核意见"),
        _("建议通过、一次性退回补正或者不通过；由本机构负责人复核确认。补正后复审的，不能再次退回。"),
        steps=[(AgencyReview, "propose"), (AgencyReview, "propose_again")],
        request=ProposalSerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/propose")
    def propose(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(ProposalSerializer)
        done = checking.propose(
            review, given["proposal"], reason=given["reason"], basis=given["basis"], **self.taking()
        )
        return self._shown(done)

    @told(
        _("撤回意见重新审核"),
        _("提出意见的人撤回，或者负责人写明原因退回重审。"),
        steps=[(AgencyReview, "reconsider"), (AgencyReview, "reconsider_again")],
        request=RemarkSerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/reconsider")
    def reconsider(self, request: Request, code: str) -> Response:
        review, given = self.get_object(), self.body(RemarkSerializer)
        return self._shown(checking.reconsider(review, reason=given["reason"], **self.taking()))

    @told(
        _("确认通过"),
        _("负责人确认审核人的意见；提出意见的人不能确认。"),
        steps=[(AgencyReview, "pass_review"), (Application, "pass_review")],
        request=EmptySerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/pass_review")
    def pass_review(self, request: Request, code: str) -> Response:
        review = self.get_object()
        self.body(EmptySerializer)
        return self._shown(passing.pass_review(review, **self.taking()))

    @told(
        _("确认退回补正"),
        _("一次性告知全部补正内容，补正期限开始；提出意见的人不能确认。"),
        steps=[(AgencyReview, "return_once"), (Application, "return_once")],
        request=EmptySerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/return_once")
    def return_once(self, request: Request, code: str) -> Response:
        review = self.get_object()
        self.body(EmptySerializer)
        return self._shown(deciding.return_once(review, **self.taking()))

    @told(
        _("确认不通过"),
        _("申报终止，申报人和单位收到原因、依据和救济途径；提出意见的人不能确认。"),
        steps=[(AgencyReview, "reject"), (Application, "reject")],
        request=EmptySerializer,
        responses=ReviewDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/reject")
    def reject(self, request: Request, code: str) -> Response:
        review = self.get_object()
        self.body(EmptySerializer)
        return self._shown(deciding.reject(review, **self.taking()))

    def _shown(self, review: AgencyReview) -> Response:
        found: Any = self.get_queryset().get(pk=review.pk)
        changes = looking.difference_of(found) or []
        found.items = _items(found)
        found.tally = checking.tally_of(found)
        found.changed = [{"key": one.key, "labels": sorted(one.fields)} for one in changes]
        found.steps = [_step(one, found) for one in looking.steps_of(found, by=self.actor, at=self.at)]
        return Response(ReviewDetailSerializer(found).data)


def _step(step: OpenStep, review: AgencyReview) -> dict[str, Any]:
    return {
        "step": step.name,
        "label": str(step.label),
        "basis": step.basis,
        "open": step.is_pressable,
        "reasons": [reason.as_dict() for reason in step.reasons],
        "address": reverse(ADDRESSES[step.name], args=[review.code]),
    }


def _items(review: AgencyReview) -> list[dict[str, Any]]:
    """Return the checklist with what was found about each item."""
    findings = {one.item: one for one in checking.findings_of(review)}
    changed = looking.changed_items(review)
    return [
        {**vars(item), "finding": findings.get(item.key), "is_changed": item.key in changed}
        for item in looking.items_in(review)
    ]


def _conflicting(conflicts: Any) -> Response:
    """Return the answer to findings that were based on an older version: what stands now."""
    stored: dict[str, Finding] = conflicts
    text = gettext("该内容已在别处修改，请核对后再保存。")
    response = problem_of(Refusal([Reason(text, "R-090", "changed_elsewhere", key) for key in stored]))
    response.data["conflicts"] = [
        {"item": key, "verdict": one.verdict, "text": one.text, "version": one.version} for key, one in stored.items()
    ]
    return response
