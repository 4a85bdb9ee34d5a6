"""Time stamps: signed by the authority, for this very text, and for no other."""

import datetime as dt
import subprocess
from typing import Any

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from portal.connectors import sms, timestamps
from portal.connectors.errors import Malformed, Refused, Unreachable, Why
from portal.connectors.sandbox import ROOTS
from tests.fixtures.sandbox import Sandbox

DATA = b"the newest root of the ledger"


def test_a_stamp_proves_the_moment(sandbox: Sandbox, now: dt.datetime) -> None:
    sms.send("m-1", "13900001234", "您好。", at=now)  # by which the sandbox hears the portal's time
    stamp = timestamps.stamp(DATA)
    assert abs(stamp.at - now) < dt.timedelta(minutes=2)
    assert timestamps.verify(stamp.response, DATA) == stamp


def test_a_stamp_holds_for_no_other_text(sandbox: Sandbox) -> None:
    stamp = timestamps.stamp(DATA)
    with pytest.raises(Malformed, match="stamp does not hold"):
        timestamps.verify(stamp.response, DATA + b".")


def test_no_flipped_bit_proves_another_moment(sandbox: Sandbox) -> None:
    """Stamps come back in files that anybody may have altered: whatever is in them, they hold as they were or are malformed."""
    stamp = timestamps.stamp(DATA)
    for place in range(len(stamp.response)):
        altered = bytearray(stamp.response)
        altered[place] ^= 1 << place % 8
        try:
            found = timestamps.verify(bytes(altered), DATA)
        except Malformed:
            continue
        assert (found.at, found.serial_number) == (stamp.at, stamp.serial_number), place


def test_an_independent_program_agrees(sandbox: Sandbox, tmp_path: Any) -> None:
    (tmp_path / "response").write_bytes(timestamps.stamp(DATA).response)
    (tmp_path / "data").write_bytes(DATA)
    command = ["openssl", "ts", "-verify", "-in", "response", "-data", "data", "-CAfile", str(sandbox.data / ROOTS)]
    verified = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in verified.stdout + verified.stderr


def test_a_ready_query_is_carried_for_signing_libraries(sandbox: Sandbox) -> None:
    query = TimestampRequestBuilder().data(DATA).hash_algorithm(HashAlgorithm.SHA256).build()
    assert timestamps.verify(timestamps.fetch(query.as_bytes()), DATA).serial_number


@pytest.mark.parametrize("fault", ["bad_signature", "broken_contract", "garbage"])
def test_a_stamp_of_somebody_else_or_of_something_else_is_malformed(sandbox: Sandbox, fault: str) -> None:
    sandbox.set("timestamps", fault)
    with pytest.raises(Malformed):
        timestamps.stamp(DATA)


@pytest.mark.parametrize(("fault", "why"), [("dead", Why.DROPPED), ("error", Why.SERVER_ERROR)])
def test_an_authority_that_is_not_there(sandbox: Sandbox, fault: str, why: Why) -> None:
    sandbox.set("timestamps", fault)
    with pytest.raises(Unreachable) as caught:
        timestamps.stamp(DATA)
    assert caught.value.why is why


def test_a_query_that_is_none_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Refused) as caught:
        timestamps.fetch(b"not a query")
    assert caught.value.code == "bad_query"


def test_without_trusted_roots_nothing_is_stamped_or_believed(sandbox: Sandbox, settings: Any) -> None:
    stamp = timestamps.stamp(DATA)
    settings.CONNECTORS["timestamps"] |= {"roots": "/nowhere.pem"}
    with pytest.raises(Unreachable):
        timestamps.stamp(DATA)
    with pytest.raises(Unreachable):
        timestamps.verify(stamp.response, DATA)
