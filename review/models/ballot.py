"""Encrypted ballots, under the names of those who cast them: what is in them nobody can read, here least of all."""

import textwrap

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.ballot.errors import Fault
from portal.shared.models import Dated
from review.models.agenda_item import AgendaItem, ItemVoter
from review.models.joint_key import Octets
from review.models.session_member import SessionMember

FOREVER = pgtrigger.Update | pgtrigger.Delete


class MemberKey(Dated):
    """The public half of a key that a member's device made; another device replaces it between two votes."""

    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="ballot_keys")
    key = Octets(max_length=32, unique=True)
    registered_at = models.DateTimeField(_("登记时间"))
    replaced_at = models.DateTimeField(_("更换时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("委员表决密钥")
        constraints = [
            models.UniqueConstraint(name="one_key_a_member", fields=["member"], condition=Q(replaced_at=None))
        ]
        triggers = [pgtrigger.Protect(name="member_keys_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.member_id)

    @property
    def short(self) -> str:
        """The first 16 digits in groups of four: what the member compares with the own device."""
        return " ".join(textwrap.wrap(self.key.hex()[:16], 4))


class RollKey(models.Model):
    """With which key a voter on the frozen roll of a case votes."""

    voter = models.OneToOneField(ItemVoter, on_delete=models.PROTECT, related_name="roll_key")
    key = models.ForeignKey(MemberKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("名册密钥")
        triggers = [pgtrigger.Protect(name="roll_keys_stay", operation=FOREVER)]

    def __str__(self) -> str:
        return str(self.voter_id)


class Ballot(models.Model):
    """One ballot: 256 bytes of ciphertext and proof, 64 of signature. Final, and all of one size."""

    voter = models.OneToOneField(ItemVoter, on_delete=models.PROTECT, related_name="ballot")
    content = Octets(max_length=256)
    signature = Octets(max_length=64)

    class Meta:
        verbose_name = _("选票")
        triggers = [
            pgtrigger.Protect(name="ballots_stay", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="ballots_go_after_their_sum_is_kept",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM review_keptsum AS kept JOIN review_itemvoter AS voter ON voter.item_id = kept.item_id
                        WHERE voter.id = OLD.voter_id
                    ) THEN
                        RAISE EXCEPTION 'a ballot goes only after the sum of its case was kept';
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.voter_id)

    @property
    def short(self) -> str:
        """A short form by which a member finds the own ballot in the record."""
        return " ".join(textwrap.wrap(self.content.hex()[:16], 4))


class OpeningPart(models.Model):
    """What one scrutineer contributed to opening the sum of a case's ballots: 96 bytes, with proof."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="opening_parts")
    seat = models.PositiveSmallIntegerField()
    part = Octets(max_length=96)

    class Meta:
        verbose_name = _("开票分量")
        ordering = ["item", "seat"]
        constraints = [models.UniqueConstraint(name="one_part_a_seat", fields=["item", "seat"])]
        triggers = [pgtrigger.Protect(name="parts_stay", operation=FOREVER)]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.seat}"


class KeptSum(models.Model):
    """What stays of a case's ballots once they are deleted: their encrypted sum, how many there were, and a hash.

    ``votes`` are the two points of the sum, which the kept parts open to the totals; ``digest`` is the SHA-256 of the
    case's record as it was published, for whoever kept a copy.
    """

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="kept_sum")
    votes = Octets(max_length=64)
    cast = models.PositiveSmallIntegerField(_("收到票数"))
    digest = models.CharField(max_length=64)
    deleted_at = models.DateTimeField(_("删除时间"))

    class Meta:
        verbose_name = _("加密选票之和")
        triggers = [pgtrigger.Protect(name="sums_stay", operation=FOREVER)]

    def __str__(self) -> str:
        return str(self.item_id)


class Recount(models.Model):
    """That a case's ballots were counted again from the record: of exactly the record with ``digest``, with the first fault found."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recounts")
    digest = models.CharField(_("表决记录摘要值"), max_length=64)
    ballots = models.PositiveSmallIntegerField(_("选票数"))
    fault = models.CharField(_("发现的问题"), max_length=20, blank=True, choices=[(one, one) for one in Fault])
    counted_at = models.DateTimeField(_("复核时间"))

    class Meta:
        verbose_name = _("电子表决复核")
        constraints = [models.UniqueConstraint(name="one_recount_a_record", fields=["item", "digest"])]
        triggers = [pgtrigger.Protect(name="recounts_stay", operation=FOREVER)]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.digest[:8]}"
