"""Somebody without a mouse: presses keys, knows of the page only what has the focus, and complains where that is unclear."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, FileChooser, expect

from tests.browser.conftest import Visitor

Tags = frozenset[str]
PRESSED, TYPED_IN = frozenset({"a", "button"}), frozenset({"input", "textarea"})
LONGEST = 20  # seconds until a page has come
ROUNDS = 5  # through the page, until something on it counts as not there
FARTHEST = 300  # presses of the Tab key after which something on a page counts as out of reach

# What has the focus, in its own words; whether it is marked and in sight; and whether the page's order was kept.
# The mark of whatever had the focus before is compared with how it looks now, without.
LOOK = r"""() => {
    const shown = (one) => {
        const parts = [[one, null], ...[...(one.labels ?? [])].map((label) => [label, "::before"])];
        const looks = parts.map(([part, pseudo]) => getComputedStyle(part, pseudo));
        return looks.map((look) => [look.outlineStyle, look.outlineColor, look.outlineWidth, look.boxShadow].join()).join("|");
    };
    const it = document.activeElement;
    const before = window.handsBefore;
    const left = before && before.one.isConnected && before.one !== it ? before : null;
    const report = { unmarked: left && shown(left.one) === left.look ? left.words : "", top: it === document.body };
    if (report.top) {
        window.handsBefore = null;
        return report;
    }
    const named = (ids) => ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const labels = [...(it.labels ?? [])].map((label) => label.textContent).join(" ");
    const own = it.getAttribute("aria-label") ?? (it.hasAttribute("aria-labelledby") ? named(it.getAttribute("aria-labelledby")) : labels || it.textContent);
    const group = [...document.querySelectorAll("fieldset")].filter((one) => one.contains(it)).map((one) => one.querySelector("legend")?.textContent ?? "").join(" ");
    const place = it.getBoundingClientRect();
    const x = Math.min(Math.max(place.left + place.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(place.top + place.height / 2, 1), innerHeight - 1);
    const met = document.elementFromPoint(x, y);
    const near = [it, ...(it.labels ?? []), it.closest(".govuk-radios__item, .govuk-checkboxes__item, .govuk-file-upload-wrapper")].filter(Boolean);
    const inSight = place.bottom > 0 && place.top < innerHeight && (place.height > innerHeight || near.some((one) => one.contains(met) || met?.contains(one)));
    const clean = (text) => text.replace(/\s+/g, " ").trim();
    const words = clean(own);
    window.handsBefore = it.tabIndex < 0 ? null : { one: it, look: shown(it), words: words || it.tagName };
    return {
        ...report, words, group: clean(group), inSight, tag: it.tagName.toLowerCase(), type: it.type ?? "", name: it.name ?? "",
        value: it.tagName === "SELECT" ? clean(it.selectedOptions[0]?.textContent ?? "") : it.value ?? "",
        checked: Boolean(it.checked), inSummary: Boolean(it.closest(".govuk-error-summary")),
        inBanner: Boolean(it.closest(".govuk-notification-banner")), expanded: it.getAttribute("aria-expanded"),
        number: [...document.querySelectorAll("*")].indexOf(it),
    };
}"""


@dataclass(frozen=True)
class Focus:
    """What has the focus. ``number`` is its place in the page, ``group`` the legend of the fields that it belongs to."""

    words: str = ""
    group: str = ""
    tag: str = "body"
    type: str = ""
    name: str = ""
    value: str = ""
    checked: bool = False
    in_summary: bool = False
    in_banner: bool = False
    expanded: str | None = None
    number: int = -1

    def is_meant_by(self, words: str, group: str, tags: Tags) -> bool:
        return words in self.words and group in self.group and (not tags or self.tag in tags)


class Hands:
    """A window whose user has a keyboard and nothing else."""

    def __init__(self, window: Visitor, path: str) -> None:
        self.window, self.page, self.keys = window, window.page, window.page.keyboard
        self.choosers: list[FileChooser] = []
        self.page.set_default_timeout(LONGEST * 1000)
        # From the start: asked for later, a quick key is faster. It takes no built-in function.
        self.page.on("filechooser", lambda chooser: self.choosers.append(chooser))  # noqa: PLW0108
        window.open(path)
        self.arrives()

    # --- Where they are -----------------------------------------------------------------------
    def look(self) -> Focus:
        """Return what has the focus; it must be marked and in sight, and what had it before must have looked different."""
        seen = self.page.evaluate(LOOK)
        assert not seen["unmarked"], f"«{seen['unmarked']}» looks with the focus as it does without"
        if seen["top"]:
            return Focus()
        assert seen["inSight"], f"«{seen['words']}» has the focus out of sight"
        known = {"words", "group", "tag", "type", "name", "value", "checked", "expanded", "number"}
        return Focus(**{name: seen[name] for name in known}, in_summary=seen["inSummary"], in_banner=seen["inBanner"])

    def arrives(self) -> Focus:
        """Expect a page whose focus starts at its top, in what it has to tell, or in its refusals; skip the navigation.

        A page that answers at a place of its own, such as the row that was pressed, goes on from there.
        """
        self.page.wait_for_load_state()
        start = self.look()
        if start.in_summary or start.in_banner or "#" in self.page.url:
            return start
        assert start.tag in {"body", "main"}, f"the page starts in «{start.words}»"
        self.keys.press("Tab")
        first = self.look()
        assert "跳到主要内容" in first.words, f"the first stop is «{first.words}»"
        self.keys.press("Enter")
        assert self.look().tag == "main"
        return start

    def walks(self, *, back: bool = False) -> Iterator[Focus]:
        """Yield each stop of the Tab key to the end of the page; it never goes round and keeps the page's order."""
        before = self.look()
        for _press in range(FARTHEST):
            self.keys.press("Shift+Tab" if back else "Tab")
            now = self.look()
            if now.tag == "body" or (back and "跳到主要内容" in now.words):
                return
            is_same_control = now.number == before.number and now.type in {"date", "time", "datetime-local"}
            is_onward = now.number < before.number if back else now.number > before.number
            assert is_onward or is_same_control or before.tag == "body", f"after «{before.words}» comes «{now.words}»"
            yield now
            before = now
        raise AssertionError("the focus never leaves the page")

    def goes_to(self, words: str, *, group: str = "", tags: Tags = frozenset(), back: bool = False) -> Focus:
        """Press Tab until what is called so has the focus; what a script offers comes a moment after the page."""
        here = self.look()
        if here.is_meant_by(words, group, tags) and here.tag not in {"main", "div"}:
            return here
        for _round in range(ROUNDS):  # after the end of the page the first stop comes again
            passed = []
            for stop in self.walks(back=back):
                if stop.is_meant_by(words, group, tags):
                    return stop
                passed.append(stop.words[:20])
            self.page.wait_for_timeout(200)
        raise AssertionError(f"no stop is called «{words}» {group}: {passed}")

    # --- What they do -------------------------------------------------------------------------
    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Expect another page, whole."""
        self.page.evaluate("window.handsWereHere = true")
        yield
        for _look in range(LONGEST * 20):
            self.page.wait_for_timeout(50)
            with suppress(Error):  # asked while one page went and the other came
                if self.page.evaluate("() => !window.handsWereHere && document.readyState === 'complete'"):
                    return
        raise AssertionError("no other page came")

    def presses(self, words: str, *, group: str = "", back: bool = False) -> Focus:
        """Press a link or button that leads to another page; return where that page starts."""
        self.goes_to(words, group=group, tags=PRESSED, back=back)
        with self.going_on():
            self.keys.press("Enter")
        return self.arrives()

    def opens(self, words: str) -> None:
        """Press a button that shows something on the same page."""
        self.goes_to(words)
        self.keys.press("Enter")

    def types(self, words: str, text: str, *, group: str = "") -> None:
        self.goes_to(words, group=group, tags=TYPED_IN)
        self.keys.press("Control+a")
        self.keys.type(text)

    def dates(self, group: str, **parts: str) -> None:
        """Fill in the boxes of a date: year, month and day, each a stop of its own."""
        for label, text in zip(("年", "月", "日"), parts.values(), strict=False):
            self.types(label, text, group=group)

    def chooses(self, words: str, *, group: str = "") -> None:
        """Choose one of several: the group is one stop, arrows go through it."""
        first = self.goes_to("" if group else words, group=group, tags=frozenset({"input"}))
        if not first.checked:
            self.keys.press("Space")
        for _option in range(20):
            here = self.look()
            assert group in here.group
            if words in here.words:
                assert here.checked
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"«{group}» offers no «{words}»")

    def ticks(self, words: str, *, group: str = "") -> None:
        self.goes_to(words, group=group)
        self.keys.press("Space")
        assert self.look().checked

    def selects(self, words: str, option: str) -> None:
        """Go through a list with the arrows until it shows ``option``."""
        self.goes_to(words)
        self.keys.press("Home")
        for _option in range(80):
            if option in self.look().value:
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"«{words}» offers no «{option}»")

    def hands_in(self, words: str, file: Path) -> None:
        """Open the chooser from its button; what the system's own window does is not of the page."""
        self.goes_to(words)
        self.keys.press("Enter")
        for _look in range(LONGEST * 20):
            if self.choosers:
                break
            self.page.wait_for_timeout(50)
        self.choosers.pop().set_files(file)

    def visits(self, path: str) -> None:
        """Type an address."""
        self.window.open(path)
        self.arrives()

    def goes_back_past_the_menu(self) -> None:
        """Open the menu of a phone, walk through it, close it, and open it again."""
        menu = self.goes_to("菜单", back=True)
        assert menu.expanded == "false"
        self.keys.press("Enter")
        assert self.look().expanded == "true"
        inside = next(self.walks()).words
        self.goes_to("菜单", back=True)
        self.keys.press("Space")
        assert self.look().expanded == "false"
        assert next(self.walks()).words != inside
        self.goes_to("菜单", back=True)
        self.keys.press("Enter")

    # --- What they are told -------------------------------------------------------------------
    def is_refused(self, words: str) -> None:
        """Expect the focus in the summary of refusals, whose link leads to the field."""
        assert self.look().in_summary, "the focus is not in the summary of refusals"
        link = self.goes_to(words)
        assert link.in_summary
        self.keys.press("Enter")
        assert self.look().tag in {"input", "select", "textarea", "button"}, "the link leads to no field"

    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    def sees_heading(self, words: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(re.compile(words))
