"""What the pages of an open session keep from the agency, and from whoever keeps out of a case (domain §9, A-48)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, HEADER, new_key
from portal.notifications.models import Notification
from review.domain import acceptance_papers, discussing, keeping_out, minutes, sitting
from review.enums.defending import Relation
from review.enums.filing import Duty
from review.models import AgendaItem, CommitteeSession, SessionMember
from tests.factories import accounts, catalogue, sessions

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN
WORDS = "就技术路线的原创性充分讨论。"


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> int:
    """Keep an open session with two cases and a deputy who leads where the chair keeps out."""

    def make() -> int:
        entry: CatalogueEntry = catalogue.published_entry()
        planned = sessions.planned(entry.committee, members=13, size=11)
        done = sessions.opened(planned, sessions.ready(entry, 2))
        SessionMember.objects.filter(pk=sessions.ordinary(done)[6].pk).update(duty=Duty.DEPUTY)
        return done.pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def opened(made: int, at: Callable[..., None]) -> CommitteeSession:
    at(AT)
    return CommitteeSession.objects.with_all().get(pk=made)


def status(browser: Client, name: str, code: str) -> int:
    return browser.get(reverse(f"review:{name}", args=[code])).status_code


def minutes_page(browser: Client, session: CommitteeSession) -> str:
    answer = browser.get(reverse("review:session_minutes", args=[session.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def discussed(item: AgendaItem) -> AgendaItem:
    """Return the case under discussion, with what was said of it."""
    sessions.presented(item)
    return discussing.note(item, WORDS, by=sessions.leader(item), at=AT)


# --- The minutes ------------------------------------------------------------------------------
@pytest.mark.rule("R-112")
def test_the_agency_writes_minutes_without_outcomes_until_they_are_signed(opened: CommitteeSession) -> None:
    first, second = sessions.items(opened)
    sessions.decided(first, agree=8, against=3)
    sessions.decided(second, agree=2, against=9)
    clerk, chair = accounts.client(sessions.clerk(opened)), accounts.client(sessions.chair(opened))
    before = minutes_page(clerk, opened)
    assert first.application.applicant.full_name in before
    assert "同意8票" not in before
    assert "通过" not in before
    assert "同意8票" in minutes_page(chair, opened)
    press = {FIELD: new_key(), "text": minutes.drafted(sessions.fresh(opened))}
    assert chair.post(reverse("review:session_minutes", args=[opened.code]), press).status_code == 302
    assert "同意8票" not in minutes_page(clerk, opened)
    signed = sessions.signed(opened)
    assert "同意8票" in minutes_page(clerk, signed)


@pytest.mark.rule("E-11")
def test_members_without_the_chair_and_watchers_find_no_minutes(opened: CommitteeSession) -> None:
    for reader in (sessions.acting(sessions.ordinary(opened)[5]), sessions.commissioner_of(opened)):
        assert status(accounts.client(reader), "session_minutes", opened.code) in {403, 404}


@pytest.mark.rule("A-48")
def test_a_chair_reads_nothing_of_a_case_they_keep_out_of(
    opened: CommitteeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, other = sessions.items(opened)
    keeping_out.declare(item, Relation.KIN, "", by=sessions.chair(opened), at=AT)
    done = discussed(AgendaItem.objects.with_all().get(pk=item.pk))
    sessions.agenda.open_vote(done, by=sessions.leader(done), at=AT)
    done = sessions.agenda.close_vote(done, by=sessions.leader(done), at=AT)
    sessions.counted_on_paper(done, 7, 3)
    sessions.decided(other, agree=8, against=3)
    shown = minutes_page(accounts.client(sessions.chair(opened)), opened)
    assert "同意8票" in shown
    for secret in (WORDS, "同意7票", item.application.code):
        assert secret not in shown, secret
    signed = sessions.signed(opened)
    whole = {}
    monkeypatch.setattr(acceptance_papers.pdf, "render", lambda _face, context, **_told: whole.update(context))
    acceptance_papers.minutes_of(signed)
    told = "".join(whole["counted"])
    assert all(secret in told for secret in (WORDS, "同意7票", item.application.code, "同意8票"))


# --- Who keeps out ----------------------------------------------------------------------------
@pytest.mark.rule("A-47", "A-48")
def test_agency_and_commissioner_learn_who_keeps_out_and_why(opened: CommitteeSession) -> None:
    item = sessions.items(opened)[0]
    one, other = sessions.ordinary(opened)[5:7]
    clerk, watching = sessions.clerk(opened), sessions.commissioner_of(opened)
    keeping_out.order(item, one, Relation.KIN, "", by=clerk, at=AT)
    keeping_out.declare(item, Relation.INTEREST, "", by=sessions.acting(other), at=AT)
    said = [f"{one.person.full_name}（近亲属，评审服务机构要求）", f"{other.person.full_name}（"]
    for reader in (clerk, watching):
        shown = accounts.client(reader).get(reverse("review:session_screen", args=[opened.code])).content.decode()
        assert all(words in shown for words in said)
        told = accounts.client(reader).get(f"/api/sessions/{opened.code}/").json()
        assert [who["name"] for who in told["cases"][0]["keeping_out"]] == [
            one.person.full_name,
            other.person.full_name,
        ]
    member = accounts.client(sessions.acting(sessions.ordinary(opened)[4]))
    assert said[0] not in member.get(reverse("review:session_screen", args=[opened.code])).content.decode()
    assert member.get(f"/api/sessions/{opened.code}/").json()["cases"][0]["keeping_out"] == []
    letters = Notification.objects.filter(kind="review.member_keeps_out", posted_at=AT)
    found = letters.filter(body__contains=one.person.full_name)
    assert found.filter(person=watching.person).count() == 1
    assert found.filter(organisation=opened.committee.agency).exists()
    assert letters.count() == 2 * found.count()
    assert not letters.filter(body__contains=item.application.applicant.full_name).exists()


# --- The pages of a case ----------------------------------------------------------------------
@pytest.mark.rule("A-48")
def test_no_page_of_a_case_opens_to_whoever_keeps_out_of_it(opened: CommitteeSession) -> None:
    item = sessions.items(opened)[0]
    chair = sessions.chair(opened)
    keeping_out.declare(item, Relation.KIN, "", by=chair, at=AT)
    discussed(AgendaItem.objects.with_all().get(pk=item.pk))
    browser = accounts.client(chair)
    pages = ("item_open_vote", "item_close_vote", "item_discussion", "item_present", "item_count", "item_recusal")
    assert {name: status(browser, name, item.code) for name in pages} == dict.fromkeys(pages, 404)
    for step in ("open_vote", "close_vote", "present", "order_recusal", "count"):
        told = {"headers": {HEADER: new_key()}, "content_type": "application/json"}
        assert browser.post(f"/api/cases/{item.code}/steps/{step}/", {}, **told).status_code == 404, step
    screen = browser.get(reverse("review:session", args=[opened.code])).content.decode()
    assert reverse("review:item_recusal", args=[item.code]) not in screen


@pytest.mark.rule("A-03", "A-48")
def test_a_chair_puts_off_a_case_they_keep_out_of_by_page_and_program(opened: CommitteeSession) -> None:
    first, second = sessions.items(opened)
    chair = sessions.chair(opened)
    for item in (first, second):
        keeping_out.declare(item, Relation.KIN, "", by=chair, at=AT)
    browser = accounts.client(chair)
    assert (
        first.application.applicant.full_name
        not in browser.get(reverse("review:item_defer", args=[first.code])).content.decode()
    )
    reason = {"reason": "需要补充证明材料后再评审"}
    page = browser.post(reverse("review:item_defer", args=[first.code]), {FIELD: new_key(), **reason})
    assert page.status_code == 302
    told = {"headers": {HEADER: new_key()}, "content_type": "application/json"}
    assert browser.post(f"/api/cases/{second.code}/steps/defer/", reason, **told).status_code == 200
    assert {item.state for item in sessions.items(opened)} == {"deferred"}
    assert sitting.close_session(opened, by=chair, at=AT).state == "closed"
