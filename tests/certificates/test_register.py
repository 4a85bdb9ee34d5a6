"""The bureau's register: found by name, number and document, narrowed, read page by page, and taken out."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from certificates.domain import register
from certificates.domain.register import Wanted
from certificates.models import Certificate, RegisterExport
from certificates.tasks import write_exports
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.shared.errors import Refusal
from tests.factories import acceptances, accounts, certificates
from tests.factories.certificates import MADE

pytestmark = pytest.mark.django_db
REGISTER = "/certificates/register/"


@pytest.fixture(scope="module")
def keys(standing):
    def make() -> list[int]:
        order = certificates.given(certificates.proposed(certificates.cleared(3)))
        first, second, third = order.certificates.order_by("serial")
        return [certificates.issued(first).pk, certificates.issued(second).pk, third.pk]

    return standing(make)


@pytest.fixture
def rows(keys: list[int], at) -> list[Certificate]:
    at(MADE)
    return list(Certificate.objects.filter(pk__in=keys).select_related("holder").order_by("serial"))


@pytest.fixture
def clerk(rows: list[Certificate]) -> Client:
    return accounts.client(acceptances.clerk())


def text(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def found(browser: Client, words: str, **kept: str) -> str:
    """Look for somebody and return the list."""
    answer = browser.post(f"{REGISTER}search/", {"words": words, **kept})
    assert answer.status_code == 302
    assert words not in answer["Location"]
    return text(browser, answer["Location"])


@pytest.mark.rule("R-127")
def test_a_certificate_is_found_by_name_number_and_document(rows: list[Certificate], clerk: Client) -> None:
    one, other = rows[:2]
    number = one.holder.documents.get().number
    for words in (one.holder_name, one.number, one.number.lower(), number):
        listed = found(clerk, words)
        assert one.number in listed
        assert other.number not in listed
    assert "没有符合条件的证书" in found(clerk, "欧阳无人")
    assert "没有符合条件的证书" in found(clerk, number[:10])


def test_it_is_narrowed_by_year_series_state_and_committee(rows: list[Certificate], clerk: Client) -> None:
    series, committee = rows[0].numbered_in.code, rows[0].committee[2:6]
    listed = text(clerk, f"{REGISTER}?year=2026&series={series}&state=issued&committee={committee}")
    assert [row.number in listed for row in rows] == [True, True, False]
    for nothing in ("year=2025", "state=revoked", "committee=无此委员会"):
        assert "没有符合条件的证书" in text(clerk, f"{REGISTER}?{nothing}")
    assert "共 3 份" in text(clerk, f"{REGISTER}?year=abc&series=99")  # what does not exist narrows nothing


def test_pages_go_on_where_the_last_one_ended(rows: list[Certificate], monkeypatch: pytest.MonkeyPatch) -> None:
    every = Certificate.objects.all()
    newest = register.read(every, size=2)
    assert (newest.rows, newest.earlier, newest.later) == ([rows[2], rows[1]], "", rows[1].code)
    last = register.read(every, after=newest.later, size=2)
    assert (last.rows, last.earlier, last.later) == ([rows[0]], rows[0].code, "")
    back = register.read(every, before=last.earlier, size=2)
    assert (back.rows, back.earlier, back.later) == ([rows[2], rows[1]], "", rows[1].code)
    assert register.read(every, after="ZS-NOBODY", size=2).rows == newest.rows


def test_the_list_asks_as_often_for_one_as_for_three(
    rows: list[Certificate], clerk: Client, django_assert_max_num_queries
) -> None:
    series = rows[0].numbered_in.code
    text(clerk, REGISTER)
    with django_assert_max_num_queries(100) as one:
        assert text(clerk, f"{REGISTER}?series={series}&state=preparing").count('scope="row"') == 1
    with django_assert_max_num_queries(len(one)):
        assert text(clerk, f"{REGISTER}?series={series}").count('scope="row"') == 3


def test_it_leaves_as_a_file_and_the_ledger_tells_of_it(rows: list[Certificate], clerk: Client) -> None:
    page = found(clerk, rows[0].holder_name)
    token = page.split('name="found" value="')[1].split('"')[0]
    answer = clerk.post(f"{REGISTER}export/", {"found": token, "state": "issued", FIELD: new_key()})
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0][:2] == ("证书编号", "姓名")
    assert [line[0] for line in lines[1:]] == [rows[0].number]
    entry = Entry.objects.get(step=register.STEP)
    assert entry.facts == {"rows": 1, "filter": {"state": "issued"}, "by_words": True, "personal": True}


def test_a_long_sheet_is_written_by_a_worker_for_who_asked_alone(
    rows: list[Certificate], clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "AT_ONCE", 2)
    answer = clerk.post(f"{REGISTER}export/", {"year": "2026", FIELD: new_key()})
    asked = RegisterExport.objects.get()
    assert (answer.url, asked.criteria) == (f"/certificates/exports/{asked.code}/", {"year": "2026"})
    assert "正在后台生成" in text(clerk, answer.url)
    assert not Entry.objects.filter(step=register.STEP).exists()
    write_exports()
    done = RegisterExport.objects.select_related("file").get()
    assert (done.rows, done.attempts) == (3, 1)
    download = reverse("documents:download", args=[done.file.code])
    assert download in text(clerk, answer.url)
    sheet = b"".join(clerk.get(download).streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(sheet)).active.max_row == 4
    assert Entry.objects.get(step=register.STEP).facts["filter"] == {"year": "2026"}
    other = accounts.client(acceptances.lead())
    assert other.get(answer.url).status_code == other.get(download).status_code == 404
    assert "可以下载" in text(clerk, REGISTER)
    with pytest.raises(Refusal) as refused:
        register.order(Wanted(words="林"), by=acceptances.clerk(), at=MADE)
    assert [reason.code for reason in refused.value.reasons] == ["too_many_by_name"]


def test_one_certificate_shows_everything_that_is_known_of_it(rows: list[Certificate], clerk: Client) -> None:
    page = text(clerk, f"{REGISTER}{rows[0].code}/")
    for told in (
        rows[0].number,
        rows[0].masked_document,
        "待推送",
        "日志第 1 条（核验程序中的编号 0）",
        "核发证书",
        rows[0].file.code,
    ):
        assert told in page
    preparing = text(clerk, f"{REGISTER}{rows[2].code}/")
    assert "全国职称评审信息查询平台" not in preparing.split("<main")[1]
    assert "证书文件" not in preparing


def test_nobody_but_the_bureau_reads_it(rows: list[Certificate], visit: Callable[..., Client]) -> None:
    holder = visit(certificates.holder_of(rows[0]))
    assert holder.get(REGISTER).status_code == 403
    assert holder.get(f"{REGISTER}{rows[0].code}/").status_code == 403
