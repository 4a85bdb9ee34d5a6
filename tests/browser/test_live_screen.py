"""The script that follows a session: no move is lost, whenever it arrives."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_ballot_vectors import ORIGIN, serve

ROOM = """async (failing) => {
  let tell, answer;
  window.EventSource = class { addEventListener(kind, heard) { if (kind === "message") tell = heard; } };
  const asked = [];
  window.fetch = () => new Promise((resolve, reject) => {
    asked.push(asked.length);
    answer = (revision) => resolve(new Response(`<p>${revision}</p>`, { headers: { "X-Revision": String(revision) } }));
    if (failing) answer = () => reject(new TypeError("the line is down"));
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  document.body.innerHTML = '<div data-live="screen" data-moves="moves" data-revision-at="revision" data-revision="1"></div>';
  const place = document.querySelector("[data-live]");
  (await import("/static/js/session.js")).follow(place);
  tell({ data: "2" });
  tell({ data: "3" });
  answer(2);
  await settled();
  const again = asked.length;
  answer(3);
  await settled();
  tell({ data: "3" });
  await settled();
  return [place.textContent, again, asked.length];
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route(f"{ORIGIN}/**", serve)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    yield page
    context.close()


def test_a_move_that_comes_during_a_fetch_is_fetched_after_it(page: Page) -> None:
    assert page.evaluate(ROOM, False) == ["3", 2, 2]


def test_a_line_that_is_down_is_not_asked_without_end(page: Page) -> None:
    text, _again, asked = page.evaluate(ROOM, True)
    assert (text, asked) == ("", 3), "once for each time that somebody told of a move"
