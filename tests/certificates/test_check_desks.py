"""Files and sheets that are checked, and what the holder sees of it (R-126, A-12)."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from certificates.domain import making
from certificates.interfaces import asking, check_sheets
from certificates.models import Certificate, CertificateCheck, OneTimeCode
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.http import limits
from portal.http.models import HandledPost
from portal.http.once import HEADER, new_key
from portal.ledger.models import Entry
from portal.shared import clock
from tests.factories import checks as factory
from tests.factories import seals

pytestmark = pytest.mark.django_db
FILE, SHEET, RESULTS = "/certificates/check/file/", "/certificates/check/sheet/", "/certificates/check/sheet/results/"
HEAD = "证书编号,姓名,查验码\n"


@pytest.fixture(autouse=True)
def _limits_forget() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def kept(standing: Callable[..., Any]) -> tuple[int, int, bytes]:
    """Keep a certificate, a restricted one and the paper of the first for the module's tests."""

    def make() -> tuple[int, int, bytes]:
        first, second = factory.cases(2)
        one = factory.issued(first)
        with override_settings(SEALING={**settings.SEALING, "time_stamps": False}):
            paper = making.papers_of(one, factory.ISSUED).certificate
        return one.pk, factory.issued(second, is_restricted=True).pk, paper

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def plain(kept: tuple[int, int, bytes]) -> Certificate:
    return Certificate.objects.get(pk=kept[0])


@pytest.fixture
def restricted(kept: tuple[int, int, bytes]) -> Certificate:
    return Certificate.objects.get(pk=kept[1])


@pytest.fixture
def employer(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.EMPLOYER_CLERK)


def sent(client: Client, address: str, content: bytes, name: str) -> str:
    answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


# --- Files ----------------------------------------------------------------------------------
@pytest.mark.rule("R-126")
def test_our_file_is_recognised_and_its_certificate_checked(
    client: Client, plain: Certificate, kept: tuple[int, int, bytes]
) -> None:
    shown = sent(client, FILE, kept[2], "证书.pdf")
    assert "签章后没有改动" in shown
    assert "证书有效" in shown
    assert plain.holder_name in shown
    assert CertificateCheck.objects.get().way == "file"


def test_changed_and_foreign_files_are_told_apart(
    client: Client, plain: Certificate, kept: tuple[int, int, bytes], tmp_path: Path
) -> None:
    changed = sent(client, FILE, seals.added_to(kept[2], seals.another_name), "a.pdf")
    assert "签章后被改动过" in changed
    assert plain.holder_name in changed  # what was issued, whatever the file shows
    strange = seals.signed(seals.drawn(tmp_path), seals.stranger(tmp_path / "keys"))
    assert "文件不是市人力资源社会保障局签章" in sent(client, FILE, strange, "a.pdf")
    place = kept[2].index(b"%", 1) + 1  # in the comment that stands below the header
    altered = kept[2][:place] + bytes([kept[2][place] ^ 1]) + kept[2][place + 1 :]
    assert "文件与签章不符" in sent(client, FILE, altered, "a.pdf")
    assert "文件无法读取" in sent(client, FILE, b"hello", "a.pdf")
    assert CertificateCheck.objects.get().way == "file"


def test_files_are_small_and_not_too_many(client: Client) -> None:
    assert "不能超过5MB" in sent(client, FILE, b"%PDF" + bytes(5 * 1024 * 1024), "a.pdf")
    for _time in range(asking.FILES_AN_HOUR):
        limits.count(asking.FILES, "127.0.0.1")
    assert "操作过于频繁" in sent(client, FILE, b"hello", "a.pdf")


# --- Sheets ---------------------------------------------------------------------------------
def sheet(rows: list[list[str]]) -> bytes:
    with xlsxwriter.Workbook(buffer := io.BytesIO()) as book:
        page = book.add_worksheet()
        for number, row in enumerate([check_sheets.HEADINGS, *rows]):
            page.write_row(number, 0, row)
    return buffer.getvalue()


