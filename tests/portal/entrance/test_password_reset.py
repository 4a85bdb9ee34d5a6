"""Password links: sent to confirmed addresses only, used once, and telling nobody who has an account."""

import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.portal.entrance.conftest import PASSWORD
from tests.portal.entrance.test_log_in import log_in, words


def ask(browser, email, run):
    with run(execute=True):
        return browser.post(reverse("account_reset_password"), {"email": email}, follow=True)


def confirmed(person, *, verified=True):
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=verified)


def test_the_link_sets_a_new_password_once_and_ends_other_sessions(browser, person, django_capture_on_commit_callbacks):
    confirmed(person)
    elsewhere = Client()
    log_in(elsewhere, "linzhiyuan", PASSWORD)
    ask(browser, "lin@example.com", django_capture_on_commit_callbacks)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["lin@example.com"], "重设密码")
    link = re.search(r"http://testserver(\S+)", letter.body).group(1)
    form = browser.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    assert browser.post(address, {"password1": "Xin-Mima-2026", "password2": "Xin-Mima-2026"}).status_code == 302
    assert elsewhere.get(reverse("entrance:profile")).status_code == 302
    assert log_in(Client(), "linzhiyuan", "Xin-Mima-2026").status_code == 302
    assert "链接已失效" in Client().get(link, follow=True).content.decode()


def test_known_unknown_and_unconfirmed_addresses_get_the_same_answer(
    browser, person, django_capture_on_commit_callbacks
):
    confirmed(person, verified=False)
    unconfirmed = ask(browser, "lin@example.com", django_capture_on_commit_callbacks)
    unknown = ask(Client(), "nobody@example.com", django_capture_on_commit_callbacks)
    assert mail.outbox == []
    EmailAddress.objects.update(verified=True)
    known = ask(Client(), "lin@example.com", django_capture_on_commit_callbacks)
    assert len(mail.outbox) == 1
    assert words(known) == words(unknown) == words(unconfirmed)


def test_a_letter_leaves_after_the_answer(browser, person, django_capture_on_commit_callbacks):
    confirmed(person)
    with django_capture_on_commit_callbacks() as waiting:
        browser.post(reverse("account_reset_password"), {"email": "lin@example.com"})
    assert mail.outbox == []
    assert len(waiting) == 1
