"""A season with invented applicants: its funnel, its sameness, and invariants that hold and are seen to break."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from itertools import count
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from applications.models import Application
from certificates.models import Certificate
from portal.accounts.identifiers import DocumentKind, credit_code, identify
from portal.accounts.models import IdentityDocument, Organisation
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from portal.publicity.models import Line, Notice
from portal.shared import clock
from portal.web.invariants import inspecting
from portal.web.models import SimulatedSeason
from portal.web.simulation import evidence, funnel, people, running
from portal.web.simulation import season as calendar_of_season
from portal.web.simulation.running import Course
from portal.web.simulation.season import AT_ONE_EMPLOYER, YEAR, Season
from portal.web.simulation.staffing import cast_for
from portal.web.simulation.stories import SHARES, Ending, stories, story_of
from portal.workdays.counting import Calendar
from review.models import AgendaItem, CommitteeFiling, CommitteeSession

SEED, APPLICANTS, PAPERS = 848, 12, 2
pytestmark = [pytest.mark.long, pytest.mark.django_db]
Find = Callable[[], str]


@pytest.fixture(scope="module")
def course(standing: Callable[[Callable[[], Any]], Any]) -> Course:
    """Return the course of a season that every test of this module finds as it ended."""
    return standing(lambda: season(SEED, APPLICANTS, PAPERS))


def season(seed: int, applicants: int, papers: int = 0) -> Course:
    with override_settings(SEALING={**settings.SEALING, "time_stamps": False}):
        return running.run(seed=seed, applicants=applicants, papers=papers)


def broken() -> dict[int, set[str]]:
    """Return the subjects of every breach by the number of the invariant."""
    found: dict[int, set[str]] = {}
    for _result in inspecting.inspect(lambda one, breach: found.setdefault(one.number, set()).add(breach.subject)):
        pass
    return found


def written(statement: str, *values: object) -> None:
    """Change rows behind the steps' back, as whoever owns the database could."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def changed(table: str, pk: int, change: str) -> None:
    written(f"UPDATE {table} SET {change} WHERE id = %s", pk)


def test_every_story_goes_as_it_is_told_and_every_invariant_holds(course: Course) -> None:
    assert course.trouble.first == []
    assert course.done == course.stages
    assert broken() == {}


def test_the_funnel_is_that_of_the_stories(course: Course) -> None:
    ends = {story.ending for story in stories(SEED, course.numbers)}
    assert len(ends) > 4, "the seed shows too little"
    way = dict(funnel.way(course.numbers))
    assert list(way.values()) == sorted(way.values(), reverse=True)
    assert way["began a draft"] == APPLICANTS
    certified = [story for story in stories(SEED, course.numbers) if story.ending is Ending.CERTIFIED]
    assert len(certified) <= way["numbered"] < way["submitted"]
    assert way["certified"] == PAPERS
    assert sum(end.number for end in funnel.ends(course.numbers)) == APPLICANTS


def test_people_and_employers_have_numbers_that_are_right(course: Course) -> None:
    for document in IdentityDocument.objects.filter(person__username__startswith="season-0").select_related("person"):
        found = identify(DocumentKind.RESIDENT_ID, document.number, on=clock.today())
        assert (found.born_on, found.sex) == (document.person.born_on, document.person.sex)
    for place in Organisation.objects.filter(memberships__person__username__startswith="season-").distinct():
        assert credit_code(place.credit_code) == place.credit_code


def test_the_same_seed_tells_the_same_year_and_another_one_another(course: Course) -> None:
    assert told_by(3) == told_by(3) != funnel.fingerprint(course.numbers)
    assert list(stories(3, range(50))) != list(stories(4, range(50)))


def told_by(seed: int, lead: Callable[[int], Course] = lambda seed: season(seed, 2)) -> str:
    """Return the fingerprint of a small season that is undone afterwards."""
    with transaction.atomic():
        told = funnel.fingerprint(lead(seed).numbers)
        transaction.set_rollback(True)
    return told


class Killed(BaseException):
    """What nobody catches."""