@pytest.mark.rule("R-126")
def test_an_employer_checks_many_and_every_line_comes_back(
    visit: Callable[..., Client], employer: Actor, plain: Certificate, restricted: Certificate
) -> None:
    client = visit(employer)
    rows = [
        [plain.number, plain.holder_name, factory.CODE],
        ["", "张三", ""],
        [plain.number.lower(), plain.holder_name, ""],
        [restricted.number, restricted.holder_name, ""],
        ["ZC1", "张三", ""],
    ]
    shown = sent(client, SHEET, sheet(rows), "名单.xlsx")
    for words in ("证书有效", "未填写证书编号。", "与第2行编号相同。", "没有查到编号和姓名一致的证书"):
        assert words in shown
    row = CertificateCheck.objects.get()
    assert (row.way, row.organisation, row.shows_face) == ("bulk", employer.organisation, True)
    answers = shown.partition('name="answers" value="')[2].partition('"')[0]
    download = client.post(RESULTS, {"answers": answers})
    lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(download.content)).get_sheet_by_index(0)
    assert [line[0] for line in lines.to_python()] == ["行", "2", "3", "4", "5", "6"]
    assert lines.to_python()[1][3:6] == ["证书有效", plain.title, plain.get_level_display()]
    assert CertificateCheck.objects.count() == 1


def test_answers_of_others_are_not_handed_out(
    visit: Callable[..., Client], employer: Actor, actor: Callable[..., Actor]
) -> None:
    line = check_sheets.Line(2, "ZC1", "张三", "证书有效", "good")
    answers = check_sheets.sealed([line], employer)
    assert visit(employer).post(RESULTS, {"answers": answers}).status_code == 200
    assert visit(actor(Role.EMPLOYER_CLERK)).post(RESULTS, {"answers": answers}).status_code == 409


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_as_excel_writes_it(
    visit: Callable[..., Client], employer: Actor, plain: Certificate, encoding: str
) -> None:
    content = f"{HEAD}{plain.number},{plain.holder_name},\n,,\nZC1,张三\n".encode(encoding)
    shown = sent(visit(employer), SHEET, content, "名单.csv")
    assert "证书有效" in shown
    assert "没有查到" in shown


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"a,b\n", "x.csv", "首行须依次为"),
        (HEAD.encode(), "x.csv", "没有要查验的证书"),
        ((HEAD + "ZC1,张三,\n" * 1001).encode(), "x.csv", "一次最多查验1000行，文件有1001行"),
        (b"\xff\xfe\x00\x81", "x.csv", "编码无法识别"),
        (b"hello", "x.xlsx", "文件不是xlsx格式"),
    ],
)
def test_what_is_no_such_sheet_is_refused(
    visit: Callable[..., Client], employer: Actor, content: bytes, name: str, words: str
) -> None:
    assert words in sent(visit(employer), SHEET, content, name)


def test_a_sheet_guesses_at_no_name(visit: Callable[..., Client], employer: Actor, plain: Certificate) -> None:
    for _time in range(asking.MISSES_AN_HOUR):
        sent(visit(employer), SHEET, f"{HEAD}{plain.number},张三,\n".encode(), "x.csv")
        cache.delete(limits._key(asking.SHEETS, employer.organisation.code if employer.organisation else ""))
    right = f"{HEAD}{plain.number},{plain.holder_name},\n".encode()
    assert "没有查到" in sent(visit(employer), SHEET, right, "x.csv")


