"""Handing in a file in a real browser: told before it is sent, cut and resumed, compared with what came, and without scripts."""

import hashlib
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from portal.accounts.actors import Actor
from portal.documents.models import StoredFile, Upload
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
ADDRESS = "/files/"
PIECE = 2 * 1024 * 1024
PHONE = 375


@pytest.fixture
def person(actor: Callable[..., Actor]) -> Actor:
    return actor()


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A picture of more than two pieces."""
    out = io.BytesIO()
    pixels = random.Random(1).randbytes(1_300 * 1_300 * 3)  # noqa: S311 - reproducible noise
    Image.frombytes("RGB", (1_300, 1_300), pixels).save(out, "PNG")
    place = tmp_path / "扫描件.png"
    place.write_bytes(out.getvalue())
    assert place.stat().st_size > 2 * PIECE
    return place


def choose(page: Page, place: Path) -> None:
    page.locator("input[type=file]").set_input_files(place)


def hash_of(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest()


def test_a_file_is_sent_ahead_and_its_receipt_is_shown(
    open_window: OpenWindow, person: Actor, photograph: Path
) -> None:
    window = open_window(by=person)
    page = window.open(ADDRESS)
    choose(page, photograph)
    expect(page.locator("[data-upload-hash]")).to_have_text(hash_of(photograph), timeout=30_000)
    expect(page.locator("[data-upload-status]")).to_contain_text("文件已收到：扫描件.png")
    expect(page.locator("[data-upload-again]")).to_be_hidden()
    expect(page.locator(".govuk-file-upload-button__status")).to_have_text("扫描件.png")
    window.must_be_sound("upload-kept")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("h1")).to_have_text("文件回执")
    expect(page.locator(".zc-hash").first).to_have_text(hash_of(photograph))
    assert StoredFile.objects.get().received_sha256 == hash_of(photograph)


def test_a_file_chosen_before_the_scripts_arrived_is_sent_ahead_too(
    open_window: OpenWindow, person: Actor, photograph: Path
) -> None:
    window = open_window(by=person)
    held = window.hold("**/upload*.js")
    with window.page.expect_request("**/upload*.js"):
        page = window.open(ADDRESS)
    choose(page, photograph)
    for route in held:
        route.continue_()
    expect(page.locator("[data-upload-hash]")).to_have_text(hash_of(photograph), timeout=30_000)


def test_after_a_lost_line_and_a_reload_it_goes_on_where_it_was(
    open_window: OpenWindow, person: Actor, photograph: Path
) -> None:
    window, sent = open_window(by=person), []
    page = window.open(ADDRESS)

    def line(route: Route, request: Request) -> None:
        if request.method == "PATCH" and sent:
            route.abort()
        else:
            sent.extend([request] if request.method == "PATCH" else [])
            route.continue_()

    page.route("**/files/uploads/**", line)
    with page.expect_event("requestfailed"):
        choose(page, photograph)
    assert Upload.objects.get().offset == PIECE
    page.reload()
    page.unroute("**/files/uploads/**")
    offsets: list[str] = []
    page.on("request", lambda request: offsets.append(request.headers.get("upload-offset", "")))
    choose(page, photograph)
    expect(page.locator("[data-upload-hash]")).to_have_text(hash_of(photograph), timeout=30_000)
    assert "0" not in offsets
    assert str(PIECE) in offsets
    assert Upload.objects.count() == 1
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "扫描件" not in kept


def test_too_large_is_told_before_a_byte_is_sent(open_window: OpenWindow, person: Actor, tmp_path: Path) -> None:
    window, asked = open_window(by=person), []
    page = window.open(ADDRESS)
    page.on("request", lambda request: asked.append(request.url) if "/uploads/" in request.url else None)
    large = tmp_path / "大.pdf"
    with large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    choose(page, large)
    expect(page.locator("[data-upload-error]")).to_contain_text("该文件为 21.0 MB，超过 20.0")
    window.must_be_sound("upload-too-large")
    assert asked == []


def test_a_file_that_is_not_acceptable_says_why(open_window: OpenWindow, person: Actor, tmp_path: Path) -> None:
    page = open_window(by=person).open(ADDRESS)
    archive = tmp_path / "材料.zip"
    archive.write_bytes(b"PK\x05\x06" + b"\0" * 18)
    choose(page, archive)
    expect(page.locator("[data-upload-error]")).to_contain_text("无法识别该文件的类型", timeout=15_000)
    assert page.locator("input[name=file_code]").input_value() == ""


def test_without_scripts_it_is_an_ordinary_form(open_window: OpenWindow, person: Actor, photograph: Path) -> None:
    window = open_window(PHONE, by=person, scripts=False)
    page = window.page
    window.open(ADDRESS)
    choose(page, photograph)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("h1")).to_have_text("文件回执")
    page.goto(window.origin + ADDRESS)
    expect(page.get_by_role("link", name="扫描件.png", exact=True)).to_be_visible()


def test_the_pages_are_sound_at_every_width(open_window: OpenWindow, person: Actor, photograph: Path) -> None:
    window = open_window(by=person)
    page = window.open(ADDRESS)
    window.must_be_sound("files-empty")
    choose(page, photograph)
    expect(page.locator("[data-upload-hash]")).to_have_text(hash_of(photograph), timeout=30_000)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("h1")).to_have_text("文件回执")
    window.must_be_sound("files-receipt")
    window.open(ADDRESS)
    window.must_be_sound("files")
    page.get_by_role("link", name="删除").click()
    expect(page.locator("h1")).to_have_text("删除材料")
    window.must_be_sound("files-remove")
