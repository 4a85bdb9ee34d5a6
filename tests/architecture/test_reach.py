"""Every step by program: whatever a page changes or hands out has an address of the API, or a reason why a page alone has it.

``reach.txt`` is kept by hand: one line a page, with the API's names that do the same, or ``page only:`` and the reason
(docs/api.md). A page that is new and not in it fails here.
"""

from pathlib import Path

from portal.http.access import all_patterns

TABLE = Path(__file__).with_name("reach.txt")
ONLY = "page only: "
# Of the libraries that log people in, and of the API itself.
ELSEWHERE = ("api:", "account_", "mfa_", "socialaccount_", "openid_")


def kept() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_every_page_that_changes_something_is_in_the_table() -> None:
    pages = {}
    for name, pattern in all_patterns():
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and not name.startswith(ELSEWHERE):
            pages[name] = "post" in view.http_method_names and hasattr(view, "post")
    table = kept()
    assert sorted(name for name, changes in pages.items() if changes and name not in table) == []
    assert sorted(table.keys() - pages.keys()) == []


def test_what_the_table_names_is_there() -> None:
    known = {name.removeprefix("api:") for name, _pattern in all_patterns() if name.startswith("api:")}
    named = {(page, one) for page, told in kept().items() if not told.startswith(ONLY) for one in told.split(", ")}
    assert sorted((page, one) for page, one in named if one not in known) == []


def test_the_document_gives_every_reason() -> None:
    document = (TABLE.parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    pages = [page for page, told in kept().items() if told.startswith(ONLY)]
    assert [page for page in pages if f"`{page}`" not in document] == []