def dying_after(statements: int) -> Callable[..., Any]:
    """Return a wrapper of statements that raises once, after so many."""
    seen = count(1)

    def wrapper(execute: Callable[..., Any], *about: Any) -> Any:
        if next(seen) == statements:
            raise Killed
        return execute(*about)

    return wrapper


def killed_again_and_again(seed: int) -> Course:
    """Lead a season that dies after more and more statements, and is started again each time."""
    for kills in count(1):
        with suppress(Killed), connection.execute_wrapper(dying_after(300 * kills)):
            led = season(seed, 2)
            assert kills > 3, "it hardly ever died"
            assert (led.done, led.trouble.number, len(led.memory)) == (led.stages, 0, running.TENTHS)
            return led
    raise AssertionError


def test_a_season_that_was_killed_goes_on_and_ends_as_if_nothing_had_been(course: Course) -> None:
    assert told_by(3, killed_again_and_again) == told_by(3)


def test_what_falls_due_after_the_last_day_rings_when_the_clock_is_back(course: Course, monkeypatch) -> None:
    monkeypatch.setattr(calendar_of_season, "ENDS", dt.date(YEAR, 10, 25))
    season(3, 4)
    late = Deadline.objects.filter(
        kind="publicity.names_leave_the_board", due_at__gt=clock.start_of(calendar_of_season.ENDS)
    )
    assert late.exists()
    assert not late.filter(rung_at=None).exists()
    assert broken() == {}


def test_another_season_does_not_begin_before_one_that_was_cut_has_ended(course: Course) -> None:
    SimulatedSeason.objects.create(seed=7, applicants=80, most_papers=5, first=APPLICANTS)
    with pytest.raises(CommandError, match="--applicants 80 --seed 7 --papers 5"):
        call_command("simulate_year", applicants=1)


@pytest.mark.rule("R-187")
def test_a_committee_that_is_filed_from_a_later_day_is_left_to_those_who_filed_it(course: Course) -> None:
    small = Season(SEED, 2, Calendar(frozenset({YEAR})), first=course.numbers.stop)
    first = cast_for(small).committees[0][0]
    filing = CommitteeFiling.objects.get(name=first.name, band=first.band, agency=first.agency)
    changed("review_committeefiling", filing.pk, "valid_from = valid_from + 1")
    assert first not in [committee for committee, _rows in cast_for(small).committees]


