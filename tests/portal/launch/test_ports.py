import socket

import pytest

import ports
from checkout import CannotGoOnError


def test_the_preferred_port_is_taken_when_it_is_free():
    wanted = ports.free_port()
    with ports.listen("127.0.0.1", wanted) as listener:
        assert listener.getsockname() == ("127.0.0.1", wanted)


def test_a_busy_port_leads_to_the_next_one():
    with ports.listen("127.0.0.1", ports.free_port()) as first:
        busy = first.getsockname()[1]
        with ports.listen("127.0.0.1", busy) as second:
            assert busy < second.getsockname()[1] <= busy + ports.TRIES


def test_no_port_at_all_says_what_to_do(monkeypatch):
    monkeypatch.setattr(ports, "TRIES", 1)
    with (
        ports.listen("127.0.0.1", ports.free_port()) as first,
        pytest.raises(CannotGoOnError, match="DEMO_PORT"),
    ):
        ports.listen("127.0.0.1", first.getsockname()[1])


def test_another_fault_is_not_taken_for_a_busy_port():
    with pytest.raises(socket.gaierror):
        ports.listen("no such host", 8000)
