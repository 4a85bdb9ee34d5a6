"""The holder's own pages: 个人办事 → 职称评审 → 本人证书查询, whatever became of the certificate since."""

from collections.abc import Callable

import pytest
from django.test import Client

from certificates.domain import following
from certificates.models import Certificate
from portal.accounts.actors import SYSTEM, acting_for, acting_personally
from portal.accounts.roles import Role
from portal.http.navigation import entries_for
from tests.factories import acceptances, accounts, certificates
from tests.factories.certificates import MADE

pytestmark = pytest.mark.django_db
OWN = "/certificates/own/"
WHY = "有材料反映业绩不实，需要核查。"


@pytest.fixture(scope="module")
def issued_key(standing):
    return standing(lambda: certificates.issued().pk)


@pytest.fixture
def certificate(issued_key: int, at) -> Certificate:
    at(MADE)
    return Certificate.objects.select_related("holder", "file", "notice_file", "case__application").get(pk=issued_key)


@pytest.fixture
def holder(certificate: Certificate) -> Client:
    return accounts.client(certificates.holder_of(certificate))


def text(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.mark.rule("R-124")
@pytest.mark.rule("R-125")
def test_the_holder_reads_the_face_and_downloads_both_papers(certificate: Certificate, holder: Client) -> None:
    mine = f"{OWN}{certificate.code}/"
    listed = text(holder, OWN)
    assert mine in listed
    assert "证书有效" in listed
    page = text(holder, mine)
    for told in (certificate.number, certificate.holder_name, certificate.masked_document, certificate.check_code):
        assert told in page
    for file, content in ((certificate.file, b"certificate"), (certificate.notice_file, b"notice")):
        assert f"/files/{file.code}/" in page
        answer = holder.get(f"/files/{file.code}/")
        assert answer.status_code == 200
        assert content in b"".join(answer.streaming_content)
    assert "日志第 1 条（核验程序中的编号 0）" in page


@pytest.mark.rule("R-125")
def test_the_navigation_and_the_application_lead_there(certificate: Certificate, holder: Client) -> None:
    actor = certificates.holder_of(certificate)
    assert OWN in {entry.address for entry in entries_for(actor)}
    application = text(holder, f"/applications/{certificate.case.application.code}/")
    assert f"{OWN}{certificate.code}/" in application
    assert certificate.number in application


def test_nobody_else_reads_it(certificate: Certificate, visit: Callable[..., Client]) -> None:
    mine, stranger = f"{OWN}{certificate.code}/", visit(accounts.actor())
    assert stranger.get(mine).status_code == 404
    assert stranger.get(f"/files/{certificate.file.code}/").status_code == 404
    assert certificate.number not in text(stranger, OWN)
    assert "还没有本平台核发的职称证书" in text(stranger, OWN)
    employer = certificate.case.application.recommendation.organisation
    for browser in (visit(accounts.actor(Role.EMPLOYER_HEAD, at=employer)), visit(accounts.actor(Role.AGENCY_LEAD))):
        assert browser.get(OWN).status_code == 403
        assert browser.get(f"/files/{certificate.file.code}/").status_code == 404
    bureau = visit(acceptances.clerk())
    assert b"".join(bureau.get(f"/files/{certificate.file.code}/").streaming_content)
    assert bureau.get(mine).status_code == 403


def test_a_holder_who_works_for_an_employer_reads_it_as_themselves_alone(certificate: Certificate) -> None:
    place = accounts.organisation()
    at_work = acting_for(certificate.holder, place, frozenset({Role.EMPLOYER_CLERK}))
    assert not Certificate.objects.of(at_work).exists()
    assert Certificate.objects.of(acting_personally(certificate.holder)).get() == certificate


def test_what_is_not_handed_out_yet_is_not_shown(certificate: Certificate) -> None:
    one = certificates.prepared(certificates.cleared(entry=certificate.case.application.entry)[0])
    browser = accounts.client(certificates.holder_of(one))
    assert one.number not in text(browser, OWN)
    assert browser.get(f"{OWN}{one.code}/").status_code == 404


@pytest.mark.rule("A-45")
def test_each_standing_says_what_it_means_and_what_to_do(certificate: Certificate, holder: Client) -> None:
    mine = f"{OWN}{certificate.code}/"
    row = following.suspend(certificate, reason=WHY, by=SYSTEM, at=MADE)
    for page in (text(holder, OWN), text(holder, mine)):
        assert "他人查验时显示核查中" in page
    assert WHY in text(holder, mine)
    row = following.revoke(row, reason="撤销职称的决定已经生效。", on=MADE.date(), by=SYSTEM, at=MADE)
    page = text(holder, mine)
    assert "2026年10月26日（星期一）</time>撤销" in page
    assert "行政复议" in page
    following.restore(row, reason="复议决定撤销了原决定。", by=SYSTEM, at=MADE)
    assert "证书有效" in text(holder, mine)


def test_a_corrected_certificate_leads_to_the_new_one(certificate: Certificate, holder: Client) -> None:
    new = certificates.corrected(certificate)
    old_page, new_page = text(holder, f"{OWN}{certificate.code}/"), text(holder, f"{OWN}{new.code}/")
    assert "已更正，由新证书替代" in old_page
    assert f"{OWN}{new.code}/" in old_page
    assert "本证书替代" in new_page
    assert new.number in text(holder, f"/applications/{certificate.case.application.code}/")


def test_the_list_asks_as_often_for_one_as_for_two(
    certificate: Certificate, holder: Client, django_assert_max_num_queries
) -> None:
    text(holder, OWN)
    with django_assert_max_num_queries(100) as first:
        text(holder, OWN)
    certificates.corrected(certificate)
    with django_assert_max_num_queries(len(first)):
        assert text(holder, OWN).count("zc-card__title") == 2