@pytest.mark.parametrize("applicants", [1, 12, 24, 100, 240, 2000, 5003])
def test_nobody_of_an_employer_goes_with_another_block(applicants: int) -> None:
    blocks = list(Season(1, applicants, Calendar(frozenset({YEAR})), first=8).blocks())
    assert [number for block in blocks for number in block.numbers] == list(range(8, 8 + applicants))
    for block in blocks:
        for numbers in block.employers():
            assert len({number // AT_ONE_EMPLOYER for number in numbers}) == 1
    assert all(block.first % AT_ONE_EMPLOYER == 0 for block in blocks)


def test_of_many_every_ending_has_its_share() -> None:
    told = [story_of(1, number).ending for number in range(2000)]
    for ending, share in SHARES.items():
        assert abs(told.count(ending) - 2 * share) <= 4, ending


def test_an_evidence_file_is_one_that_examiners_take() -> None:
    paper = evidence.paper("兹证明𠮷囧·艾山同志主持完成。")
    assert paper.startswith(b"%PDF-1.4")
    assert int(paper.rpartition(b"startxref\n")[2].split()[0]) == paper.index(b"xref\n0 ")


def test_nothing_is_simulated_where_the_clock_cannot_be_moved() -> None:
    with override_settings(DEMO_CLOCK=False), pytest.raises(CommandError, match="demonstration clock"):
        call_command("simulate_year", applicants=1)
    assert not Application.objects.filter(applicant__username=people.username(APPLICANTS)).exists()


def test_the_command_names_every_invariant_with_its_result(course: Course) -> None:
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == [f"§13.{number}" for number in range(1, 15)]
    changed("applications_application", held_application(), "returns_allowed = 2")
    with pytest.raises(SystemExit):
        call_command("check_invariants", stdout=out)
    assert "BROKEN 1 times" in out.getvalue()


# --- Breaches, planted behind the steps' back ------------------------------------------------
def certificate() -> Certificate:
    return Certificate.objects.filter(state="issued").order_by("pk")[0]


def held_application() -> int:
    return int(Application.objects.filter(state="certified").order_by("pk").values_list("pk", flat=True)[0])


def on_hold() -> str:
    changed("applications_application", held_application(), "hold = 'investigation'")
    return str(Certificate.objects.get(case__application=held_application()).number)


def unpaid() -> str:
    changed("review_payment", certificate().case.application.payment.pk, "state = 'expired', settled_by_id = NULL")
    return certificate().number


def another_outcome() -> str:
    item = AgendaItem.objects.filter(state="decided_pass").order_by("pk")[0]
    changed("review_agendaitem", item.pk, "state = 'decided_fail'")
    return item.code


def told_choice() -> str:
    written("ALTER TABLE review_ballot ADD COLUMN choice text")
    return "review_ballot"


def returned_twice() -> str:
    changed("applications_application", held_application(), "returns_allowed = 2, return_count = 2")
    return Application.objects.get(pk=held_application()).code


def shortened() -> str:
    notice = Notice.objects.filter(kind="result_city").order_by("pk")[0]
    changed("publicity_notice", notice.pk, "ended_at = ended_at - interval '1 second'")
    return notice.code


def not_rung() -> str:
    deadline = Deadline.objects.exclude(rung_at=None).order_by("pk")[0]
    changed("deadlines_deadline", deadline.pk, "rung_at = NULL")
    return f"deadline {deadline.pk}"


def another_employer() -> str:
    entry = Entry.objects.filter(subject_type="applications.Recommendation", step="open").order_by("pk")[0]
    other = Organisation.objects.filter(kind="employer").exclude(pk=entry.organisation_id).order_by("pk")[0]
    changed("ledger_entry", entry.pk, f"organisation_id = {other.pk}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM applications_recommendation WHERE id = %s", [entry.subject_id])
        return str(cursor.fetchone()[0])


def civil_servant() -> str:
    application = Application.objects.get(pk=held_application())
    path = "'{sheets,post,is_civil_servant}'"
    snapshot = application.snapshots.order_by("number")[0]
    changed("applications_snapshot", snapshot.pk, f"content = jsonb_set(content, {path}, 'true')")
    return application.code


def district() -> str:
    changed("certificates_certificate", certificate().pk, "district_limited = '密云区'")
    return certificate().number


def related_voter() -> str:
    item = AgendaItem.objects.filter(state="decided_pass").order_by("pk")[0]
    written(
        """INSERT INTO review_itemrecusal (item_id, member_id, relation, remark, source, declared_at, created_at, updated_at)
        SELECT item_id, member_id, 'co_author', '', 'own', now(), now(), now() FROM review_itemvoter
        WHERE item_id = %s LIMIT 1""",
        item.pk,
    )
    return item.code


def unknown_state() -> str:
    pk = held_application()
    changed("applications_application", pk, "state = 'cleared'")
    return Application.objects.get(pk=pk).code


def told_number() -> str:
    line = Line.objects.filter(notice__kind="result_city").order_by("pk").select_related("notice")[0]
    changed("publicity_line", line.pk, """content = content || '{"unit": "110108198803129931"}'""")
    return line.notice.code


def other_minutes() -> str:
    session = CommitteeSession.objects.exclude(signed_at=None).order_by("pk")[0]
    changed("review_committeesession", session.pk, "minutes = 'others'")
    return session.code


PLANTED: list[tuple[int, Find]] = [
    (1, on_hold),
    (1, unpaid),
    (2, another_outcome),
    (3, told_choice),
    (4, returned_twice),
    (5, shortened),
    (6, not_rung),
    (7, another_employer),
    (8, civil_servant),
    (9, district),
    (10, related_voter),
    (12, unknown_state),
    (13, told_number),
    (14, other_minutes),
]


@pytest.mark.parametrize(("number", "plant"), PLANTED, ids=[plant.__name__ for _number, plant in PLANTED])
def test_a_breach_is_found_and_named(course: Course, number: int, plant: Find) -> None:
    subject = plant()
    assert subject in broken()[number]
