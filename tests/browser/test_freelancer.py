"""The freelancer's way in a browser: the register of associations, the choice, the sealed papers, what the agency sees."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.domain import submitting
from applications.models import Application
from portal.accounts.roles import Role
from portal.catalogue.models import Recognition
from portal.shared import clock
from tests.factories import accounts, applications, freelancers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_of_the_freelancers_way_are_sound(open_window) -> None:
    clock.move_to(freelancers.SUBMITTED_AT)
    row, association, who = freelancers.entry(), freelancers.association(), freelancers.freelancer()
    application = freelancers.filled(row, who, association, on_paper=True)
    window = open_window(by=who)
    address = reverse("applications:association", args=[application.code])
    shown = window.open(address)
    expect(shown.get_by_label("推荐协会、学会")).to_be_visible()
    window.must_be_sound("freelancer-association")
    window.open(reverse("applications:scan", args=[application.code, "form"]))
    window.must_be_sound("freelancer-scan")
    freelancers.seal(application, who)
    window.open(reverse("applications:sheet", args=[application.code, "sealed"]))
    window.must_be_sound("freelancer-sealed")
    window.open(reverse("applications:mine", args=[application.code]))
    window.must_be_sound("freelancer-tasks")
    found = Application.objects.with_all().get(pk=application.pk)
    done = submitting.submit(found, commitment=True, by=who, at=freelancers.SUBMITTED_AT)
    window.open(reverse("applications:mine", args=[done.code]))
    window.must_be_sound("freelancer-following")
    agency = open_window(by=applications.agency_clerk_of(done))
    agency.open(reverse("review:file", args=[done.review.code]))
    agency.must_be_sound("freelancer-review")


def test_the_register_of_associations_is_sound(open_window) -> None:
    clock.move_to(freelancers.SUBMITTED_AT)
    freelancers.association()
    code = Recognition.objects.get().code
    window = open_window(by=accounts.actor(Role.BUREAU_LEAD))
    for name, arguments in (
        ("associations", ()),
        ("recognitions", ()),
        ("propose_recognition", ()),
        ("recognition:show", (code,)),
        ("recognition:end", (code,)),
    ):
        window.open(reverse(f"catalogue:{name}", args=arguments))
        window.must_be_sound(f"associations-{name.replace(':', '-')}")
