"""The reports of the cockpit, each a few tables on one subject."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications.domain.figures import Scope
from portal.cockpit.reports import funnel, load, overdue, promise, rates, returns
from portal.cockpit.tables import Table, Words


@dataclass(frozen=True)
class Report:
    """One subject: its tables for a scope, put together by a dimension, at an instant."""

    key: str
    title: Words
    lead: Words
    build: Callable[[Scope, str, dt.datetime], list[Table]]
    is_grouped: bool = False


REPORTS = {
    one.key: one
    for one in (
        Report(
            "funnel",
            _("申报进度"),
            _("从开始填报到核发证书，各环节到达多少人、还有多少人、多少人在哪里终止。"),
            funnel.tables,
            is_grouped=True,
        ),
        Report("rates", _("通过率"), _("机构审核和评审表决各有多少人通过，各机构与全市相比如何。"), rates.tables),
        Report("returns", _("退回原因"), _("评审服务机构因哪些原因退回补正，各多少件。"), returns.tables),
        Report(
            "promise", _("承诺时限"), _("评审结果报送后20个工作日的承诺，各批次用了几天、还剩几天。"), promise.tables
        ),
        Report("overdue", _("逾期事项"), _("到期没有办完、还在等待办理的事项，在哪个岗位、哪个单位。"), overdue.tables),
        Report(
            "load", _("每日办理量"), _("每天提交、公示、推荐、审核、表决和发证的人数，以及最多的一天。"), load.tables
        ),
    )
}
