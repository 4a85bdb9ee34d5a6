"""Two records of the demonstration: one in force, one on which the investigation begins.

For demonstrations and tests only; the people and their papers do not exist.
"""

import datetime as dt

from portal.accounts import invented
from portal.accounts.actors import Actor
from portal.accounts.demo import PASSWORD
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument, Person, VerificationSource
from portal.integrity.domain import deciding, noticing, serving
from portal.integrity.domain.opening import open_record
from portal.integrity.enums import Act, Measure, Source, SubjectRole
from portal.integrity.forms import usual_remedies
from portal.integrity.models import IntegrityRecord
from portal.integrity.papers import Intent, Ruling
from portal.shared import clock

BARRED, SUSPECTED = "applicant-barred", "applicant-suspected"


def _on(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, 9, 30, tzinfo=clock.BEIJING)


def load(*, clerk: Actor, lead: Actor) -> None:
    """Bring both records where they stand by the real steps; a second run changes nothing."""
    if IntegrityRecord.objects.exists():
        return
    _in_force(_person(BARRED, "苏怀安", 901), clerk, lead)
    open_record(
        person=_person(SUSPECTED, "陆明川", 902),
        role=SubjectRole.APPLICANT,
        source=Source.REPORT,
        facts="举报称其申报材料中的工程项目业绩证明系伪造，项目单位查无该项目（演示数据，人员虚构）。",
        by=clerk,
        at=_on(7, 6),
    )


def _in_force(who: Person, clerk: Actor, lead: Actor) -> None:
    facts = "数据比对发现其上一年度申报的代表作与他人已发表论文高度重合（演示数据，人员虚构）。"
    record = open_record(
        person=who,
        role=SubjectRole.APPLICANT,
        source=Source.DATA_COMPARISON,
        facts=facts,
        by=clerk,
        at=_on(3, 16),
    )
    findings = "经期刊编辑部书面确认，代表作抄袭他人论文，重合部分占全文百分之六十二。"
    record = noticing.investigate(record, findings=findings, by=clerk, at=_on(3, 20))
    intent = Intent(Act.PLAGIARISM, findings, (Measure.CANCEL_APPLICATION,))
    record = noticing.give_notice(record, intent, by=lead, at=_on(3, 23))
    ruling = Ruling(
        text="认定申报中剽窃他人学术成果，依据京人社事业字〔2024〕96号四（一）取消申报资格，记入诚信档案。",
        deliberation="2026年4月14日集体讨论，参加人五名，会议纪要〔2026〕第3号。",
        measures=(Measure.CANCEL_APPLICATION,),
        remedies=usual_remedies(),
    )
    record = deciding.decide(record, ruling, by=lead, at=_on(4, 15))
    serving.serve(record, how="2026年4月20日直接送达，本人签收，送达回证存卷。", by=clerk, at=_on(4, 20))


def _person(username: str, full_name: str, serial: int) -> Person:
    born_on = dt.date(1979, 5, serial - 890)
    person = Person.objects.create_user(
        username, PASSWORD, full_name=full_name, born_on=born_on, phone=invented.mobile_number(serial)
    )
    IdentityDocument.objects.create(
        person=person,
        kind=DocumentKind.RESIDENT_ID,
        number=invented.resident_number(born_on, serial),
        verified_at=_on(1, 5),
        source=VerificationSource.IDENTITY_REGISTER,
    )
    return person
