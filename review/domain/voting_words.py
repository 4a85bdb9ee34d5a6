"""What people read when a message of the secret ballot fails a check."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from portal.ballot.errors import BallotRefused, Fault
from portal.shared.errors import Reason, Refusal

UNREADABLE = _("提交的数据格式不正确。请刷新页面后重试。")
WORDS = {
    Fault.PROOF: _("选票未通过校验：不是本人在本事项上的一张有效选票。请刷新页面后重新投票。"),
    Fault.SIGNATURE: _("选票签名与登记的表决密钥不符。请在签到时使用的设备上投票。"),
    Fault.POSSESSION: _("密钥未通过校验：不能证明由本人生成。请重新生成。"),
    Fault.CONFIRMATION: _("确认未通过校验：三名监票人看到的密钥不一致。请作废后重新生成。"),
    Fault.PARTIAL: _("开票分量未通过校验：不是用本人密钥对全部选票之和计算的。请刷新页面后重新核对。"),
    Fault.TOTALS: _("选票之和不能还原为票数。请停止开票，改用纸质表决，并保存记录备查。"),
}


@contextmanager
def told_plainly(field: str = "") -> Iterator[None]:
    """Turn a failed check of the protocol into a refusal with its reason; the engineer's words stay the cause."""
    try:
        yield
    except BallotRefused as refusal:
        raise Refusal(
            [Reason(WORDS.get(refusal.fault, UNREADABLE), "R-111", f"ballot_{refusal.fault}", field)]
        ) from refusal
