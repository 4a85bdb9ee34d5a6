"""Whoever holds the whole database and every line of the logs guesses choices no better than by tossing a coin (invariant 3)."""

import hashlib
import logging
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from portal.ballot.casting import Choice
from portal.catalogue.models import CatalogueEntry
from portal.http.once import new_key
from review.enums.sitting import ItemState
from review.models import AgendaItem
from tests.factories import accounts, catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN
from tests.factories.voting import Meeting, fresh
from tests.fixtures.dumping import dump, tables_with

pytestmark = pytest.mark.django_db
ITEMS, PRESENT = 6, 12
Bits = dict[str, list[int]]


def cast_over_http(meeting: Meeting, item: AgendaItem, choices: dict[int, Choice]) -> None:
    """Let everybody vote in an order of chance, through the pages."""
    roll = meeting.roll(item)
    for member in random.sample(roll, len(roll)):
        content, signature = meeting.ballot(item, member, choices[member.pk])
        reply = accounts.client(sessions.acting(member)).post(
            reverse("review:cast_ballot", args=[item.code]),
            {"content": content.hex(), "signature": signature.hex(), "_key": new_key()},
        )
        assert reply.status_code == 302


def features(rows: dict[str, list[tuple[str, ...]]], names: list[str]) -> Bits:
    """Turn all that the dump holds about each right into bits: places in every table, sizes, and every bit of its rows.

    A right is found in a row by any of its names: the ciphertext, the member's code, the primary keys.
    """
    bits: Bits = {}
    for table, found in rows.items():
        for place_of, name in enumerate(names):
            hits = [(place, row) for place, row in enumerate(found) if re.search(name, row[2])]
            text = "|".join(row[2] for _place, row in hits)
            numbers = [len(hits), len(text), sum(place for place, _row in hits)]
            told = "".join(f"{number % 2**16:016b}" for number in numbers)
            told += f"{int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], 'big'):064b}"
            for position, bit in enumerate(told):
                bits.setdefault(f"{table}.{position}", [0] * len(names))[place_of] = int(bit)
    return bits


def best_guess(bits: Bits, choices: list[int]) -> float:
    """Learn on the first half which bit, or its opposite, tells the choices best; return how often it is right on the second."""
    half = len(choices) // 2

    def right(bit: list[int], start: int, end: int, turned: int) -> int:
        return sum(bit[place] ^ turned == choices[place] for place in range(start, end))

    name, turned = max(
        ((name, turned) for name in bits for turned in (0, 1)), key=lambda one: right(bits[one[0]], 0, half, one[1])
    )
    return right(bits[name], half, len(choices), turned) / (len(choices) - half)


def ballot_bits(contents: list[bytes]) -> Bits:
    size = len(contents[0]) * 8
    whole = [int.from_bytes(one, "big") for one in contents]
    return {f"ballot.{place}": [number >> place & 1 for number in whole] for place in range(size)}


@pytest.mark.rule("R-111")
def test_the_database_and_the_logs_do_not_tell_who_chose_what(
    caplog: pytest.LogCaptureFixture, at: Callable[..., Any]
) -> None:
    at(BEGUN)
    caplog.set_level(logging.DEBUG)
    entry: CatalogueEntry = catalogue.published_entry()
    planned = sessions.planned(entry.committee, mode="electronic")
    meeting = electronic.opened(planned, sessions.ready(entry, ITEMS), present=PRESENT)
    votes: list[tuple[str, bytes, int]] = []
    for listed in sessions.items(meeting.session):
        item = sessions.voting(fresh(listed))
        roll = meeting.roll(item)
        drawn = random.sample([Choice.AGREE, Choice.AGAINST] * (PRESENT // 2), PRESENT)
        choices = {member.pk: choice for member, choice in zip(roll, drawn, strict=True)}
        caplog.clear()
        cast_over_http(meeting, item, choices)
        assert not re.search("agree|against|abstain|同意|反对|弃权", caplog.text)
        votes += [
            (right.ballot.content.hex(), right.ballot.content, int(choices[right.member_id] == Choice.AGREE))
            for right in item.roll.select_related("ballot")
        ]
        for seat in (1, 2):
            item = meeting.give_part(fresh(item), seat)
        assert (item.state, item.agree, item.against) == (ItemState.DECIDED_FAIL, PRESENT // 2, PRESENT // 2)
    random.shuffle(votes)
    names, contents, chosen = (list(column) for column in zip(*votes, strict=True))
    assert tables_with(names) == {"review_ballot"}  # no ciphertext beside it: not in the ledger, not among answers kept
    everything = features(dump(), names) | ballot_bits(contents)
    lucky = 0.5 + 4 * 0.5 / (len(votes) / 2) ** 0.5
    assert best_guess(everything, chosen) < lucky
    assert best_guess(everything | {"leak": chosen}, chosen) == 1.0  # the guesser does find a single bit that tells


@pytest.mark.rule("R-111", "E-09")
def test_a_lost_reply_makes_no_second_ballot(at: Callable[..., Any]) -> None:
    at(BEGUN)
    entry = catalogue.published_entry()
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    member = meeting.roll(item)[0]
    content, signature = meeting.ballot(item, member, Choice.AGREE)
    browser, key = accounts.client(sessions.acting(member)), new_key()
    address = reverse("review:cast_ballot", args=[item.code])
    told = {"content": content.hex(), "signature": signature.hex(), "_key": key}
    assert [browser.post(address, told).status_code for _try in range(2)] == [302, 302]
    assert browser.post(address, {**told, "_key": new_key()}).status_code == 302  # a reload sends the same ballot
    other, signed = meeting.ballot(item, member, Choice.AGAINST)
    second = browser.post(address, {"content": other.hex(), "signature": signed.hex(), "_key": new_key()})
    assert "您已经投票。投票后不能更改。" in second.content.decode()
    assert fresh(item).roll.exclude(ballot=None).count() == 1
