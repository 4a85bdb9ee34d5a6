import pytest

import locks


@pytest.fixture
def project(monkeypatch, tmp_path):
    """A small project whose three locks are in step."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.11"\ndependencies = ["django"]\n[dependency-groups]\ndemo = []\ntest = ["pytest"]\n'
    )
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    for name, groups in locks.GROUPS.items():
        (tmp_path / name).write_text(
            f"{locks.NOTE}{locks.fingerprint(groups)}\ndjango==5.2.19 \\\n    --hash=sha256:00\n"
        )
    return tmp_path


def test_a_requirement_that_was_added_without_locking_is_found(project):
    file = project / "pyproject.toml"
    file.write_text(file.read_text().replace('"django"]', '"django", "celery"]'))
    assert all("make lock" in locks.problems(project / name)[0] for name in locks.GROUPS)


@pytest.mark.parametrize("name", ["django-fsm", "psycopg"])
def test_a_forbidden_distribution_is_found(project, name):
    lock = project / "requirements-test.lock"
    lock.write_text(f"{lock.read_text()}{name}==3.0 \\\n    --hash=sha256:00\n")
    assert f"requirements-test.lock holds {name}" in locks.problems(lock)[0]


def test_a_version_that_differs_between_locks_is_found(project):
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text().replace("5.2.19", "5.2.18"))
    assert locks.problems(lock) == ["requirements.lock has django in another version than the test lock"]
