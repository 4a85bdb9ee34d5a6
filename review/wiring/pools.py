"""What the pools of experts and the filings of committees register with the rooms below."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally, agency, bureau
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents import purposes
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.http import navigation, worklist
from portal.integrity.registry import register as register_consequences
from review import rules
from review.domain import appointing, filing_queries, filing_steps, pool_queries, sitting
from review.enums.filing import FILING_EXPIRED, FILING_EXPIRING
from review.enums.pooling import TERM_END, TERM_ENDING, TITLE_PROOF
from review.guards.filing import register_sitting
from review.models import ExpertTerm


def terms_of_mine(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the expert: nominations without a word, appointments without the promise."""
    page = reverse("review:own_experts")
    return [
        worklist.Waiting(_("专家推荐待本人同意"), pool_queries.to_consent(actor).count(), page),
        worklist.Waiting(_("专家承诺待签署"), pool_queries.to_promise(actor).count(), page),
    ]


def pool_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of its pool waits for the agency."""
    page = reverse("review:experts")
    return [
        worklist.Waiting(_("专家推荐待审核"), pool_queries.to_forward(actor).count(), f"{page}?state=nominated"),
        worklist.Waiting(_("审核通过，待聘任专家"), pool_queries.to_appoint(actor).count(), f"{page}?state=vetted"),
    ]


def pools_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return whom the bureau is to vet."""
    page = f"{reverse('review:experts')}?state=nominated"
    return [worklist.Waiting(_("专家入库待审核"), pool_queries.to_vet(actor).count(), page)]


def _reads_proof(actor: Actor, file: StoredFile) -> bool:
    terms = ExpertTerm.objects.filter(expert__title_proof=file)
    return is_own.test(actor, file) is True or terms.at(actor).exists() or terms.of(actor).exists()


PROOF = purposes.Purpose(
    name=TITLE_PROOF, label=_("职称证书照片或者扫描件"), may_upload=rules.sees_pool, may_read=_reads_proof
)


def connect_pooling() -> None:
    """Register the pools of experts."""
    purposes.register(PROOF)
    ending = DeadlineKind(TERM_ENDING, _("专家聘期90日内届满"), "R-163", ring=appointing.term_is_ending)
    register_deadline(ending)
    register_deadline(DeadlineKind(TERM_END, _("专家聘期届满"), "R-163", ring=appointing.term_is_over))
    register_consequences(appointing.Consequences())
    worklist.register("review.own_terms", acts_personally | rules.expert, terms_of_mine)
    worklist.register("review.pool", agency, pool_waiting)
    worklist.register("review.pools", bureau, pools_waiting)
    navigation.register("review:experts", _("评审专家库"), who=rules.sees_pool, place=136)
    navigation.register("review:own_experts", _("我的专家聘期"), who=acts_personally | rules.expert, place=136)
    outside = rules.nominates_from_outside
    navigation.register("review:nominations", _("推荐评审专家"), who=outside, place=136)


def filings_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of its filings waits for the agency."""
    page = reverse("review:filings")
    return [
        worklist.Waiting(_("评审委员会备案退回修改"), filing_queries.to_mend(actor).count(), page),
        worklist.Waiting(_("评审委员会备案即将到期"), filing_queries.running_out(actor).count(), page),
    ]


def filings_to_judge(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return the filings and amendments that wait for the bureau."""
    page = reverse("review:filings")
    return [
        worklist.Waiting(_("评审委员会待备案"), filing_queries.to_judge(actor).count(), page),
        worklist.Waiting(_("委员调整待确认"), filing_queries.changes_to_confirm(actor).count(), page),
    ]


def connect_filing() -> None:
    """Register the filing of committees."""
    expiring = DeadlineKind(FILING_EXPIRING, _("评审委员会备案90日内到期"), "A-55", ring=filing_steps.nearly_over)
    register_deadline(expiring)
    register_deadline(DeadlineKind(FILING_EXPIRED, _("评审委员会备案到期"), "A-55", ring=filing_steps.is_over))
    filing_steps.on_end(sitting.filing_ended)
    register_sitting(sitting.has_open_session)
    worklist.register("review.filings", agency, filings_waiting)
    worklist.register("review.filings_to_judge", bureau, filings_to_judge)
    navigation.register("review:filings", _("评审委员会备案"), who=rules.sees_pool, place=137)
