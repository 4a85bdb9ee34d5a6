"""Keys for a demonstration are made once, by a program that needs neither servers nor settings."""

import subprocess

import pytest

import keys
from checkout import CannotGoOnError


def test_a_ring_is_made_once_and_says_what_it_is_for(tmp_path):
    ring = keys.prepare(tmp_path)
    before = {file: file.read_bytes() for file in ring.glob("*/*")}
    assert {file.parent.name for file in before} == {"pdf", "records", "tokens", "log"}
    (chain,) = ring.glob("pdf/*.pem")
    command = ["openssl", "x509", "-in", chain, "-noout", "-subject", "-nameopt", "utf8"]
    assert "DEMONSTRATION ONLY" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert keys.prepare(tmp_path) == ring
    assert {file: file.read_bytes() for file in ring.glob("*/*")} == before


def test_who_cannot_write_there_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotGoOnError, match="could not be made"):
        keys.prepare(tmp_path / "file")
