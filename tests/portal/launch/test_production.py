"""What cannot be run without containers is at least coherent: image, composition, secrets, settings."""

import os
import re
import subprocess
import sys

import pytest
import yaml

import checks
import installation
from checkout import PACKAGES, ROOT

DOCKERFILE = (ROOT / "portal/launch/production/Dockerfile").read_text()
COMPOSITION = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSITION["services"]
IN_PATH = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def test_the_build_has_what_the_settings_ask_for():
    building = dict(re.findall(r"\b([A-Z_]+)=(\S*[^;\s\\])", DOCKERFILE.partition("export ")[2].partition("; \\")[0]))
    assert building["DJANGO_SETTINGS_MODULE"] == "portal.settings.production"
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--dry-run"],
        cwd=ROOT,
        env=IN_PATH | building,
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stderr


def test_the_image_holds_all_of_the_portal_and_only_what_the_context_lets_in():
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, flags=re.MULTILINE))
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE))
    handed_out = "docs/verify_certificate_log.py"
    assert copied == let_in == {*PACKAGES, "manage.py", "requirements.lock", "static", "templates", handed_out}


def test_every_image_is_of_a_named_version():
    images = [service["image"] for service in SERVICES.values()]
    assert all(":" in image and "latest" not in image for image in images)


def test_every_lasting_service_tells_whether_it_is_well():
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_every_file_system_is_read_only():
    assert all(service["read_only"] for service in SERVICES.values())


def test_the_deployment_is_checked_with_all_that_the_composition_sets():
    composed = {name.removesuffix("_FILE") for name in COMPOSITION["x-portal"]["environment"]}
    assert composed == set(checks.COMPOSED)


def test_every_secret_is_made_once_and_stays(monkeypatch, tmp_path):
    monkeypatch.setattr(installation, "DIRECTORY", tmp_path / "secrets")
    installation.make_secrets()
    made = {file.name: file.read_text() for file in installation.DIRECTORY.iterdir()}
    assert set(made) == set(COMPOSITION["secrets"])
    assert made["database_password"] in made["database_url"]
    assert made["redis_password"] in made["redis_url"]
    installation.make_secrets()
    assert {file.name: file.read_text() for file in installation.DIRECTORY.iterdir()} == made


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_every_secret_that_a_container_reads_is_handed_to_it(name):
    service = SERVICES[name]
    read = {file.rpartition("/")[2] for key, file in service["environment"].items() if key.endswith("_FILE")}
    assert read == set(service["secrets"])
