"""The demonstration's people stand where they should, by the real steps."""

import pytest

from applications import demo
from applications.models import Application
from portal.web import demonstration


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
    }
    assert set(found) == {figure.username for figure in demo.FIGURES}
