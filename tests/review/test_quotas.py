"""Quotas for targeted titles: set by two, used by what was accepted, left to whoever more members agreed to (R-226, A-50)."""

import pytest
from django.urls import reverse

from applications.models import Application
from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.accounts.roles import Role
from portal.catalogue.enums import Channel
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from review.domain import accepting, quotas
from review.domain.quotas import Key
from review.enums.accepting import AcceptanceState, CaseState
from review.enums.quotas import QuotaState
from review.models import ResultAcceptance, TargetedQuota
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories.acceptances import DECIDED, TAKEN
from tests.factories.calls import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R-226")]
GROUND = "京人社事业发〔2026〕1号，下达2026年度名额。"
WHY = "名额已满，待调整名额后再验收。"


def made_once() -> tuple[CatalogueEntry, list[Application]]:
    """Two teachers of Miyun before their committee."""
    entry = catalogue.published_entry()
    people = sessions.ready(entry, 2)
    Application.objects.filter(pk__in=[one.pk for one in people]).update(channel=Channel.TARGETED)
    Organisation.objects.filter(applications__in=people).update(district=District.MIYUN)
    return entry, list(Application.objects.filter(pk__in=[one.pk for one in people]).order_by("pk"))


@pytest.fixture
def entry(kept: tuple[CatalogueEntry, list[Application]]) -> CatalogueEntry:
    return kept[0]


@pytest.fixture
def pair(kept: tuple[CatalogueEntry, list[Application]]) -> list[Application]:
    return kept[1]


@pytest.fixture
def batch(pair: list[Application]) -> ResultAcceptance:
    return acceptances.taken(acceptances.voted(pair, [9, 10]))


def proposed(entry: CatalogueEntry, total: int) -> TargetedQuota:
    of = (District.MIYUN, entry.specialty.series, 2026)
    return quotas.propose(*of, total=total, ground=GROUND, by=acceptances.clerk(), at=TAKEN)


def granted(entry: CatalogueEntry, total: int) -> TargetedQuota:
    return quotas.approve(proposed(entry, total), by=acceptances.lead(), at=TAKEN)


def refused_by(batch: ResultAcceptance) -> list[str]:
    with pytest.raises(Refusal) as refused:
        accepting.accept(batch, by=acceptances.lead(), at=DECIDED)
    return [str(one.text) for one in refused.value.reasons]


@pytest.mark.rule("A-50")
def test_without_a_registered_quota_nobody_is_accepted(batch: ResultAcceptance) -> None:
    texts = refused_by(batch)
    assert len(texts) == 2
    assert all("名额没有登记" in text for text in texts)


@pytest.mark.rule("A-50")
def test_inside_the_quota_whoever_more_members_agreed_to_comes_first(
    entry: CatalogueEntry, batch: ResultAcceptance, pair: list[Application]
) -> None:
    granted(entry, 1)
    (text,) = refused_by(batch)
    assert pair[0].applicant.full_name in text
    assert "名额1个，已用0个，剩余1个" in text
    held = acceptances.case_of(pair[0])
    done = accepting.accept_partly(batch, held=[held.code], reason=WHY, by=acceptances.lead(), at=DECIDED)
    assert done.state == AcceptanceState.PARTLY_ACCEPTED
    of = Key(District.MIYUN, entry.specialty.series_id, 2026)
    assert quotas.used([of]) == {of: 1}
    held = acceptances.case_of(pair[0])
    with pytest.raises(StepRefused) as beyond:
        accepting.release(held, reason=WHY, by=acceptances.lead(), at=DECIDED)
    assert {one.code for one in beyond.value.reasons} == {"quota"}
    granted(entry, 2)
    assert accepting.release(held, reason=WHY, by=acceptances.lead(), at=DECIDED).state == CaseState.ACCEPTED
    with pytest.raises(Refusal) as fewer:
        proposed(entry, 1)
    assert [(one.code, one.field) for one in fewer.value.reasons] == [("covers_what_was_granted", "total")]


