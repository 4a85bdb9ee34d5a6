"""A vote on devices over the API: what a browser page does, for programs that make keys and ballots themselves (docs/ballot.md)."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told
from review import rules
from review.domain import voting, voting_keys, voting_record
from review.enums.sitting import ItemState
from review.interfaces.serializers_session import ReasonBody
from review.interfaces.serializers_voting import (
    AnnouncementBody,
    BallotBody,
    BallotsSerializer,
    CaseVoteSerializer,
    ConfirmationBody,
    KeyBody,
    PartBody,
    SharesBody,
    VoteSerializer,
)
from review.models import AgendaItem, Ballot, CommitteeSession, JointKey

OUT_OF_TIME = ["step_not_permitted", "no_key_needed"]


class Votes(Desk):
    """Votes on devices, by session: keys, and the record to count again."""

    access: ClassVar[Predicate] = rules.meets
    serializer_class = VoteSerializer
    filter_backends = ()
    queryset = CommitteeSession.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeSession]:
        return CommitteeSession.objects.for_reader(self.actor).with_all()

    @told(_("电子表决"), _("密钥、正在表决的事项和本人登记的密钥。"), responses=VoteSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("登记本人设备的密钥"),
        _("签到后，用本人设备生成的 Ed25519 公钥登记；投票进行中不能更换。"),
        refusals=[*OUT_OF_TIME, "not_present", "vote_running", "key_taken", "ballot_point"],
        request=KeyBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def key(self, request: Request, code: str) -> Response:
        session = self.get_object()
        member = rules.seat_of(self.actor, session)
        if member is None:
            raise Http404
        voting_keys.register(member, self.body(KeyBody)["key"], by=self.actor, at=self.at)
        return self._shown(session)

    @told(
        _("公布监票人密钥"),
        _("监票人的信封公钥、两个点和持有证明，共160字节。"),
        refusals=[*OUT_OF_TIME, "announced_already", "ballot_possession", "ballot_point"],
        request=AnnouncementBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def announcement(self, request: Request, code: str) -> Response:
        session = self.get_object()
        voting_keys.announce(session, self.body(AnnouncementBody)["message"], by=self.actor, at=self.at)
        return self._shown(session)

    @told(
        _("发送密钥分享"),
        _("分别加密给另外两名监票人，平台不能打开。"),
        refusals=[*OUT_OF_TIME, "not_announced", "not_all_announced", "ballot_length"],
        request=SharesBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def shares(self, request: Request, code: str) -> Response:
        session = self.get_object()
        sealed = {one["seat"]: one["sealed"] for one in self.body(SharesBody)["shares"]}
        voting_keys.send_shares(session, sealed, by=self.actor, at=self.at)
        return self._shown(session)

    @told(
        _("确认密钥"),
        _("核对三人的数字一致后确认；三人都确认后可以用于投票。"),
        refusals=[*OUT_OF_TIME, "not_announced", "shares_missing", "ballot_confirmation"],
        request=ConfirmationBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def confirmation(self, request: Request, code: str) -> Response:
        session = self.get_object()
        voting_keys.confirm(session, self.body(ConfirmationBody)["message"], by=self.actor, at=self.at)
        return self._shown(session)

    @told(
        _("改用纸质表决"),
        _("设备不能使用或者有疑问的，由主持人或者筹备人员写明原因；尚未计票的选票作废，此后不能再改回设备表决。"),
        refusals=["step_not_permitted", "reason_given", "too_late"],
        request=ReasonBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def paper(self, request: Request, code: str) -> Response:
        session = self.get_object()
        voting.go_on_on_paper(session, reason=self.body(ReasonBody)["reason"], by=self.actor, at=self.at)
        return self._shown(session)

    @told(
        _("作废联合密钥"),
        _("监票人的设备丢失，或者三人核对的数字不一致的，写明原因，由三名监票人重新生成。"),
        refusals=["not_found"],
        steps=[(JointKey, "end")],
        request=ReasonBody,
        responses=VoteSerializer,
    )
    @action(detail=True, methods=["post"], url_path="end-key")
    def end_key(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(ReasonBody)
        live = voting_keys.live_key(session)
        if live is None:
            raise Http404
        key = key_of(request._request)
        voting_keys.end_key(live, reason=given["reason"], by=self.actor, at=self.at, key=key)
        return self._shown(session)

    @told(
        _("表决记录"),
        _("密钥、加密选票、证明和票数，可用 verify_ballots.py 重新计票；不含任何人的选择。"),
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["get"])
    def record(self, request: Request, code: str) -> Response:
        session = self.get_object()
        found = voting_record.record_of(session, self.actor)
        if found is None or not voting_record.reads_record(self.actor, session):
            raise Http404
        return Response(found)

    def _shown(self, session: CommitteeSession) -> Response:
        found = self.get_queryset().get(pk=session.pk)
        return Response(VoteSerializer(voting_record.standing_of(found, self.actor)).data)


class CaseVotes(Desk):
    """Votes on devices, by case: the own ballot, and the scrutineer's count."""

    access: ClassVar[Predicate] = rules.expert
    serializer_class = CaseVoteSerializer
    filter_backends = ()
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    @told(_("事项的表决"), _("选票所绑定的会议、事项和密钥，以及本人是否已经投票。"), responses=CaseVoteSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("投票"),
        _("在设备上加密并签名的选票。投票后不能更改；再次提交同一张选票不产生变化。"),
        refusals=[
            "not_on_roll",
            "cast_already",
            "vote_closed",
            "not_present",
            "on_paper",
            "joint_key_ready",
            "ballot_proof",
            "ballot_signature",
            "ballot_point",
            "ballot_scalar",
        ],
        request=BallotBody,
        responses=CaseVoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def ballot(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(BallotBody)
        voting.cast(item, given["content"], given["signature"], by=self.actor, at=self.at)
        return self._shown(item)

    @told(_("待核对的选票"), _("投票截止后，供监票人逐张核对。"), responses=BallotsSerializer)
    @action(detail=True, methods=["get"])
    def ballots(self, request: Request, code: str) -> Response:
        item = self.get_object()
        is_closed = item.state != ItemState.VOTING and item.present_for_item is not None
        if not is_closed or not rules.counts_session.test(self.actor, item.session):
            raise Http404
        return Response({"roll": voting_record.roll_of(item), "ballots": voting_record.cast_of(item)})

    @told(
        _("提交开票分量"),
        _("监票人用本人密钥对全部选票之和计算的分量和证明；第二名监票人提交后得出票数。"),
        refusals=["step_not_permitted", "scrutineer_recused", "on_paper", "not_counted_now", "ballot_partial"],
        request=PartBody,
        responses=CaseVoteSerializer,
    )
    @action(detail=True, methods=["post"])
    def part(self, request: Request, code: str) -> Response:
        item = self.get_object()
        voting.give_part(item, self.body(PartBody)["message"], by=self.actor, at=self.at)
        return self._shown(item)

    def _shown(self, item: AgendaItem) -> Response:
        found = self.get_queryset().get(pk=item.pk)
        voter = voting.voter_of(found, self.actor)
        has_right = voter is not None and hasattr(voter, "roll_key")
        key = voting_keys.live_key(found.session)
        shown = {
            "item": found.code,
            "session": found.session.code,
            "state": found.state,
            "joint_key": key.ceremony.joint_key.hex() if key and key.ceremony else "",
            "member_key": voter.roll_key.key.key.hex() if voter is not None and has_right else "",
            "has_cast": voter is not None and Ballot.objects.filter(voter=voter).exists(),
            "present": found.present_for_item,
        }
        return Response(CaseVoteSerializer(shown).data)
