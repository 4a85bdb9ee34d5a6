"""What the operating system must bring along."""

import pytest

import system
from checkout import CannotGoOnError

MISSING = system.Need("a printing press", ("gutenberg", "movable-type"), lambda: False)


def test_nothing_is_done_when_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(system, "NEEDS", {"demo": (system.Need("air", ("air",), lambda: True),)})
    monkeypatch.setattr(system, "right_to_install", lambda: pytest.fail("asked for rights without need"))
    system.prepare("demo")


def test_without_the_right_to_install_one_message_names_the_one_command(monkeypatch):
    monkeypatch.setattr(system, "NEEDS", {"demo": (MISSING,)})
    monkeypatch.setattr(system, "right_to_install", lambda: None)
    with pytest.raises(CannotGoOnError) as refusal:
        system.prepare("demo")
    assert "a printing press" in str(refusal.value)
    assert str(refusal.value).count("apt-get install") == 1
    assert str(refusal.value).endswith("gutenberg movable-type")


def test_the_demonstration_goes_on_without_what_it_can_spare(monkeypatch, capsys):
    spared = system.Need("a rare font", ("rare",), lambda: False, "rare names cannot be drawn.")
    monkeypatch.setattr(system, "NEEDS", {"demo": (spared,), "test": (spared,)})
    monkeypatch.setattr(system, "right_to_install", lambda: None)
    system.prepare("demo")
    told = "".join(capsys.readouterr())
    assert "apt-get install --yes --no-install-recommends rare" in told
    assert "rare names cannot be drawn." in told
    with pytest.raises(CannotGoOnError):
        system.prepare("test")


def test_the_browser_is_the_one_that_is_named(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/browser")
    assert system.chromium() == "/opt/browser"