@pytest.mark.rule("A-50")
def test_equals_at_the_last_place_wait_together(entry: CatalogueEntry, pair: list[Application]) -> None:
    granted(entry, 1)
    assert len(refused_by(acceptances.taken(acceptances.voted(pair, [10, 10])))) == 2


def test_a_quota_is_set_by_two_and_replaced_by_the_next(entry: CatalogueEntry) -> None:
    lead = acceptances.lead()
    of = (District.MIYUN, entry.specialty.series, 2026)
    own = quotas.propose(*of, total=20, ground=GROUND, by=lead, at=TAKEN)
    with pytest.raises(StepRefused) as alone:
        quotas.approve(own, by=lead, at=TAKEN)
    assert [one.code for one in alone.value.reasons] == ["another_proposed"]
    with pytest.raises(StepNotPermitted):
        quotas.approve(own, by=acceptances.clerk(), at=TAKEN)
    with pytest.raises(Refusal) as waits:
        proposed(entry, 21)
    assert [one.code for one in waits.value.reasons] == ["quota_waits"]
    first = quotas.approve(own, by=acceptances.officer(Role.BUREAU_LEAD, another=True), at=TAKEN)
    with pytest.raises(Refusal) as same:
        proposed(entry, 20)
    assert [one.code for one in same.value.reasons] == ["nothing_changes"]
    second = granted(entry, 25)
    assert TargetedQuota.objects.get(pk=first.pk).state == QuotaState.REPLACED
    assert list(TargetedQuota.objects.in_force()) == [second]
    declined = quotas.decline(proposed(entry, 30), reason="全市总量已定，不再增加。", by=acceptances.lead(), at=TAKEN)
    assert declined.state == QuotaState.DECLINED
    assert list(TargetedQuota.objects.in_force()) == [second]


def test_the_bureau_keeps_the_register_on_screen(entry: CatalogueEntry) -> None:
    clerk, lead = accounts.client(acceptances.clerk()), accounts.client(acceptances.lead())
    series = entry.specialty.series
    given = {"district": District.MIYUN, "series": series.code, "year": 2026, "total": 20, "ground": "短", "_key": "a"}
    page = clerk.post(reverse("review:propose_quota"), given).content.decode()
    assert "请写明下达名额的依据" in page
    made = clerk.post(reverse("review:propose_quota"), {**given, "ground": GROUND, "_key": "b"})
    assert made.status_code == 302
    quota = TargetedQuota.objects.get()
    assert "密云区" in clerk.get(reverse("review:quotas")).content.decode()
    assert lead.post(reverse("review:quota_approve", args=[quota.code]), {"_key": "c"}).status_code == 302
    page = lead.get(reverse("review:quotas")).content.decode()
    assert "执行中的名额" in page
    assert lead.get(reverse("review:quota", args=[quota.code])).status_code == 200


def test_programs_keep_the_register_too(entry: CatalogueEntry) -> None:
    clerk, lead = Caller(acceptances.clerk()), Caller(acceptances.lead())
    told = {"district": "110118", "series": entry.specialty.series.code, "year": 2026, "total": 20, "ground": GROUND}
    assert clerk.post("quotas/", {**told, "series": "99"}).status_code == 404
    short = clerk.post("quotas/", {**told, "ground": "短"})
    assert (short.status_code, short.json()["code"]) == (409, "ground_given")
    made = clerk.post("quotas/", told).json()
    assert (made["state"], made["used"], made["left"], made["district_name"]) == ("proposed", 0, 20, "密云区")
    assert clerk.post(f"quotas/{made['code']}/steps/approve/", {}).json()["code"] == "step_not_permitted"
    assert lead.post(f"quotas/{made['code']}/steps/approve/", {}).json()["state"] == "in_force"
    assert [one["code"] for one in clerk.get("quotas/").json()["results"]] == [made["code"]]
    assert Caller(sessions.defences.agency_staff(entry.committee.agency)).get("quotas/").status_code == 403
