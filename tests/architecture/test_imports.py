"""The import contracts hold, and catch what they are there to catch."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT

PLANTED = {
    "portal/workflow/planted.py": "import review\n",
    "portal/ledger/planted.py": "import portal.http.views\n",
    "portal/deadlines/planted.py": "import portal.publicity.models\n",
    "applications/planted.py": "import certificates\n",
    "portal/publicity/domain/planted.py": "import rest_framework\n",
}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.toml", "data")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_stands_and_every_planted_violation_is_named(copy: Path) -> None:
    before = lint_imports(copy)
    assert before.returncode == 0, before.stdout
    for name, text in PLANTED.items():
        (copy / name).write_text(text, encoding="utf-8")
    after = lint_imports(copy)
    assert after.returncode == 1
    missed = [name for name in PLANTED if name.removesuffix(".py").replace("/", ".") not in after.stdout]
    assert missed == []
