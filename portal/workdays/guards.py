"""What a holiday notice must be before its days count."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.actors import ActorKind
from portal.shared.phrases import joined
from portal.workdays.counting import SATURDAY
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.workdays.models import YearNotice


@guard(gettext_lazy("请先录入放假和调休日期。"), basis="A-04")
def has_days(notice: "YearNotice", attempt: Attempt) -> bool:
    """A notice without days would make every holiday a working day."""
    return notice.days.exists()


@guard(gettext_lazy("日期须在通知所属年份内。"), basis="A-04")
def days_lie_in_its_year(notice: "YearNotice", attempt: Attempt) -> bool | str:
    """A day of another year would silently change that year's count."""
    strays = [str(day.date) for day in notice.days.exclude(date__year=notice.year)]
    return not strays or _("以下日期不在%(year)s年内：%(days)s。") % {"year": notice.year, "days": joined(strays)}


@guard(gettext_lazy("调休上班日须为星期六或星期日。"), basis="A-04")
def make_up_days_are_weekends(notice: "YearNotice", attempt: Attempt) -> bool | str:
    """Only weekend days can be made working days."""
    wrong = [str(day.date) for day in notice.days.filter(is_workday=True) if day.date.weekday() < SATURDAY]
    return not wrong or _("以下调休上班日不是星期六或星期日：%(days)s。") % {"days": joined(wrong)}


@guard(gettext_lazy("录入人不能同时发布，请由另一位负责人发布。"), basis="A-04")
def another_prepared(notice: "YearNotice", attempt: Attempt) -> bool:
    """Four eyes: one prepares, another publishes; the notices that the portal ships with come from the system."""
    return attempt.by.kind is ActorKind.SYSTEM or notice.prepared_by_id != getattr(attempt.by.person, "pk", None)
