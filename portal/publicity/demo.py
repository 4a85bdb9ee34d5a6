"""Two notices of the demonstration: one that runs when the demonstration begins, one still to be posted.

For demonstrations and tests only; the people do not exist.
"""

import datetime as dt

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.queries import policy_in_force
from portal.publicity.domain import posting
from portal.publicity.domain.posting import Shown
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Notice
from portal.shared import clock

RUNNING, WAITING = "演示公示：二〇二六年度第一批", "演示公示：跨国庆假期（请在2026年9月28日发布）"
POSTED = dt.datetime(2026, 7, 6, 9, 0, tzinfo=clock.BEIJING)
CONTACT = "市人力资源社会保障局事业单位管理处，电话12333"
PEOPLE = [
    ("林书言", "北京示例科技有限公司", "电子信息", "副高级"),
    ("赵清和", "北京示例建设集团", "建筑工程", "中级"),
    ("钱若水", "北京示例研究院", "自然科学研究", "正高级"),
    ("孙一鸣", "北京示例文化传播有限公司", "工艺美术", "中级"),
]


def load(*, clerk: Actor, at: dt.datetime) -> None:
    """Compose both notices and post the first by the real steps; a second run changes nothing."""
    if clerk.organisation is None or Notice.objects.filter(title=RUNNING).exists():
        return
    running = _draft(RUNNING, clerk, clerk.organisation, POSTED)
    posting.post(running, by=clerk, at=POSTED)
    _draft(WAITING, clerk, clerk.organisation, at)


def _draft(title: str, clerk: Actor, publisher: Organisation, at: dt.datetime) -> Notice:
    policy = policy_in_force(clock.day_of(at))
    return posting.compose(
        kind=NoticeKind.DEMONSTRATION,
        title=title,
        text="本公示仅用于演示公示和异议的办理过程，不产生任何职称结果，人员均为虚构。",
        contact=CONTACT,
        publisher=publisher,
        lines=[
            Shown({"name": name, "unit": unit, "specialty": of, "level": level}) for name, unit, of, level in PEOPLE
        ],
        workdays=policy.number("publicity.min_workdays"),
        policy_code=policy.code,
        by=clerk,
        at=at,
    )
