"""Letters: an incomplete one is refused at the start, with what it lacks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.template import engines

from portal.notifications import checks, kinds
from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter, on_receipt
from portal.notifications.rendering import ENGINE, IncompleteLetterError, render
from portal.notifications.template_names import names_read_by

TEXTS = {"subject": "退回", "body": "{{ addressee }}：{{ reason }}，期限24:00。", "sms": "请登录平台查看。"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the letters' engine finds the texts of this test, and forgets them and what it missed after it."""
    loader = engines[ENGINE].engine.template_loaders[0]
    with monkeypatch.context() as patch:
        patch.setattr(engines[ENGINE].engine, "dirs", [tmp_path])
        loader.reset()
        yield tmp_path
    loader.reset()


def declared(folder: Path, texts: dict[str, str] = TEXTS, **attributes: Any) -> type[Letter]:
    """Return a letter with these texts; complete unless told otherwise."""
    place = folder / "errand" / "letters"
    place.mkdir(parents=True, exist_ok=True)
    for part, text in texts.items():
        (place / f"told_{part}.txt").write_text(text, "utf-8")
    complete = {"occasion": Occasion.RETURNED, "label": "退回", "facts": ("reason",), "must_say": ("24:00",)}
    return type("Told", (Letter,), {"__module__": "tests.errand.letters", **complete, **attributes})


def faults(kind: type[Letter]) -> list[str]:
    return list(checks.faults_of(kind))


def test_a_complete_letter_has_no_faults(folder: Path) -> None:
    assert faults(declared(folder)) == []


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        ({"label": ""}, "it has no label."),
        ({"occasion": "N-99"}, "its occasion 'N-99' is none of domain §10."),
        ({"channels": {Channel.SMS: Need.REQUIRED}}, "a channel is required, but no rule is named in required_by."),
        ({"registered": True, "reminder": True}, "registered mail cannot be a reminder, for it is never taken back."),
        ({"facts": ("reason", "code")}, "its facts hide code."),
        ({"facts": ("reason", "last_day")}, "the body does not show last_day."),
        ({"facts": ()}, "errand/letters/told_body.txt shows reason, which the facts do not declare."),
        ({"must_say": ("24:00", "只有一次机会")}, "the body does not say “只有一次机会”."),
    ],
)
def test_each_lack_is_told_by_name(folder: Path, attributes: dict[str, Any], fault: str) -> None:
    assert fault in faults(declared(folder, **attributes))


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"subject": TEXTS["subject"], "body": TEXTS["body"]}, "the template errand/letters/told_sms.txt is missing."),
        ({**TEXTS, "sms": "第一行\n第二行"}, "errand/letters/told_sms.txt has more than one line."),
        ({**TEXTS, "sms": "{{ addressee }}您好"}, "errand/letters/told_sms.txt names the addressee"),
        ({**TEXTS, "subject": "{% if %}"}, "the template errand/letters/told_subject.txt cannot be read"),
    ],
)
def test_each_fault_of_a_text_is_told_by_its_path(folder: Path, texts: dict[str, str], fault: str) -> None:
    assert any(each.startswith(fault) for each in faults(declared(folder, texts)))


def test_a_letter_for_the_inbox_alone_needs_no_line(folder: Path) -> None:
    texts = {"subject": TEXTS["subject"], "body": TEXTS["body"]}
    assert faults(declared(folder, texts, channels={})) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ a.b|default:c }}", {"a", "c"}),
        ("{% for x in rows %}{{ x }}{{ forloop.counter }}{% empty %}{{ none }}{% endfor %}", {"rows", "none"}),
        ("{% if a and b == 1 or not c %}{{ d }}{% elif e %}{% endif %}", {"a", "b", "c", "d", "e"}),
        ("{% with x=y %}{{ x }}{% endwith %}{% firstof m n %}", {"y", "m", "n"}),
        ("没有变量", set()),
    ],
)
def test_names_are_found_without_rendering(folder: Path, text: str, names: set[str]) -> None:
    (folder / "sample.txt").write_text(text, "utf-8")
    assert names_read_by("sample.txt") == names


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A registry of letters that forgets what this test adds."""
    monkeypatch.setattr(kinds, "_letters", dict(kinds._letters))
    monkeypatch.setattr(kinds, "_receivers", dict(kinds._receivers))
    return


def test_the_start_is_refused_with_an_incomplete_letter(db: None, folder: Path, registry: None) -> None:
    letter(declared(folder, label=""))
    found = [error.msg for error in run_checks() if error.id == "portal.E020" and "errand.told" in error.msg]
    assert found == ["The letter errand.told is incomplete: it has no label."]


def test_the_start_is_refused_with_a_letter_that_leads_nowhere(db: None, folder: Path, registry: None) -> None:
    letter(declared(folder, page="errand:nowhere"))
    assert [error.msg for error in run_checks() if error.id == "portal.E021"] == [
        "The letter errand.told leads to the unknown page 'errand:nowhere'."
    ]


def test_two_letters_of_one_name_are_refused(folder: Path, registry: None) -> None:
    letter(declared(folder))
    with pytest.raises(TypeError, match=r"errand\.told is declared twice"):
        letter(declared(folder))


def test_only_registered_mail_has_a_receiver(folder: Path, registry: None) -> None:
    with pytest.raises(TypeError, match="not registered mail"):
        on_receipt(declared(folder), lambda message, at: None)


def test_every_letter_of_the_house_is_complete() -> None:
    assert checks.every_letter_is_complete(None) == []
    assert checks.every_letter_leads_to_a_page(None) == []
    assert checks.every_channel_is_served(None) == []


def test_a_part_of_a_fact_that_is_not_there_stops_the_posting(folder: Path) -> None:
    kind = declared(folder, {**TEXTS, "body": "{{ reason.text }}"})
    with pytest.raises(IncompleteLetterError, match="told_body"):
        render(kind, {"reason": "无"}, addressee="甲", code="E-1", at=None)
