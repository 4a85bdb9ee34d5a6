"""Root's demonstrations stand outside their checkouts and go when these are gone."""

import shutil

import pytest

import places


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A checkout of root's whose demonstration has been started once."""
    root = tmp_path / "checkout"
    (root / ".demo").mkdir(parents=True)
    monkeypatch.setattr(places, "AS_ROOT", True)
    monkeypatch.setattr(places, "ROOT", root)
    monkeypatch.setattr(places, "DEMO", root / ".demo")
    monkeypatch.setattr(places, "ROOTS_PLACE", tmp_path / "outside")
    return root


def test_the_demonstration_is_found_again(checkout):
    with places.lasting() as first:
        (first / "postgres").mkdir()
    with places.lasting() as again:
        assert again == first
        assert (again / "postgres").exists()


def test_a_checkout_without_its_notes_begins_afresh_and_the_old_data_go(checkout):
    with places.lasting() as first:
        pass
    shutil.rmtree(checkout / ".demo")
    (checkout / ".demo").mkdir()
    with places.lasting() as second:
        assert second != first
        assert not first.exists()


def test_a_running_demonstration_keeps_its_data_whatever_happens_to_its_checkout(checkout):
    with places.lasting() as place:
        shutil.rmtree(checkout)
        places.remove_dead(places.ROOTS_PLACE)
        assert place.exists()
    places.remove_dead(places.ROOTS_PLACE)
    assert not place.exists()
