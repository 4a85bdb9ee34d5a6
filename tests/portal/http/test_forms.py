"""Forms as everybody gets them without asking: label, hint and refusal connected, words that say what to do."""

import datetime as dt
import re

from django import forms
from django.template import engines
from django.test import RequestFactory

from portal.http.widgets import Counted, CreditCode, DateParts


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="照证件填写", max_length=3)
    nickname = forms.CharField(label="曾用名", required=False)
    level = forms.ChoiceField(label="级别", choices=[("a", "高级")], widget=forms.RadioSelect)
    birth = forms.DateField(label="出生日期", widget=DateParts, required=False)
    starts_on = forms.DateField(label="开始日期", required=False)
    proof = forms.FileField(label="证明材料", required=False, help_text="PDF")
    promise = forms.BooleanField(label="本人承诺真实")


def rendered(source: str, form: forms.Form) -> str:
    return str(engines["django"].from_string(source).render({"form": form}, RequestFactory().get("/")))


def test_hint_and_refusal_are_announced_with_the_control() -> None:
    html = str(Sample({})["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "govuk-input--error" in html


def test_a_file_is_announced_with_its_hint() -> None:
    assert 'aria-describedby="id_proof_helptext"' in str(Sample()["proof"].as_field_group())


def test_only_what_may_be_left_out_is_marked() -> None:
    html = str(Sample())
    assert html.count("（选填）") == 4


def test_an_empty_field_says_what_to_do() -> None:
    html = str(Sample({}))
    for words in ["请填写姓名", "请选择级别", "请确认：本人承诺真实"]:
        assert words in html
    assert "必填" not in html


def test_the_summary_links_every_refusal_to_its_control() -> None:
    form = Sample({"name": "长长的姓名", "promise": "on"})
    form.add_error(None, "申报时间已经结束。")
    summary = rendered('{% include "components/error_summary.html" %}', form)
    page = rendered("{{ form }}", form)
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert links[0] == ("form-errors", "申报时间已经结束。")
    assert links[1][0] == "id_name"
    assert links[1][1].startswith("姓名：")
    assert links[2] == ("id_level_0", "请选择级别")
    assert all(f'id="{target}"' in page for target, _ in links)


def test_a_refused_group_marks_the_group_and_not_each_choice() -> None:
    html = str(Sample({})["level"].as_field_group())
    assert "govuk-form-group--error" in html
    assert "aria-invalid" not in html


def test_a_date_is_written_as_the_browser_reads_it() -> None:
    html = str(Sample(initial={"starts_on": dt.date(2026, 7, 8)})["starts_on"])
    assert 'type="date"' in html
    assert 'value="2026-07-08"' in html


def test_a_remembered_date_in_three_boxes() -> None:
    form = Sample({"birth_0": "1988", "birth_1": "2", "birth_2": "9", "name": "林", "level": "a", "promise": "on"})
    assert form.is_valid()
    assert form.cleaned_data["birth"] == dt.date(1988, 2, 9)
    html = str(form["birth"])
    assert [re.search(rf'name="birth_{n}" value="(\d+)"', html)[1] for n in range(3)] == ["1988", "2", "9"]  # type: ignore[index]


def test_half_a_date_is_refused_and_kept() -> None:
    form = Sample({"birth_0": "1988"})
    assert "birth" in form.errors
    assert 'name="birth_0" value="1988"' in str(form["birth"])


def test_a_number_keeps_its_unit() -> None:
    class Period(forms.Form):
        days = forms.IntegerField(label="期限", widget=Counted("个工作日"))

    assert "个工作日" in str(Period()["days"])


def test_a_credit_code_is_shown_in_equal_widths() -> None:
    assert "zc-code" in CreditCode().render("code", "")


def test_each_form_carries_its_own_key() -> None:
    source = "{% once %}|{% once %}"
    keys = re.findall(r'name="_key" value="([^"]+)"', rendered(source, Sample()))
    assert len(set(keys)) == 2
    assert all(len(key) >= 20 for key in keys)
