"""Our markup against the markup that the release of govuk-frontend expects: same elements in the same places."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from portal.http.parts import Task
from portal.http.widgets import DateParts, HintedRadios, Money

EXPECTED = json.loads((Path(__file__).parents[2] / "fixtures" / "govuk-frontend.json").read_text(encoding="utf-8"))
VOID = {"input", "br", "img", "hr", "path"}
OPTIONAL = (
    "govuk-input--width",
    "govuk-label--",
    "govuk-fieldset__legend--",
    "govuk-tag--",
    "govuk-!-",
    "govuk-task-list__item--",
)

Edge = tuple[str, str]


class Skeleton(HTMLParser):
    """Which element of govuk-frontend stands directly in which: the parts that its styles and scripts rely on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack = ["root"]
        self.edges: set[Edge] = set()
        self.modules: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        classes = [name for name in (attributes.get("class") or "").split() if name.startswith("govuk-")]
        name = ".".join([tag, *sorted(each for each in classes if not each.startswith(OPTIONAL))])
        if "." in name or tag in {"li", "ul", "dl", "fieldset"}:
            self.edges.add((self.stack[-1], name))
        self.modules |= {attributes["data-module"]} if attributes.get("data-module") else set()  # type: ignore[arg-type]
        if tag not in VOID:
            self.stack.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.stack.pop()


class Sample(forms.Form):
    level = forms.ChoiceField(
        label="级别", choices=[("a", "高级"), ("b", "中级")], widget=HintedRadios({"a": "须答辩"})
    )
    checks = forms.MultipleChoiceField(label="材料", choices=[("a", "学历")], widget=forms.CheckboxSelectMultiple)
    birth = forms.DateField(label="日期", help_text="例如 2012 年 6 月 30 日", widget=DateParts)
    name = forms.CharField(label="姓名", help_text="照证件填写")
    fee = forms.DecimalField(label="金额", widget=Money)
    series = forms.ChoiceField(label="系列", choices=[("a", "工程")], help_text="请选择")
    reason = forms.CharField(label="原因", widget=forms.Textarea, max_length=100)
    proof = forms.FileField(label="证明", help_text="不超过 20 MB")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def field(name: str, *, refused: bool = False) -> str:
    form = Sample({}) if refused else Sample()
    return str(form[name].as_field_group())


def template(source: str, **context: object) -> str:
    request = RequestFactory().get("/list/", {"q": "林", "page": "4"})
    return str(engines["django"].from_string(source).render(context, request))


def included(name: str, **context: object) -> str:
    return template(f'{{% include "components/{name}.html" %}}', **context)


def cases() -> Iterator[tuple[str, str]]:
    yield "radios: with hints on items", field("level")
    yield "checkboxes: with error message", field("checks", refused=True)
    yield "date-input: with error message and hint", field("birth", refused=True)
    yield "input: with error and hint", field("name", refused=True)
    yield "input: with suffix", field("fee")
    yield "select: with hint text and error message", field("series", refused=True)
    yield "character-count: default", field("reason")
    yield "file-upload: enhanced, with error message and hint", field("proof", refused=True)
    yield "password-input: with error message", field("password", refused=True)
    yield "error-summary: default", included("error_summary", form=Sample({}))
    yield "notification-banner: default", included("banner", id="1", title="请注意", words="请补正材料。")
    yield "pagination: with many pages", included("pagination", page=Paginator(range(200), 10).page(10))
    yield "summary-list: with actions", included("summary_list", rows=[("姓名", "林晓", "/", "修改")])
    tasks = [Task("学历", "需补正", "/", "不清晰", tone="action"), Task("业绩", "已通过")]
    yield "task-list: with hint text and additional states", included("task_list", tasks=tasks)
    yield "tag: default", template('{% badge "草稿" %}')


@pytest.mark.parametrize(
    ("name", "ours"), list(cases()), ids=lambda value: value.split(":")[0] if "<" not in value else ""
)
def test_markup_is_what_the_release_expects(name: str, ours: str) -> None:
    expected, found = Skeleton(EXPECTED[name]), Skeleton(ours)
    assert found.edges
    assert found.edges <= expected.edges
    assert found.modules == expected.modules


def test_pages_keep_the_rest_of_the_query() -> None:
    ours = included("pagination", page=Paginator(range(100), 10).page(4))
    assert "q=%E6%9E%97&amp;page=5" in ours


def test_one_page_needs_no_numbers() -> None:
    assert "<nav" not in included("pagination", page=Paginator(range(3), 10).page(1))
