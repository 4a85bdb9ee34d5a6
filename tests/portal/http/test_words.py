"""Words of time, states, rules, steps and days."""

import datetime as dt

import pytest
from django.template import engines
from django.utils import translation

from portal.shared import clock
from portal.shared.errors import Reason
from portal.workflow import OpenStep

AT = dt.datetime(2026, 7, 22, 16, 40, tzinfo=clock.BEIJING)


def template(source: str, **context: object) -> str:
    with translation.override("zh-hans"):
        return str(engines["django"].from_string(source).render(context))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (dt.date(2026, 10, 10), "2026年10月10日（星期六）"),
        (dt.datetime(2026, 7, 8, 16, 30, tzinfo=dt.UTC), "2026年7月9日（星期四）"),
    ],
)
def test_a_day_has_its_weekday_and_is_beijings(value: dt.date, words: str) -> None:
    assert words in template("{{ value|day }}", value=value)


def test_an_instant_has_its_minute() -> None:
    assert template("{{ at|instant }}", at=AT) == (
        '<time datetime="2026-07-22T16:40+08:00">2026年7月22日（星期三）16:40</time>'
    )


def test_midnight_is_the_end_of_the_day_before() -> None:
    assert "2026年7月23日（星期四）24:00" in template("{{ end|deadline }}", end=clock.end_of(dt.date(2026, 7, 23)))


def test_a_bound_inside_a_day_is_told_as_it_is() -> None:
    assert "16:40" in template("{{ at|deadline }}", at=AT)


@pytest.mark.parametrize("name", ["day", "instant", "deadline"])
def test_no_time_is_no_words(name: str) -> None:
    assert template(f"{{{{ nothing|{name} }}}}", nothing=None) == ""


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (dt.timedelta(days=9, hours=2), "calm", "还剩 9 天 2 小时"),
        (dt.timedelta(hours=5, minutes=7), "soon", "还剩 5 小时 7 分"),
        (dt.timedelta(minutes=-1), "over", "已截止"),
    ],
)
def test_what_is_left_of_a_period(left: dt.timedelta, state: str, words: str) -> None:
    html = template("{% countdown due at %}", due=AT + left, at=AT)
    assert f"zc-due--{state}" in html
    assert words in html


def test_working_days_left_are_told_where_they_were_counted() -> None:
    assert "（3 个工作日）" in template("{% countdown due at 3 %}", due=AT + dt.timedelta(days=5), at=AT)


def test_a_state_is_told_in_words_and_colour() -> None:
    assert template('{% badge "待补正" "action" %}') == '<strong class="govuk-tag govuk-tag--orange">待补正</strong>'


def test_an_unknown_tone_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        template('{% badge "待补正" "pink" %}')


def test_rules_link_to_their_pages() -> None:
    html = template('{% rule "R-112,A-01" %}')
    assert 'href="/rules/R-112/"' in html
    assert 'href="/rules/A-01/"' in html


def test_an_open_step_is_a_button_and_a_closed_one_gives_its_reasons() -> None:
    steps = [
        OpenStep("rule", "提交", "R-063", caution=False, reasons=()),
        OpenStep("recommend", "推荐", "R-073", caution=False, reasons=(Reason("公示尚未届满。", "R-072"),)),
    ]
    html = template('{% step_buttons steps "web" "R-063" %}', steps=steps)
    assert '<a href="/rules/R-063/" role="button"' in html
    assert 'disabled aria-disabled="true" aria-describedby="why-recommend"' in html
    assert "公示尚未届满。" in html
    assert 'href="/rules/R-072/"' in html
