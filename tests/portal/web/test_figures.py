"""The demonstration's people stand where they should, by the real steps."""

import pytest

from applications import demo as applications
from applications.models import Application
from portal.web import demonstration
from review import demo as review


@pytest.mark.django_db
def test_every_figure_is_on_its_way() -> None:
    demonstration.load()
    demonstration.load()
    found = dict(Application.objects.values_list("applicant__username", "state"))
    assert found == {
        "demo-draft": "draft",
        "demo-submitted": "submitted",
        "demo-checking": "with_employer",
        "demo-publicising": "with_employer",
        "demo-sent-back": "draft",
        "demo-refused": "not_recommended",
        "demo-queued": "recommended",
        "demo-reviewing": "under_review",
        "demo-proposed": "under_review",
        "demo-returned": "returned",
        "demo-fee": "review_passed",
        "demo-paid": "paid",
        "demo-defence": "awaiting_defence",
        "demo-defence-2": "awaiting_defence",
        "demo-ready": "ready_for_committee",
    }
    assert set(found) == {figure.username for figure in (*applications.FIGURES, *review.FIGURES)}
