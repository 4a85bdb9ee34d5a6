"""Keys: made once, kept from others, changed without a document losing its proof, refused where they do not fit."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.sealing import checks, founding, records, tokens
from portal.sealing.founding import Founder
from portal.sealing.keys import FileKeyring, KeysUnfitError, Purpose, is_for_demonstrations, keyring

Ring = Callable[..., Path]
FACE = {"number": "ZC110000202600000017", "holder_name": "欧阳䶮"}


def test_a_ring_is_made_once_and_closed_to_others(ring: Ring) -> None:
    assert founding.found(ring(), Founder())
    before = {file: file.read_bytes() for file in ring().glob("*/*")}
    assert len(before) == 3 * len(Purpose)
    assert not founding.found(ring(), Founder())
    assert {file: file.read_bytes() for file in ring().glob("*/*")} == before
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in ring().glob("*/*.key"))
    assert [file.name for file in ring().parent.iterdir()] == [ring().name]


def test_the_command_makes_a_ring_that_production_takes_and_overwrites_none(ring: Ring) -> None:
    ring()
    call_command("make_sealing_keys", organisation="北京市人力资源和社会保障局")
    found = keyring().pdf
    assert "北京市人力资源和社会保障局" in found.public[found.in_use][0].subject.rfc4514_string()
    assert (
        checks.keys_are_whole(None) == checks.keys_are_for_earnest(None) == checks.private_keys_are_private(None) == []
    )
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("make_sealing_keys")


def test_a_demonstration_says_so_and_is_refused_in_production(ring: Ring) -> None:
    founding.main([str(ring())])
    found = keyring().pdf
    assert is_for_demonstrations(found.public[found.in_use])
    assert [error.id for error in checks.keys_are_for_earnest(None)] == ["sealing.E002"]


def test_what_a_key_sealed_holds_after_the_next_one_came(ring: Ring) -> None:
    founding.found(ring(), Founder())
    digits, sealed = tokens.make(FACE), records.sign(FACE)
    call_command("make_sealing_keys", anew="tokens")
    call_command("make_sealing_keys", anew="records")
    shutil.copytree(ring(), ring("as after a restart"))
    assert keyring().tokens.in_use != min(keyring().tokens.public.keys() - {keyring().tokens.in_use})
    assert tokens.read(digits) == records.verify(sealed) == FACE
    assert tokens.read(tokens.make(FACE)) == FACE
    assert records.sign(FACE).key_id != sealed.key_id


def test_no_new_key_without_a_ring(ring: Ring) -> None:
    ring()
    with pytest.raises(CommandError, match="make the whole ring first"):
        call_command("make_sealing_keys", anew="pdf")


def test_production_is_refused_without_keys(settings: Any, ring: Ring) -> None:
    settings.SEALING = {**settings.SEALING, "keys": ""}
    (named,) = checks.keys_are_whole(None)
    assert (named.id, named.msg) == ("sealing.E001", "SEALING_KEYS names no folder.")
    ring("nowhere")
    (missing,) = checks.keys_are_whole(None)
    assert missing.msg.endswith("pdf/in-use does not name the key in use.")
    assert checks.keys_are_for_earnest(None) == []


def lose_the_private_half(place: Path) -> None:
    next(place.glob("log/*.key")).unlink()


def swap_the_private_halves(place: Path) -> None:
    next(place.glob("tokens/*.key")).write_bytes(next(place.glob("log/*.key")).read_bytes())


def give_a_public_key_another_name(place: Path) -> None:
    shutil.copy(next(place.glob("tokens/*.pem")), place / "tokens" / "00000000.pem")


def lay_a_foreign_key_in(place: Path) -> None:
    next(place.glob("records/*.key")).write_bytes(next(place.glob("log/*.key")).read_bytes())


def name_a_key_that_is_not_there(place: Path) -> None:
    (place / "pdf" / "in-use").write_text("00000000\n")


def write_nonsense(place: Path) -> None:
    next(place.glob("pdf/*.pem")).write_text("nonsense")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose_the_private_half, "holds no private key"),
        (swap_the_private_halves, "is not the private key of"),
        (give_a_public_key_another_name, "holds the key"),
        (lay_a_foreign_key_in, "holds no private key"),
        (name_a_key_that_is_not_there, "has no public key 00000000"),
        (write_nonsense, "holds no public key"),
    ],
)
def test_a_spoilt_ring_is_named(ring: Ring, spoil: Callable[[Path], None], words: str) -> None:
    founding.found(ring(), Founder())
    spoil(ring())
    (error,) = checks.keys_are_whole(None)
    assert words in error.msg
    assert "PRIVATE" not in error.msg


def test_private_keys_that_others_can_read_are_named(ring: Ring) -> None:
    founding.found(ring(), Founder())
    next(ring().glob("log/*.key")).chmod(0o640)
    (error,) = checks.private_keys_are_private(None)
    assert error.id == "sealing.E003"


def test_a_key_made_twice_is_not_overwritten(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    founding.found(ring(), Founder())
    made = founding._ed25519()
    monkeypatch.setattr(founding, "_ed25519", lambda: made)
    founding.add(ring(), Purpose.LOG, Founder())
    with pytest.raises(FileExistsError):
        founding.add(ring(), Purpose.LOG, Founder())


def test_the_log_key_signs(ring: Ring) -> None:
    founding.found(ring(), Founder())
    keys = FileKeyring(ring()).log
    keys.public[keys.in_use].verify(keys.private.sign(b"root"), b"root")
    with pytest.raises(KeysUnfitError, match="log/in-use"):
        _ = FileKeyring(ring("nowhere")).log
