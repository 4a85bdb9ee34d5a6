"""Lives of applications wholly over the API, on the dates of the demonstration year."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.domain.archiving import EVIDENCE
from applications.models import Application, Recommendation
from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from tests.factories import applications, catalogue
from tests.factories.calls import Caller, bases, codes
from tests.portal.documents.conftest import kept, pdf

pytestmark = pytest.mark.django_db
_kept = kept

At = Callable[[dt.datetime], None]
OPINION = {"opinion": "该同志业绩突出，同意推荐。", "assessment": "近三年考核均为优秀", "truth": True}


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def draft_by(caller: Caller, entry: CatalogueEntry, unit: str) -> str:
    """Open a draft and fill it in, all over the API; return its code."""
    opened = caller.post("applications/", {"entry": entry.code})
    assert opened.status_code == 201, opened.json()
    code = str(opened.json()["code"])
    for kind, values in (("post", {**applications.POST, "work_unit": unit}), ("summary", applications.SUMMARY)):
        versions = caller.get(f"applications/{code}/sheets/{kind}/").json()["versions"]
        saved = caller.patch(f"applications/{code}/sheets/{kind}/", {"values": values, "versions": versions})
        assert saved.status_code == 200, saved.json()
    work = {"unit": unit, "post": "工程师", "duty": "芯片设计", "since": "2013-08", "is_professional": True}
    for kind, values in (("work", work), ("assessment", {"year": 2025, "result": "excellent"})):
        assert caller.post("archive/", {"kind": kind, "values": values}).status_code == 201
    result = caller.post("archive/", {"kind": "result", "values": applications.RESULT}).json()["code"]
    file = caller.upload(pdf(), EVIDENCE)
    assert caller.post(f"archive/{result}/evidence/", {"file": file, "label": "量产证明"}).status_code == 201
    assert caller.put(f"applications/{code}/works/{result}/", {}).status_code == 200
    return code


def submitted_by(who: Actor, entry: CatalogueEntry, unit: str) -> str:
    caller = Caller(who)
    code = draft_by(caller, entry, unit)
    done = caller.post(f"applications/{code}/steps/submit/", {"commitment": True})
    assert done.status_code == 200, done.json()
    return code


def recommendation_of(code: str) -> str:
    return Recommendation.objects.get(application__code=code).code


def checked_by(caller: Caller, code: str) -> None:
    assert caller.post(f"recommendations/{code}/steps/open/").status_code == 200
    parts = caller.get(f"recommendations/{code}/").json()["parts"]
    found = [{"part": part["key"], "is_right": True} for part in parts]
    assert caller.post(f"recommendations/{code}/steps/check/", {"found": found}).status_code == 200


@pytest.mark.rule("R-063", "R-070", "R-072", "R-073")
def test_happy_path(entry: CatalogueEntry, at: At) -> None:
    """S1: submitted Wed 8 Jul, publicised Mon 13 Jul to Mon 20 Jul 24:00, recommended Tue 21 Jul."""
    at(moment(7, 8))
    unit = applications.employer()
    code = submitted_by(applications.applicant(unit), entry, unit.name)
    ours = recommendation_of(code)
    clerk, head = Caller(applications.clerk_of(unit)), Caller(applications.head_of(unit))
    at(moment(7, 13))
    checked_by(clerk, ours)
    posted = clerk.post("recommendations/publicise/", {"codes": [ours], "contact": applications.CONTACT})
    assert (posted.status_code, posted.json()["due_at"]) == (201, "2026-07-21T00:00:00+08:00")
    at(moment(7, 20, 23, 59))
    early = head.post(f"recommendations/{ours}/steps/recommend/", OPINION)
    assert (early.status_code, codes(early), bases(early)) == (409, ["step_not_open"], ["R-073"])
    at(moment(7, 21))
    assert [step["step"] for step in head.get(f"recommendations/{ours}/").json()["steps"]] == ["recommend", "refuse"]
    done = head.post(f"recommendations/{ours}/steps/recommend/", OPINION)
    assert (done.status_code, done.json()["state"]) == (200, "recommended")
    application = Application.objects.get(code=code)
    assert (application.state, application.recommended_at.date()) == ("recommended", dt.date(2026, 7, 21))


@pytest.mark.rule("R-092", "R-078")
def test_returned_and_resubmitted(entry: CatalogueEntry, at: At) -> None:
    """The agency's return is the domain's; correcting, submitting again and confirming go over the API."""
    application = applications.returned(entry, at=moment(7, 14))
    at(moment(8, 5))
    who = Caller(applications.acting_personally(application.applicant))
    shown = who.get(f"applications/{application.code}/").json()
    assert shown["state"] == "returned"
    assert [one["text"] for one in shown["defects"]] == list(applications.DEFECTS.values())
    result = application.works.get().item.code
    assert [one["place"] for one in shown["defects"]] == ["summary", f"result.{result}"]
    assert [(one["kind"], one["due_at"]) for one in shown["deadlines"]] == [
        ("applications.correction", "2026-08-19T00:00:00+08:00")
    ]
    done = who.post(f"applications/{application.code}/steps/resubmit/", {"commitment": True})
    assert done.json()["state"] == "resubmitted"
    ours = recommendation_of(application.code)
    head = Caller(applications.head_of(application.employer))
    shown = head.get(f"recommendations/{ours}/").json()
    assert (shown["state"], shown["changed"]) == ("rechecking", [])
    found = [{"part": part["key"], "is_right": True} for part in shown["parts"]]
    head.post(f"recommendations/{ours}/steps/check/", {"found": found})
    assert head.post(f"recommendations/{ours}/steps/recommend/", OPINION).json()["state"] == "recommended"
    assert Application.objects.get(pk=application.pk).state == "under_second_review"


@pytest.mark.rule("R-093")
def test_an_expiry_stays_though_the_request_that_met_it_is_refused(entry: CatalogueEntry, at: At) -> None:
    """S3: tried on Thu 24 Sep 09:15; nothing swept before."""
    application = applications.returned(entry, at=moment(7, 14))
    at(moment(9, 24, 9, 15))
    who = Caller(applications.acting_personally(application.applicant))
    refused = who.post(f"applications/{application.code}/steps/resubmit/", {"commitment": True})
    assert (refused.status_code, codes(refused)) == (409, ["step_not_open"])
    assert Application.objects.get(pk=application.pk).state == "deemed_withdrawn"


@pytest.mark.rule("R-025")
def test_an_expiry_met_by_many_at_once_stays_too(entry: CatalogueEntry, at: At) -> None:
    recommendation = applications.checked(applications.received(entry, at=moment(7, 14)), at=moment(7, 14))
    at(moment(8, 20))
    clerk = Caller(applications.clerk_of(recommendation.organisation))
    refused = clerk.post("recommendations/publicise/", {"codes": [recommendation.code], "contact": "人力资源部"})
    assert refused.status_code == 409
    assert Application.objects.get(pk=recommendation.application_id).state == "lapsed"
