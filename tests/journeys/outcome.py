"""Certificates over HTTP: put together and ordered by two, written by the worker, downloaded, and checked by anybody."""

from django.urls import reverse

from applications.models import Application
from certificates.domain import making
from certificates.enums import OrderState
from certificates.models import Certificate, IssueOrder
from portal.sealing import judgement
from portal.sealing.judging.verdict import Verdict
from review.models import ResultAcceptance
from tests.journeys.results import Bureau
from tests.journeys.walking import Walker, page


def certifies(bureau: Bureau, batch: ResultAcceptance, application: Application) -> Certificate:
    """Let the clerk propose the batch and the lead order it; the worker writes what was ordered."""
    bureau.clerk.sees(page("certificates:waiting"), batch.session.title)
    bureau.clerk.sends(page("certificates:waiting"), batch=batch.code)
    order = IssueOrder.objects.latest("pk")
    assert bureau.clerk.client.get(page("certificates:give", order.code)).status_code == 403
    bureau.lead.sends(page("certificates:give", order.code))
    assert making.work_off(seconds=60) > 0
    bureau.clerk.sees(page("certificates:order", order.code), str(OrderState.FINISHED.label))
    return Certificate.objects.get(case__application=application)


def downloads(person: Walker, certificate: Certificate) -> None:
    """The holder finds the certificate and takes both papers, which anybody can prove to be genuine."""
    person.sees(page("certificates:own"), certificate.number)
    person.sees(page("certificates:mine", certificate.code), certificate.title, certificate.check_code)
    assert certificate.file is not None
    assert certificate.notice_file is not None
    for file in (certificate.file, certificate.notice_file):
        answer = person.client.get(reverse("documents:download", args=[file.code]))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert judgement.judge(content).verdict is Verdict.GENUINE


def checks(certificate: Certificate, *words: str, code: str = "") -> str:
    """Ask the public page by number and name, and with ``code`` for the face; every one of ``words`` is answered."""
    public = Walker()
    entered = {"number": certificate.number, "name": certificate.holder_name, "code": code}
    answer = public.client.post(page("certificates:check"), entered)
    assert answer.status_code == 200
    text = str(answer.content.decode())
    for word in words:
        assert word in text, f"{word} is not answered:\n{text}"
    return text
