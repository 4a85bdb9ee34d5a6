"""Certificates over HTTP: put together and ordered by two, written by the worker, downloaded, and checked by anybody."""

from certificates.domain import making
from certificates.enums import OrderState
from certificates.models import Certificate, IssueOrder
from portal.sealing import judgement
from portal.sealing.judging.verdict import Verdict
from review.models import ResultAcceptance
from tests.journeys.lives import Life
from tests.journeys.results import Bureau
from tests.journeys.walking import Walker, page


def certifies(bureau: Bureau, batch: ResultAcceptance) -> None:
    """Let the clerk propose the batch and the lead order it; the worker writes what was ordered."""
    bureau.clerk.sees(page("certificates:waiting"), batch.session.title)
    bureau.clerk.sends(page("certificates:waiting"), batch=batch.code)
    order = IssueOrder.objects.latest("pk")
    bureau.clerk.may_not(page("certificates:give", order.code))
    bureau.lead.sends(page("certificates:give", order.code))
    assert making.work_off(seconds=60) > 0
    bureau.clerk.sees(page("certificates:order", order.code), str(OrderState.FINISHED.label))


def of(life: Life) -> Certificate:
    return Certificate.objects.get(case__application=life.application)


def downloads(life: Life) -> None:
    """The holder finds the certificate and takes both papers, which anybody can prove to be genuine."""
    certificate = of(life)
    life.person.sees(page("certificates:own"), certificate.number)
    life.person.sees(page("certificates:mine", certificate.code), certificate.title, certificate.check_code)
    assert certificate.file is not None
    assert certificate.notice_file is not None
    for file in (certificate.file, certificate.notice_file):
        content = life.person.takes(page("documents:download", file.code))
        assert judgement.judge(content).verdict is Verdict.GENUINE


def is_verified(life: Life) -> None:
    """Anybody checks the certificate by number and name; its face is for whoever has the printed code."""
    certificate = of(life)
    assert certificate.committee not in _answered(certificate, certificate.title)
    _answered(certificate, certificate.committee, code=certificate.check_code)


def _answered(certificate: Certificate, *words: str, code: str = "") -> str:
    """Ask the public page by number and name, and with ``code`` for the face; every one of ``words`` is answered."""
    entered = {"number": certificate.number, "name": certificate.holder_name, "code": code}
    answer = Walker().client.post(page("certificates:check"), entered)
    assert answer.status_code == 200
    text = str(answer.content.decode())
    for word in words:
        assert word in text, f"{word} is not answered:\n{text}"
    return text
