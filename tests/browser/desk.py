"""Somebody at a desk with a real browser: logs in, reads, clicks, fills in, uploads, and keeps pictures of what is worth showing."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from playwright.sync_api import Page, expect

from portal.accounts.demo import PASSWORD
from tests.browser.conftest import PICTURES, Visitor

DAY_OR_MONTH = re.compile(r"^\d{4}-\d{1,2}(-\d{1,2})?$")
LIFE = PICTURES / "whole-life"
PATIENCE = 30_000  # milliseconds: two cores draw, sign and answer


class Desk:
    """One person's window."""

    def __init__(self, window: Visitor, username: str = "", *, acts_for: str = "") -> None:
        self.window, self.page = window, window.page
        self.page.set_default_timeout(PATIENCE)
        window.open("/")
        if username:
            self._log_in(username, acts_for)

    def _log_in(self, username: str, acts_for: str) -> None:
        self.page.get_by_role("button", name="单位登录" if acts_for else "个人登录").click()
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.presses("登录")
        if acts_for:
            self.page.get_by_role("link", name="切换身份").click()
            self.page.locator("main").get_by_role("button", name=acts_for).click()

    # --- What a person does -----------------------------------------------------------------------
    def goes_to(self, menu: str) -> Page:
        """Choose from the main menu."""
        self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=menu).click()
        expect(self.page.get_by_role("navigation", name="主菜单").locator("[aria-current]")).to_contain_text(menu)
        return self.page

    def follows(self, link: str) -> Page:
        """Follow a link of the page."""
        self.page.locator("main").get_by_role("link", name=link).first.click()
        return self.page

    def presses(self, button: str) -> Page:
        """Press a button of the page, or a link that stands for one."""
        main = self.page.locator("main")
        main.get_by_role("button", name=button).or_(main.get_by_role("link", name=button)).first.click()
        return self.page

    def does(self, step: str, **entered: str) -> Page:
        """Open the page of a step, fill it in and confirm."""
        with self._going_on():
            self.presses(step)
        self.fills(**entered)
        self.confirms()
        return self.page

    def confirms(self) -> None:
        """Press the button of the page's form, and wait for where it leads."""
        with self._going_on():
            self.page.locator("main form button.govuk-button").first.click()

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        before = self.page.url
        yield
        self.page.wait_for_url(lambda address: address != before)

    def fills(self, **entered: str) -> None:
        """Fill in fields by name; a day as 2026-09-20, whose boxes of year, month and day are found."""
        for name, value in entered.items():
            if DAY_OR_MONTH.match(value) and self.page.locator(f"main [name={name}_0]").count():
                for number, part in enumerate(value.split("-")):
                    self.page.locator(f"main [name={name}_{number}]").fill(part)
                continue
            field = self.page.locator(f"main [name={name}]").first
            match field.evaluate("one => one.type"):
                case "radio" | "checkbox":
                    self.page.locator(f"main [name={name}][value='{value}']").check()
                case "select-one":
                    field.select_option(value)
                case _:
                    field.fill(value)

    def uploads(self, paper: Path, selector: str = "main input[type=file]") -> None:
        """Choose a file and wait until the portal has it."""
        self.page.locator(selector).set_input_files(paper)

    def moves_the_clock_to(self, day: str) -> None:
        """Use the yellow bar of the demonstration."""
        self.page.fill("#clock-to", day)
        self.page.get_by_role("button", name="前往").click()
        self.page.wait_for_load_state()

    # --- What a person sees -----------------------------------------------------------------------
    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    def looks_again(self) -> Page:
        self.page.reload()
        return self.page

    def keeps(self, name: str) -> None:
        """With PICTURES=1 in the environment, keep a picture of the page under a name that tells what it shows."""
        if "PICTURES" in os.environ:
            self.page.wait_for_load_state()
            LIFE.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=LIFE / f"{name}.png", full_page=True)


def paper(place: Path, name: str) -> Path:
    """Return a PDF of one page."""
    file = place / f"{name}.pdf"
    blank = pikepdf.new()
    blank.add_blank_page()
    blank.save(file)
    return file
