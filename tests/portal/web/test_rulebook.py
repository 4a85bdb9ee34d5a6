"""The rules that people can look up."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.web import rulebook

ZH = {"accept-language": "zh-CN"}


def test_every_rule_is_complete_and_stands_once() -> None:
    rules = [rule for chapter in rulebook.chapters() for rule in chapter.rules]
    numbers = [rule.number for rule in rules]
    assert len(numbers) == len(set(numbers)) == 219 + 56 + 8
    for rule in rules:
        assert re.fullmatch(r"[RAE]-\d{2,3}", rule.number)
        assert rule.zh.endswith("。")
        assert all([rule.name, rule.en, rule.source, rule.kind_name])


def test_chinese_rules_use_chinese_punctuation() -> None:
    for chapter in rulebook.chapters():
        for rule in chapter.rules:
            assert not re.search(r"[,;()?!]|(?<!\d):", rule.zh + rule.name), rule.number


def test_references_between_rules_lead_somewhere() -> None:
    known = rulebook.by_number()
    for rule, _ in known.values():
        for number in re.findall(r"[RAE]-\d{2,3}", f"{rule.zh} {rule.en} {rule.source}"):
            assert number in known, rule.number


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["R-112", "r-112"])
def test_the_page_of_a_rule_gives_text_kind_and_source(number: str) -> None:
    page = Client(headers=ZH).get(reverse("web:rule", args=[number])).text
    assert "恰好三分之二也通过" in page
    assert "硬性条件" in page
    assert "京人社事业字〔2024〕96号" in page


@pytest.mark.django_db
def test_the_page_of_a_rule_speaks_english() -> None:
    page = Client(headers={"accept-language": "en"}).get(reverse("web:rule", args=["R-112"])).text
    assert "Passed when agreeing votes" in page


@pytest.mark.django_db
def test_an_unknown_rule_is_not_found() -> None:
    assert Client().get("/rules/R-999/").status_code == 404


@pytest.mark.django_db
def test_the_list_links_every_rule() -> None:
    page = Client(headers=ZH).get(reverse("web:rules")).text
    assert all(f'href="/rules/{number}/"' in page for number in rulebook.by_number())
