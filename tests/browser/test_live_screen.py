"""The script that follows a session: no move is lost, whenever it arrives."""

from playwright.sync_api import Page

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


def test_a_move_that_comes_during_a_fetch_is_fetched_after_it(bare_page: Page) -> None:
    assert bare_page.evaluate(ROOM, False) == ["3", 2, 2]


def test_a_line_that_is_down_is_not_asked_without_end(bare_page: Page) -> None:
    text, _again, asked = bare_page.evaluate(ROOM, True)
    assert (text, asked) == ("", 3), "once for each time that somebody told of a move"