# --- The holder -----------------------------------------------------------------------------
@pytest.mark.rule("A-12")
def test_the_holder_makes_a_code_and_sees_it_used(
    visit: Callable[..., Client], employer: Actor, restricted: Certificate
) -> None:
    clock.move_to(factory.ISSUED)
    holder = visit(acting_personally(restricted.holder))
    address = f"/certificates/own/{restricted.code}/checks/"
    assert "还没有人查验过" in holder.get(address).content.decode()
    made = holder.post(f"{address}codes/", {"_key": new_key()}, follow=True).content.decode()
    code = made.partition("一次性查验码：")[2].partition("。")[0]
    assert len(code.replace(" ", "")) == 10
    assert code not in holder.get(address).content.decode()
    body = {"number": restricted.number, "name": restricted.holder_name, "code": code}
    assert "证书有效" in visit(employer).post("/certificates/check/", body).content.decode()
    shown = holder.get(address).content.decode()
    assert employer.organisation is not None
    assert shown.count(employer.organisation.name) == 2
    assert OneTimeCode.objects.get().used_by == employer.organisation


def test_others_do_not_see_who_checked(
    visit: Callable[..., Client], actor: Callable[..., Actor], restricted: Certificate
) -> None:
    address = f"/certificates/own/{restricted.code}/checks/"
    assert visit(actor()).get(address).status_code == 404
    assert visit(actor()).post(f"{address}codes/", {"_key": new_key()}).status_code == 404


# --- Over the API ------------------------------------------------------------------------------
def judged(client: Client, pdf: bytes, kind: str = "application/pdf") -> Any:
    return client.post("/api/certificates/file-checks/", pdf, content_type=kind)


def test_a_file_is_judged_over_the_api_as_on_the_page(
    client: Client, kept: tuple[int, int, bytes], plain: Certificate
) -> None:
    told = judged(client, kept[2])
    assert (told.status_code, told.json()["verdict"], told.json()["is_intact"]) == (200, "genuine", True)
    assert told.json()["answer"]["face"]["number"] == plain.number
    changed = judged(client, kept[2].replace(b"/Type /Page", b"/Type /Pagf", 1)).json()
    assert (changed["is_intact"], changed["tone"]) == (False, "bad")
    nothing = judged(client, b"").json()
    assert (nothing["verdict"], nothing["answer"]) == ("broken", None)
    assert judged(client, b"{}", "application/json").status_code == 415
    assert judged(client, b"0" * (5 * 1024 * 1024 + 1)).status_code == 413
    assert not HandledPost.objects.exists()
    for _time in range(asking.FILES_AN_HOUR):
        limits.count(asking.FILES, "127.0.0.1")
    assert judged(client, kept[2]).json()["code"] == "too_often"


@pytest.mark.rule("A-12", "R-213")
def test_a_one_time_code_is_said_once_and_remembered_nowhere(
    visit: Callable[..., Client], plain: Certificate, restricted: Certificate
) -> None:
    holder, key = visit(acting_personally(restricted.holder)), new_key()

    def make(certificate: Certificate, with_key: str = "") -> Any:
        address = f"/api/certificates/own/{certificate.code}/one-time-codes/"
        browser = holder if certificate == restricted else visit(acting_personally(certificate.holder))
        headers = {HEADER: with_key or new_key()}
        return browser.post(address, {}, content_type="application/json", headers=headers)

    first, again = make(restricted, key), make(restricted, key)
    assert (first.status_code, again.status_code) == (201, 201)
    made = first.json()
    assert (len(made["code"]), made["is_shown"]) == (10, True)
    assert again.json() == {**made, "code": "", "is_shown": False}
    assert OneTimeCode.objects.count() == 1
    assert made["code"] not in json.dumps([row.body for row in HandledPost.objects.all()])
    assert made["code"] not in json.dumps(list(Entry.objects.values_list("facts", flat=True)), default=str)
    listed = holder.get(f"/api/certificates/own/{restricted.code}/one-time-codes/").json()["results"]
    assert [(row["used_at"], row["used_by"]) for row in listed] == [(None, "")]
    assert "code" not in listed[0]
    assert make(plain).json()["code"] == "not_restricted"
    for _more in range(4):
        assert make(restricted).status_code == 201
    assert make(restricted).json()["code"] == "codes_open"
    stranger = visit(acting_personally(plain.holder))
    assert stranger.get(f"/api/certificates/own/{restricted.code}/one-time-codes/").status_code == 404
