"""What requests leave behind is swept up, and not too early."""

import datetime as dt

from portal.http.models import HandledPost
from portal.http.tasks import KEPT, forget_the_past
from portal.shared import clock


def test_answers_are_kept_for_a_month(db: None) -> None:
    for key, age in (("young", KEPT - dt.timedelta(minutes=1)), ("old", KEPT + dt.timedelta(minutes=1))):
        HandledPost.objects.create(key=key, owner="", path="/", handled_at=clock.now() - age)
    forget_the_past()
    assert list(HandledPost.objects.values_list("key", flat=True)) == ["young"]
