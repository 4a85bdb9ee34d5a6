"""What the sandbox remembers: how each system shall behave, who asked what, and the portal's time."""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

NONCES = 10_000
"""So many are remembered before the old ones are looked through."""
BEIJING = timezone(timedelta(hours=8))
FAULTS = {
    "none": "正常 works",
    "dead": "断线 drops every connection",
    "lost_reply": "丢失应答 does it, then drops the connection",
    "error": "故障 answers 500",
    "busy": "繁忙 answers 429",
    "refuse": "拒绝 answers 403",
    "garbage": "乱码 answers a page that is not its own",
    "bad_signature": "假签名 signs with a wrong key",
    "broken_contract": "缺字段 leaves out what was agreed",
    "wrong_amount": "错金额 one fen too much (payment)",
}
SYSTEMS = {
    "identity": "身份核验",
    "education": "学历学位",
    "insurance": "社会保险",
    "titles": "北京职称证书",
    "national_query": "全国职称评审信息查询平台",
    "organisations": "统一社会信用代码",
    "payment": "网上缴费",
    "sms": "短信",
    "credit_national": "全国信用平台",
    "credit_beijing": "北京信用平台",
    "timestamps": "可信时间戳",
}


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An operation's no, with the status and code that the contract gives it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Mood:
    """How one system behaves; with `times` the fault heals after so many requests."""

    fault: str = "none"
    delay_ms: int = 0
    times: int | None = None


@dataclass
class Notices:
    """How the gateway sends its notices."""

    copies: int = 1
    delay_ms: int = 0
    hold: bool = False
    forge: bool = False


@dataclass
class World:
    """All of it; whoever reads or changes it holds `lock`."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    moods: dict[str, Mood] = field(default_factory=lambda: {name: Mood() for name in SYSTEMS})
    notices: Notices = field(default_factory=Notices)
    sms_delivery: str = "delivered"
    slow_refunds: bool = False
    ahead: timedelta = timedelta(0)
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=10_000))
    nonces: dict[str, float] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the portal's time as last heard of, so that a moved demonstration clock is followed."""
        return datetime.now(tz=UTC).astimezone(BEIJING) + self.ahead

    def follow(self, at: datetime) -> None:
        """Take over the portal's time; differences of seconds are the way of the message."""
        ahead = at - datetime.now(tz=UTC)
        self.ahead = ahead if abs(ahead) > timedelta(seconds=5) else timedelta(0)

    def behave(self, system: str, operation: str, request_id: str) -> Mood:
        """Note the request that just came in and return how to treat it, counting it against `times`."""
        with self.lock:
            self.calls.append({"system": system, "operation": operation, "request_id": request_id})
            mood = self.moods[system]
            treated = Mood(mood.fault, mood.delay_ms)
            if mood.times is not None:
                mood.times -= 1
                if mood.times <= 0:
                    self.moods[system] = Mood(delay_ms=mood.delay_ms)
            return treated

    def set_mood(self, system: str, told: dict[str, Any]) -> None:
        """Change how a system behaves; raise ValueError for a system or fault that does not exist."""
        if system not in SYSTEMS or told.get("fault", "none") not in FAULTS:
            raise ValueError(f"no such system or fault: {system}, {told}")
        self.moods[system] = Mood(**told)

    def first_time(self, nonce: str, at: float, tolerance: float) -> bool:
        """Remember a nonce for as long as its timestamp can be fresh; tell whether it is new."""
        with self.lock:
            if nonce in self.nonces:
                return False
            if len(self.nonces) >= NONCES:
                self.nonces = {old: seen for old, seen in self.nonces.items() if at - seen < 2 * tolerance}
            self.nonces[nonce] = at
            return True

    def reset(self) -> None:
        """Go back to the beginning: everything works, nothing happened."""
        fresh = World()
        self.moods, self.notices = fresh.moods, fresh.notices
        self.sms_delivery, self.slow_refunds, self.ahead = fresh.sms_delivery, fresh.slow_refunds, fresh.ahead
        self.calls.clear()

    def shown(self) -> dict[str, Any]:
        """Return what `/_control` tells about behaviour and calls."""
        return {
            "systems": {name: asdict(mood) for name, mood in self.moods.items()},
            "notices": asdict(self.notices),
            "sms_delivery": self.sms_delivery,
            "slow_refunds": self.slow_refunds,
            "calls": list(self.calls),
        }
