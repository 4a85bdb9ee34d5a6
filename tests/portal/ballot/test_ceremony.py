"""Three make one key: no rogue key, no false share, nobody left out, and every page sees the same transcript."""

from dataclasses import replace

import pytest

from portal.ballot import ceremony
from portal.ballot.ceremony import SEATS, Ceremony
from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import GENERATOR, encoded, fresh, minus, times_generator, total
from portal.ballot.proofs import prove
from tests.factories.ballots import Scrutineers, refused, scrutineers_secrets

SESSION = "PS26000001"


@pytest.fixture(scope="module")
def three() -> Scrutineers:
    return Scrutineers(SESSION)


def test_everybody_receives_a_share_that_fits_and_confirms(three: Scrutineers) -> None:
    for recipient in SEATS:
        own = three.secrets[recipient - 1]
        received = [
            own.share_for(recipient)
            if sender == recipient
            else ceremony.open_share(three.ceremony, sender, recipient, own, three.sealed(sender, recipient))
            for sender in SEATS
        ]
        share = ceremony.combined(received)
        assert times_generator(share) == three.ceremony.verification_key(recipient)
        confirmation = ceremony.confirm(three.ceremony, recipient, share)
        ceremony.check_confirmation(three.ceremony, recipient, confirmation)


def test_a_rogue_key_cannot_be_announced(three: Scrutineers) -> None:
    """The last to announce picks a key that cancels the others', so that the joint key would be its own."""
    chosen = fresh()
    others = total(each.constant for each in three.announcements[:2])
    rogue = minus(times_generator(chosen), others)
    honest = three.announcements[2]
    for possession in (
        honest.possession,
        prove(
            chosen,
            [(GENERATOR, rogue)],
            purpose="possession of a key",
            context=ceremony._announced(SESSION, 3, honest.box_key, honest.slope),
        ),
    ):
        message = bytes(replace(honest, constant=rogue, possession=possession))
        assert refused(lambda sent=message: ceremony.read_announcement(SESSION, 3, sent)) == Fault.POSSESSION


@pytest.mark.parametrize(("session", "seat"), [("PS26000002", 1), (SESSION, 2)], ids=["session", "seat"])
def test_an_announcement_cannot_be_taken_over(three: Scrutineers, session: str, seat: int) -> None:
    message = bytes(three.announcements[0])
    assert refused(lambda: ceremony.read_announcement(session, seat, message)) == Fault.POSSESSION


def test_a_box_key_cannot_be_exchanged_on_the_way(three: Scrutineers) -> None:
    message = bytes(replace(three.announcements[0], box_key=three.announcements[1].box_key))
    assert refused(lambda: ceremony.read_announcement(SESSION, 1, message)) == Fault.POSSESSION


def test_a_share_off_the_line_names_its_sender(three: Scrutineers) -> None:
    liar = replace(three.secrets[0], slope=fresh())
    sealed = ceremony.seal_share(three.ceremony, 1, 2, liar, once=bytes(range(32)))
    with pytest.raises(BallotRefused, match="scrutineer 1 does not fit") as refusal:
        ceremony.open_share(three.ceremony, 1, 2, three.secrets[1], sealed)
    assert refusal.value.fault == Fault.SHARE


def test_a_share_opens_for_its_recipient_unaltered_only(three: Scrutineers) -> None:
    sealed = three.sealed(1, 2)
    altered = sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:]
    for sender, recipient, message, fault in (
        (1, 3, sealed, Fault.SHARE),
        (3, 2, sealed, Fault.SHARE),
        (1, 2, altered, Fault.SHARE),
        (1, 2, bytes(32) + sealed[32:], Fault.POINT),
        (1, 2, sealed[:-1], Fault.LENGTH),
    ):
        own = three.secrets[recipient - 1]
        assert refused(lambda a=(sender, recipient, own, message): ceremony.open_share(three.ceremony, *a)) == fault


def test_who_saw_other_announcements_cannot_confirm(three: Scrutineers) -> None:
    """A portal that shows each browser other keys is found: the transcripts, and their short forms, differ."""
    other = Scrutineers(SESSION)
    mixed = Ceremony(SESSION, (three.announcements[0], three.announcements[1], other.announcements[2]))
    confirmation = ceremony.confirm(three.ceremony, 1, three.share(1))
    assert refused(lambda: ceremony.check_confirmation(mixed, 1, confirmation)) == Fault.CONFIRMATION
    assert refused(lambda: ceremony.check_confirmation(three.ceremony, 2, confirmation)) == Fault.CONFIRMATION
    assert mixed.fingerprint != three.ceremony.fingerprint
    assert len(mixed.fingerprint.replace(" ", "")) == 24


def test_a_ceremony_needs_all_three_in_order(three: Scrutineers) -> None:
    one, two, last = three.announcements
    for announced in ((one, two), (two, one, last), (one, one, last)):
        assert refused(lambda told=announced: Ceremony(SESSION, told)) == Fault.POSSESSION


def test_secrets_are_not_shown() -> None:
    secrets = scrutineers_secrets(lambda: 7_654_321)
    assert "7654321" not in repr(secrets)
    assert encoded(7_654_321).hex() not in repr(secrets)
