"""Conditions on screen: the bureau enters and changes them, the public and programs read what is published."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.conditions import Route
from portal.catalogue.domain import conditions, editions
from portal.catalogue.domain.conditions import Terms
from portal.catalogue.enums import Audience, EducationLevel, LevelKey, Method
from portal.catalogue.models import CatalogueEntry, ConditionSet, Edition, Series
from portal.shared import clock
from portal.workflow import carry_out
from tests.factories import catalogue as make

FIVE = Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=5)
FOUR = Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=4, text="须有专利")
MOVER = Route(EducationLevel.BACHELOR, work_years=10, audience=Audience.MOVER)


def terms(level: LevelKey = LevelKey.ASSOCIATE, **fields: object) -> Terms:
    known = {"routes": (FIVE,), "source": "改革文件〔2026〕1号"}
    return Terms(series=Series.objects.get(code="05"), level=make.level(level), **(known | fields))


def year(*wanted: Terms, **fields: object) -> CatalogueEntry:
    """Return the one row of a published year with these conditions."""
    edition = make.edition()
    conditions.put(edition, wanted, by=make.SYSTEM, at=make.PREPARED_AT)
    plan = make.schedule(edition)
    make.published(make.row(edition, plan, **fields), of=edition, plan=plan)
    return CatalogueEntry.objects.with_all().get(edition=edition)


def way(number: int, **fields: object) -> dict[str, object]:
    """Return one way as a browser sends it."""
    empty = {"audience": "general", "education": "", "title": "", "skill": "", "text": ""}
    years = {"title_years": 0, "work_years": 0, "skill_years": 0}
    return {f"form-{number}-{name}": value for name, value in (empty | years | fields).items()}


def sent(*ways: dict[str, object], **fields: object) -> dict[str, object]:
    """Return the form of a set as a browser sends it."""
    filled = {name: value for number, each in enumerate(ways) for name, value in way(number, **each).items()}
    return {"form-TOTAL_FORMS": len(ways), "form-INITIAL_FORMS": 0, "_key": "k", **filled, **fields}


ENGINEER = {"education": "bachelor", "title": "intermediate", "title_years": 5}


# --- The bureau -----------------------------------------------------------------------------
def test_the_bureau_enters_changes_and_takes_out_conditions(
    visit: Callable[..., Client], bureau_clerk: Actor, at: Callable[[dt.datetime], None]
) -> None:
    at(make.PREPARED_AT)
    edition, client = make.edition(), visit(bureau_clerk)
    plan = make.schedule(edition)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=make.SYSTEM, at=make.PREPARED_AT)
    listed = reverse("catalogue:edition:conditions", args=[edition.code])
    assert "1 个级别尚未录入申报条件" in client.get(listed).text

    new = reverse("catalogue:edition:add_conditions", args=[edition.code])
    assert "selected>工程技术" in client.get(new, {"series": "05", "level": "associate"}).text.replace("\n", "")
    entered = sent(ENGINEER, {}, series="05", level="associate", source="改革文件")
    page = client.post(new, entered, follow=True).text
    assert "申报条件已保存。" in page
    assert "本科及以上学历或者学位，取得工程师满5年" in page
    assert "尚未录入申报条件" not in page

    stored = ConditionSet.objects.get()
    change = reverse("catalogue:edition:change_conditions", args=[edition.code, stored.code])
    page = client.get(change).text
    assert 'value="改革文件"' in page
    assert 'value="5"' in page
    page = client.post(
        change, sent({**ENGINEER, "title_years": 4}, source="改革文件") | {"_key": "k2"}, follow=True
    ).text
    assert "取得工程师满4年" in page

    drop = reverse("catalogue:edition:drop_conditions", args=[edition.code, ConditionSet.objects.get().code])
    assert "工程技术 副高级" in client.get(drop).text
    assert "申报条件已移出。" in client.post(drop, {"_key": "k3"}, follow=True).text
    assert not ConditionSet.objects.exists()
    page = client.get(reverse("catalogue:edition:show", args=[edition.code])).text
    assert "修改申报条件" in page
    assert "移出申报条件" in page


def test_refusals_come_back_beside_their_fields_with_everything_entered(
    visit: Callable[..., Client], bureau_clerk: Actor, at: Callable[[dt.datetime], None]
) -> None:
    at(make.PREPARED_AT)
    edition, client = make.edition(), visit(bureau_clerk)
    new = reverse("catalogue:edition:add_conditions", args=[edition.code])
    wrong = sent({"education": "doctor", "work_years": 2}, series="05", level="associate", note="其他条件一")
    page = client.post(new, wrong).text
    for words in ["请填写依据文件", "有途径不要求已取得职称", "（依据 A-26）", "其他条件一", 'value="2"']:
        assert words in page
    assert (
        client.post(new, sent({"education": "x"}, series="05", level="associate") | {"_key": "k2"}).status_code == 200
    )
    assert not ConditionSet.objects.exists()

    conditions.put(edition, [terms()], by=make.SYSTEM, at=make.PREPARED_AT)
    again = sent(ENGINEER, series="05", level="associate", source="另一文件") | {"_key": "k3"}
    assert "工程技术 副高级已有申报条件，请在原有条件上修改。" in client.post(new, again).text
    assert ConditionSet.objects.get().source == "改革文件〔2026〕1号"


def test_what_is_published_is_changed_only_in_a_revision(
    visit: Callable[..., Client], bureau_clerk: Actor, now: dt.datetime, at: Callable[[dt.datetime], None]
) -> None:
    at(now)
    entry, client = year(terms()), visit(bureau_clerk)
    edition = entry.edition
    page = client.get(reverse("catalogue:edition:conditions", args=[edition.code])).text
    assert "增加申报条件" not in page
    stored = ConditionSet.objects.get()
    change = reverse("catalogue:edition:change_conditions", args=[edition.code, stored.code])
    page = client.post(change, sent({**ENGINEER, "title_years": 4}, source="改革文件")).text
    assert "请先编制修订版" in page
    carry_out(Edition.objects.get(pk=edition.pk), "amend", by=make.SYSTEM, at=now, note="调整")
    client.post(change, sent({**ENGINEER, "title_years": 4}, source="改革文件") | {"_key": "k2"})
    assert "取得工程师满5年" in Client().get(reverse("catalogue:entry", args=[entry.code])).text
    assert client.get(change).status_code == 404  # the set that is public is no longer the one being worked on
    shown = client.get(reverse("catalogue:edition:show", args=[edition.code])).text
    assert "查看变更的申报条件" in shown


@pytest.mark.parametrize(
    ("role", "status"), [(Role.BUREAU_CLERK, 200), (Role.AGENCY_LEAD, 403), (Role.EMPLOYER_HEAD, 403), (None, 302)]
)
def test_only_the_bureau_keeps_conditions(
    visit: Callable[..., Client], actor: Callable[..., Actor], role: Role | None, status: int
) -> None:
    edition = year(terms()).edition
    client = visit(actor(role)) if role else Client()
    code = ConditionSet.objects.get().code
    for name, args in [("conditions", []), ("add_conditions", []), ("change_conditions", [code])]:
        assert client.get(reverse(f"catalogue:edition:{name}", args=[edition.code, *args])).status_code == status


# --- The public -----------------------------------------------------------------------------
@pytest.mark.rule("R-039", "R-057", "R-058", "A-26", "A-30")
def test_everybody_reads_the_conditions_of_an_entry(db: None) -> None:
    entry = year(terms(routes=(FOUR, MOVER), note="其他", exceptional="破格"))
    page = Client(headers={"accept-language": "zh-CN"}).get(reverse("catalogue:entry", args=[entry.code])).text
    for words in [
        "须逐级申报。",
        "2026年12月31日",
        "本科及以上学历或者学位",
        "取得工程师满4年",
        "须有专利",
        "仅适用于机关流动到企事业单位的人员",
        "从事本专业技术工作满10年",
        "改革文件〔2026〕1号",
    ]:
        assert words in page
    assert "演示数据，数值待核实" not in page


def test_illustrative_numbers_say_so(db: None) -> None:
    first = Route(EducationLevel.MASTER)
    entry = year(terms(is_illustrative=True, source="", may_be_first=True, routes=(first,)))
    page = Client().get(reverse("catalogue:entry", args=[entry.code])).text
    assert "演示数据，数值待核实" in page
    assert "可以凭学历首次申报" in page


def test_a_row_without_conditions_says_where_to_look(db: None) -> None:
    assert "学历、资历条件尚未录入" in Client().get(reverse("catalogue:entry", args=[year().code])).text
    exam_only = year(terms(), method=Method.EXAM_ONLY, committee=None)
    assert "申报条件" not in Client().get(reverse("catalogue:entry", args=[exam_only.code])).text.split("<h1")[1]


def test_the_history_tells_which_conditions_changed(db: None, now: dt.datetime) -> None:
    entry = year(terms(), terms(LevelKey.FULL, routes=(Route(EducationLevel.BACHELOR, title=LevelKey.ASSOCIATE),)))
    edition = carry_out(entry.edition, "amend", by=make.SYSTEM, at=now, note="调整")
    conditions.put(edition, [terms(routes=(FOUR,))], by=make.SYSTEM, at=now)
    full = edition.condition_sets.select_related("edition").get(level__key=LevelKey.FULL)
    conditions.drop(full, by=make.SYSTEM, at=now)
    for step in ("submit", "approve"):
        edition = carry_out(edition, step, by=make.SYSTEM, at=now)
    editions.publish(edition, by=make.SYSTEM, at=now)
    page = Client().get(reverse("catalogue:history", args=[edition.code])).text
    assert "<li>工程技术 副高级</li>" in page.split("录入或者修改申报条件")[1]
    assert "<li>工程技术 正高级</li>" in page.split("移出申报条件")[1]


def test_programs_read_the_conditions_that_are_published(db: None) -> None:
    entry = year(terms(routes=(FIVE, MOVER)))
    make_hidden = make.edition()
    conditions.put(make_hidden, [terms()], by=make.SYSTEM, at=make.PREPARED_AT)
    found = Client().get("/api/catalogue/conditions/", {"series": "05", "level": "associate"}).json()
    (shown,) = found["results"]
    assert (shown["edition"], shown["specialty"], shown["may_be_first"]) == (entry.edition.code, None, False)
    assert shown["routes"][0] == {
        "education": "bachelor",
        "work_years": 0,
        "title": "intermediate",
        "title_years": 5,
        "audience": "general",
        "skill": None,
        "skill_years": 0,
        "text": "",
        "words": "本科及以上学历或者学位，取得工程师满5年",
    }
    assert Client().get(f"/api/catalogue/conditions/{shown['code']}/").json() == shown


# --- Cost -----------------------------------------------------------------------------------
def cost(client: Client, address: str) -> int:
    clock.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_of_conditions_cost_the_same_at_one_and_four(visit: Callable[..., Client], bureau_clerk: Actor) -> None:
    client = visit(bureau_clerk)
    own = make.specialty()
    fields = {"routes": (FIVE, FOUR, MOVER)}
    small = year(terms()).edition
    large = year(
        terms(**fields),
        terms(specialty=own, **fields),
        terms(specialty=make.specialty(), **fields),
        terms(LevelKey.FULL, **fields),
    ).edition
    client.get(reverse("web:desk"))
    for name in ("conditions", "show"):
        costs = [cost(client, reverse(f"catalogue:edition:{name}", args=[each.code])) for each in (small, large)]
        assert costs[0] == costs[1], name
    address = "/api/catalogue/conditions/?edition={}"
    assert cost(client, address.format(small.code)) == cost(client, address.format(large.code))
