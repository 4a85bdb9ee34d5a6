"""Log-in with a password: who gets in, who is locked out, and that nobody learns which accounts exist."""

import datetime as dt
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ledger.models import Entry
from portal.shared import clock
from tests.factories import accounts
from tests.portal.entrance.conftest import PASSWORD


def log_in(browser: Client, username: str, password: str, **extra: str):
    return browser.post(reverse("account_login"), {"login": username, "password": password}, **extra)


def words(response) -> str:
    """What a person reads, without what differs from request to request."""
    text = re.sub(r'(name="(?:_key|csrfmiddlewaretoken)" value=")[^"]*', r"\1", response.content.decode())
    return re.sub(r'(name="login" value=")[^"]*', r"\1", text)


def test_the_right_password_opens_the_desk_and_the_ledger_keeps_it(browser, person):
    response = log_in(browser, "LinZhiYuan", PASSWORD)
    assert (response.status_code, response.url) == (302, reverse("web:desk"))
    assert browser.get(reverse("web:desk")).status_code == 200
    assert [(entry.step, entry.person) for entry in Entry.objects.filter(step="log_in")] == [("log_in", person)]


def test_who_works_for_an_organisation_chooses_first_for_whom(browser, person):
    place = accounts.organisation()
    accounts.Membership.objects.create(person=person, organisation=place, role=Role.EMPLOYER_HEAD, since=accounts.SINCE)
    assert log_in(browser, "linzhiyuan", PASSWORD).url == reverse("entrance:switch")


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(browser, person):
    wrong = log_in(browser, "linzhiyuan", "Falsch-Falsch-1")
    unknown = log_in(Client(), "nobody-has-this", "Falsch-Falsch-1")
    assert wrong.status_code == unknown.status_code == 200
    assert words(wrong) == words(unknown)
    assert "账号或者密码不正确" in words(wrong)


def test_an_account_that_was_closed_is_told_so_only_with_its_password(browser, person):
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert words(log_in(browser, "linzhiyuan", "Falsch-Falsch-1")) == words(
        log_in(Client(), "nobody", "Falsch-Falsch-1")
    )
    assert log_in(Client(), "linzhiyuan", PASSWORD).url == reverse("account_inactive")


@pytest.mark.parametrize("username", ["linzhiyuan", "nobody-has-this"])
def test_five_failures_lock_the_account_out_and_say_for_how_long(browser, person, username):
    answers = [log_in(browser, username, "Falsch-Falsch-1").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = log_in(browser, username, PASSWORD)
    assert locked.status_code == 429
    assert "请在 15 分钟后重试" in locked.content.decode()
    assert "_auth_user_id" not in browser.session


def test_the_lock_falls_after_its_time_and_the_page_counts_down(browser, person):
    for _ in range(5):
        log_in(browser, "linzhiyuan", "Falsch-Falsch-1")
    attempt = AccessAttempt.objects.get()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - dt.timedelta(minutes=10))
    assert "请在 5 分钟后重试" in log_in(browser, "linzhiyuan", PASSWORD).content.decode()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - dt.timedelta(minutes=15, seconds=1))
    assert log_in(browser, "linzhiyuan", PASSWORD).status_code == 302


def test_another_address_and_another_account_are_not_locked_with_it(browser, person):
    other = accounts.person(username="other")
    other.set_password(PASSWORD)
    other.save()
    for _ in range(5):
        log_in(browser, "linzhiyuan", "Falsch-Falsch-1")
    assert log_in(Client(), "linzhiyuan", PASSWORD, REMOTE_ADDR="10.1.1.1").status_code == 302
    assert log_in(Client(), "other", PASSWORD).status_code == 302


def test_what_was_typed_as_account_is_not_kept_readable(browser, person):
    log_in(browser, "11990019900203007X", "Falsch-Falsch-1")
    attempt = AccessAttempt.objects.get()
    assert "11990019900203007X" not in f"{attempt.username} {attempt.post_data} {attempt.get_data}"
    assert len(attempt.username) == 64


def test_logging_out_ends_the_session_and_stands_in_the_ledger(browser, person):
    log_in(browser, "linzhiyuan", PASSWORD)
    response = browser.post(reverse("account_logout"))
    assert response.url == reverse("web:home")
    assert browser.get(reverse("entrance:profile")).status_code == 302
    assert Entry.objects.filter(step="log_out", person=person).count() == 1


def test_a_session_ends_when_it_expires_or_is_deleted_and_with_its_account(browser, person):
    desk = reverse("web:desk")
    ends = {
        "expired": lambda: Session.objects.update(expire_date=clock.start_of(accounts.SINCE)),
        "deleted": lambda: Session.objects.all().delete(),
        "closed": lambda: Person.objects.filter(pk=person.pk).update(is_active=False),
    }
    for end in ends.values():
        log_in(browser, "linzhiyuan", PASSWORD)
        assert browser.get(desk).status_code == 200
        end()
        assert browser.get(desk).status_code == 302


def test_log_in_gives_the_session_a_new_name(browser, person):
    browser.get(reverse("account_login"))
    session = browser.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    browser.cookies["sessionid"] = before
    log_in(browser, "linzhiyuan", PASSWORD)
    assert browser.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_changing_the_password_ends_the_sessions_elsewhere(browser, person):
    elsewhere = Client()
    for each in (browser, elsewhere):
        log_in(each, "linzhiyuan", PASSWORD)
    told = {"oldpassword": PASSWORD, "password1": "Xin-Mima-2026", "password2": "Xin-Mima-2026"}
    assert browser.post(reverse("account_change_password"), told).status_code == 302
    assert browser.get(reverse("entrance:profile")).status_code == 200
    assert elsewhere.get(reverse("entrance:profile")).status_code == 302
    assert Entry.objects.filter(step="change_password", person=person).count() == 1


@pytest.mark.parametrize(
    ("password", "why"),
    [("kurz-7", "10"), ("1234567890123", "数字"), ("linzhiyuan-1", "相似"), ("password123", "常")],
)
def test_a_weak_password_is_refused_with_its_reason(browser, person, password, why):
    log_in(browser, "linzhiyuan", PASSWORD)
    told = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = browser.post(reverse("account_change_password"), told)
    assert response.status_code == 200
    assert why in "".join(response.context["form"].errors["password1"])


def test_the_session_of_staff_ends_when_idle_and_an_applicants_does_not(browser, person, visit, actor, settings):
    staff = visit(actor(Role.BUREAU_CLERK))
    staff.get(reverse("entrance:profile"))
    assert staff.session.get_expiry_age() == settings.STAFF_IDLE_SECONDS
    session = Session.objects.get(session_key=staff.session.session_key)
    session.expire_date -= dt.timedelta(seconds=settings.STAFF_IDLE_SECONDS)
    session.save()
    assert staff.get(reverse("entrance:profile")).status_code == 302
    log_in(browser, "linzhiyuan", PASSWORD)
    browser.get(reverse("entrance:profile"))
    assert browser.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
