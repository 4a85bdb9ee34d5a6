"""What must hold before a certificate is issued or changed."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from certificates.enums import CertificateState, ChangeKind
from portal.shared.errors import Reason
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from certificates.models import Certificate, CertificateChange, IssueOrder, NationalPush

FEWEST_SIGNS = 10


@guard(_("证书文件还没有制作完成。"), basis="R-124", needs=("file", "notice_file"))
def papers_are_made(certificate: "Certificate", attempt: Attempt) -> bool:
    """Certificate and result notice are written and signed."""
    return attempt.facts.get("file") is not None and attempt.facts.get("notice_file") is not None


@guard(_("现在不能核发证书。"), basis="R-123", needs=("reasons",))
def nothing_speaks_against_it(certificate: "Certificate", attempt: Attempt) -> bool | list[Reason]:
    """What was asked when the order was given still holds at the instant of issue (invariant 13.1)."""
    reasons = attempt.facts.get("reasons")
    return False if reasons is None else list(reasons)


@guard(_("请写明理由，至少10个字。"), basis="A-45", needs=("reason",), field="reason")
def reason_given(subject: "Certificate | CertificateChange", attempt: Attempt) -> bool:
    """Whoever is affected learns why."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(_("提出人不能同时批准，请由另一位负责人决定。"), basis="R-123")
def another_proposed(subject: "IssueOrder | CertificateChange", attempt: Attempt) -> bool:
    """Four eyes: whoever prepares does not decide."""
    return attempt.by.person is None or subject.proposed_by_id != attempt.by.person.pk


@guard(_("您是证书持有人，不能办理本人的证书。"), basis="R-123")
def not_ones_own(change: "CertificateChange", attempt: Attempt) -> bool:
    """Nobody decides about their own certificate."""
    return attempt.by.person is None or change.certificate.holder_id != attempt.by.person.pk


@guard(_("您在本批人员之中，不能签发。"), basis="R-123")
def not_in_the_order(order: "IssueOrder", attempt: Attempt) -> bool:
    """Nobody issues a certificate to themselves."""
    person = attempt.by.person
    return person is None or not order.lines.filter(case__application__applicant=person).exists()


@guard(_("证书还在制作，请在全部完成或者作废后办结。"), basis="R-123")
def nobody_waits(order: "IssueOrder", attempt: Attempt) -> bool:
    """Every line has its certificate in force, or its number voided, or was passed over."""
    is_being_made = order.certificates.filter(state=CertificateState.PREPARING).exists()
    return not is_being_made and not order.lines.to_be_judged().exists()


@guard(_("撤销证书应当依据已作出的撤销职称决定。"), basis="R-141", field="record")
def revocation_decided(change: "CertificateChange", attempt: Attempt) -> bool:
    """A certificate falls only with a decision in force of the integrity archive; nobody revokes by opinion."""
    if change.kind != ChangeKind.REVOKE:
        return True
    return change.record is not None and change.record_revokes


@guard(_("推送没有停下，无需重新推送。"), basis="R-126")
def is_stuck(push: "NationalPush", attempt: Attempt) -> bool:
    """Nobody calls for it by itself any more."""
    return push.is_stuck
