"""Records of misconduct, brought to a state by the real steps on the days of scenario S12."""

import datetime as dt

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.integrity.domain import deciding, noticing, serving
from portal.integrity.domain.opening import open_record
from portal.integrity.enums import Act, Measure, Source, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.integrity.papers import Intent, Ruling
from portal.shared import clock
from tests.factories import accounts


def on(month: int, day: int, hour: int = 10, *, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=clock.BEIJING)


OPENED, NOTICED, HEARD, DECIDED, SERVED = on(11, 18), on(11, 25), on(12, 10, 0), on(12, 18), on(12, 21)
FACTS = "代表作论文系向他人购买，见期刊编辑部来函。"
INTENT = Intent(
    Act.PLAGIARISM, "论文系购买，违反京人社事业字〔2024〕96号四（一）。", (Measure.REVOKE_TITLE,), is_serious=True
)
RULING = Ruling(
    text="经查，论文系购买，撤销职称。",
    deliberation="2026年12月17日局务会，会议纪要第8号。",
    measures=(Measure.REVOKE_TITLE,),
    remedies="六十日内申请行政复议，六个月内提起行政诉讼。",
    is_serious=True,
)


class Bureau:
    """One clerk who investigates and one lead who decides, at one bureau."""

    def __init__(self) -> None:
        place = accounts.organisation(OrganisationKind.BUREAU)
        self.clerk: Actor = accounts.actor(Role.BUREAU_CLERK, at=place)
        self.lead: Actor = accounts.actor(Role.BUREAU_LEAD, at=place)

    def opened(self, *, at: dt.datetime = OPENED, **given: object) -> IntegrityRecord:
        defaults: dict[str, object] = {"role": SubjectRole.APPLICANT, "source": Source.REPORT, "facts": FACTS}
        if "organisation" not in given:
            defaults["person"] = given.pop("person", None) or accounts.person()
        return open_record(**{**defaults, **given}, by=self.clerk, at=at)

    def investigated(self, **given: object) -> IntegrityRecord:
        record = self.opened(**given)
        return noticing.investigate(record, findings="编辑部确认论文为代写。", by=self.clerk, at=record.opened_at)

    def noticed(
        self, *, intent: Intent = INTENT, noticed_at: dt.datetime = NOTICED, **given: object
    ) -> IntegrityRecord:
        return noticing.give_notice(self.investigated(**given), intent, by=self.lead, at=noticed_at)

    def decided(
        self, *, ruling: Ruling = RULING, decided_at: dt.datetime = DECIDED, **given: object
    ) -> IntegrityRecord:
        return deciding.decide(self.noticed(**given), ruling, by=self.lead, at=decided_at)

    def in_force(self, *, served_at: dt.datetime = SERVED, **given: object) -> IntegrityRecord:
        return serving.serve(self.decided(**given), how="直接送达，本人签收。", by=self.clerk, at=served_at)
