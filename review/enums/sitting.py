"""States and kinds of a committee's session, its members, its draw and its agenda (domain §8.6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from review.enums.filing import Duty


class SessionState(models.TextChoices):
    """Where one session of a committee stands."""

    DRAFT = "draft", _("筹备中，待抽取专家")
    DRAWN = "drawn", _("已抽取专家，待确认出席")
    CONVENED = "convened", _("已召集")
    OPEN = "open", _("会议进行中")
    CLOSED = "closed", _("已闭会，待签署")
    SIGNED = "signed", _("已签署")
    REPORTED = "reported", _("已报送验收")
    CANCELLED = "cancelled", _("已取消")
    VOIDED = "voided", _("已认定无效")


class BallotMode(models.TextChoices):
    """How the members vote; on paper the scrutineers enter the totals."""

    ELECTRONIC = "electronic", _("电子表决")
    PAPER = "paper", _("纸质表决")


class StopDecision(models.TextChoices):
    """What the bureau answers to a commissioner who asks to stop the meeting (A-47)."""

    GO_ON = "go_on", _("会议继续")
    STOP = "stop", _("停止会议")


class DrawState(models.TextChoices):
    """How far the draw of a session's members is."""

    FROZEN = "frozen", _("名单已固定，待监督委员参与")
    DRAWN = "drawn", _("已抽取")


class MemberState(models.TextChoices):
    """Where one member of a session stands; only who is present can vote."""

    DRAWN = "drawn", _("已抽中，待邀请")
    INVITED = "invited", _("已邀请，待答复")
    ACCEPTED = "accepted", _("已接受，待签到")
    DECLINED = "declined", _("不参加")
    PRESENT = "present", _("在场")
    LEFT = "left", _("已离场")


class ItemState(models.TextChoices):
    """Where one person's case stands in the session."""

    LISTED = "listed", _("已列入议程")
    PRESENTED = "presented", _("评议中")
    VOTING = "voting", _("投票中")
    COUNTED = "counted", _("投票已截止，待计票")
    DECIDED_PASS = "decided_pass", _("通过")
    DECIDED_FAIL = "decided_fail", _("未通过")
    DEFERRED = "deferred", _("暂缓表决")
    REMOVED = "removed", _("已移出议程")
    VOIDED = "voided", _("已认定无效")


class RecusalSource(models.TextChoices):
    """Who said that a member keeps out of a case."""

    OWN = "own", _("本人提出")
    OFFICE = "office", _("评审服务机构要求")
    COMPUTED = "computed", _("系统比对")


INVITATION = "review.invitation"

S, M, ITEM = SessionState, MemberState, ItemState
BEFORE_OPENING = frozenset({S.DRAFT, S.DRAWN, S.CONVENED})
UNTIL_CLOSED = BEFORE_OPENING | {S.OPEN}
AFTER_SIGNING = frozenset({S.SIGNED, S.REPORTED})
HEADS = frozenset({Duty.CHAIR, Duty.DEPUTY})
SEATED = frozenset({M.DRAWN, M.INVITED, M.ACCEPTED, M.PRESENT, M.LEFT})
GIVEN_BACK = frozenset({M.DRAWN, M.INVITED, M.ACCEPTED})  # from which a seat can fall free
WILL_COME = frozenset({M.ACCEPTED, M.PRESENT, M.LEFT})
BEFORE_VOTE = frozenset({ITEM.LISTED, ITEM.PRESENTED})
BEING_VOTED = frozenset({ITEM.VOTING, ITEM.COUNTED})
DECIDED = frozenset({ITEM.DECIDED_PASS, ITEM.DECIDED_FAIL})
LIVE_ITEMS = BEFORE_VOTE | BEING_VOTED | DECIDED

SESSION_TONES = {
    S.DRAFT: "waiting",
    S.DRAWN: "action",
    S.CONVENED: "running",
    S.OPEN: "running",
    S.CLOSED: "action",
    S.SIGNED: "good",
    S.REPORTED: "good",
    S.CANCELLED: "ended",
    S.VOIDED: "bad",
}
MEMBER_TONES = {
    M.DRAWN: "waiting",
    M.INVITED: "action",
    M.ACCEPTED: "running",
    M.DECLINED: "ended",
    M.PRESENT: "good",
    M.LEFT: "ended",
}
ITEM_TONES = {
    ITEM.LISTED: "waiting",
    ITEM.PRESENTED: "running",
    ITEM.VOTING: "action",
    ITEM.COUNTED: "action",
    ITEM.DECIDED_PASS: "good",
    ITEM.DECIDED_FAIL: "bad",
    ITEM.DEFERRED: "ended",
    ITEM.REMOVED: "ended",
    ITEM.VOIDED: "bad",
}
