"""A freelancer's recommender: nobody insures the person, a recognised association recommends, on its desk or on paper (R-080…R-085)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.domain import drafting, lookups
from applications.domain.archiving import EVIDENCE
from applications.domain.gathering import Gathered
from applications.domain.settling import settled_first
from applications.enums import ApplicationState, LookupState, SealedPaper, System
from applications.models import Application, SealedScan, Sheet
from applications.sections import SEALED, SheetKind
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.enums import Channel
from portal.catalogue.models import Recognition
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal


@settled_first
def choose(
    application: Application, association: Organisation | None, *, on_paper: bool = False, by: Actor, at: dt.datetime
) -> Application:
    """Have an association recommend, on its desk or ``on_paper``; None leaves it to the insured employer again.

    What was filled in stays. Raises Refusal for somebody whom an employer insures, and for an association that is not
    recognised today.
    """
    row = drafting.editable(application, by)
    if reasons := list(_against(row, association, at, on_paper=on_paper)):
        raise Refusal(reasons)
    is_on_paper = association is not None and on_paper
    row.channel = Channel.FREELANCER if association is not None else Channel.ORDINARY
    row.employer, row.on_paper = association, is_on_paper
    row.save()
    if is_on_paper:
        Sheet.objects.get_or_create(application=row, kind=SheetKind.SEALED)
    facts = {"association": association.code if association else "", "on_paper": is_on_paper}
    record(row, "choose_association", by=by, at=at, facts=facts, basis="R-082, A-16")
    return row


@settled_first
def attach(application: Application, paper: SealedPaper, offer: Any, *, by: Actor, at: dt.datetime) -> SealedScan:
    """Keep the scan of one sealed paper, in place of an earlier one; raises Refusal beside ``file``."""
    row = drafting.editable(application, by)
    if not row.on_paper:
        text = _("请先选择协会、学会纸质推荐。")
        raise Refusal([Reason(text, basis="A-16", code="is_on_paper", field="file")])
    file: StoredFile = offers.take(offer, purpose=EVIDENCE, by=by, at=at)
    scan, _new = SealedScan.objects.update_or_create(
        application=row, paper=paper, defaults={"file": file, "added_at": at}
    )
    facts = {"paper": str(paper), "file": file.code, "sha256": file.sha256}
    record(row, "attach_scan", by=by, at=at, facts=facts, basis="R-084")
    return scan


def offered(at: dt.datetime) -> list[Recognition]:
    """Return the recognitions of today, by the association's name."""
    held = Recognition.objects.holding_on(clock.day_of(at)).select_related("association")
    return list(held.order_by("association__name", "recognised_on"))


def recognition_of(association: Organisation, day: dt.date) -> Recognition | None:
    """Return the recognition by which ``association`` recommends on ``day``, None where it has none."""
    return Recognition.objects.holding_on(day).filter(association=association).order_by("-recognised_on").first()


def content_of(gathered: Gathered, at: dt.datetime) -> dict[str, Any]:
    """Return what a freelancer's application says of its recommender and of the sealed papers; empty for everybody else."""
    association = gathered.association
    if association is None:
        return {}
    found = recognition_of(association, notice_day(gathered) or clock.day_of(at))
    told: dict[str, Any] = {
        "association": {
            "name": association.name,
            "credit_code": association.credit_code,
            "recognised_by": found.by_whom if found else "",
            "recognised_on": found.recognised_on.isoformat() if found else "",
            "document": found.document if found else "",
            "on_paper": gathered.application.on_paper,
        }
    }
    if gathered.application.on_paper:
        told["scans"] = [
            {"file": one.file.code, "name": one.file.original_name, "sha256": one.file.sha256, "paper": one.paper}
            for one in gathered.scans
        ]
    return told


def notice_day(gathered: Gathered) -> dt.date | None:
    """Return the first day of the notice on paper; None without one, and where the association works on its desk."""
    if not gathered.application.on_paper:
        return None
    text = gathered.sheets.get(SEALED.key, {}).get("notice_since")
    return dt.date.fromisoformat(str(text)) if text else None


def reasons_against(gathered: Gathered, at: dt.datetime) -> Iterator[Reason]:
    """Yield what keeps an association from recommending the person, or a person from being recommended by it."""
    association, insurance = gathered.association, gathered.lookups.get(System.INSURANCE)
    if association is None:
        return
    if gathered.insured is not None:
        yield _insured(gathered.insured.name)
    elif insurance is None or (insurance.answer is None and insurance.state != LookupState.FAILED):
        text = _("正在查询您的参保情况，没有单位参保的由协会、学会推荐；请稍后刷新，长时间未返回请重新查询。")
        yield Reason(text, basis="R-070", code="insurance_not_answered", field="registers")
    day = notice_day(gathered)
    if day is None and gathered.application.state == ApplicationState.RETURNED:
        return  # what it recommended while it was recognised stands
    if recognition_of(association, day or clock.day_of(at)) is None:
        text = _("「%(name)s」在公示起始日不在认可名单内，不能推荐自由职业者。") % {"name": association.name}
        yield Reason(text, basis="R-082", code="association_not_recognised", field="association")


def _against(
    application: Application, association: Organisation | None, at: dt.datetime, *, on_paper: bool
) -> Iterator[Reason]:
    chosen = (association.pk if association else None, on_paper)
    if application.return_count and chosen != (application.employer_id, application.on_paper):
        yield Reason(_("补正期间不能更换推荐单位和推荐方式。"), basis="R-078", code="choice_is_fixed")
        return
    if association is None:
        return
    insured = lookups.insured_employer(application.applicant)
    if insured is not None:
        yield _insured(insured.name)
    if not application.return_count and recognition_of(association, clock.day_of(at)) is None:
        text = _("「%(name)s」不在认可名单内，不能推荐自由职业者。") % {"name": association.name}
        yield Reason(text, basis="R-082", code="association_not_recognised", field="association")


def _insured(name: str) -> Reason:
    text = _("社会保险数据显示您由「%(name)s」参保，由参保单位审核推荐，不能由协会、学会推荐。") % {"name": name}
    return Reason(text, basis="R-070", code="insured_by_employer", field="association")
