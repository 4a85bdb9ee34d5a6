"""The pages of pools and filings: from the nomination to the filed committee, each desk with its own part."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, new_key
from portal.shared import clock
from review.domain import nominating
from review.enums.filing import FilingState
from review.enums.pooling import TermState
from review.interfaces.expert_sheets import HEADINGS
from review.models import CommitteeFiling, ExpertTerm
from tests.factories import accounts, experts, filings

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
Visit = Callable[..., Client]


class Desks:
    """Browsers of the agency's clerk and lead, and of the bureau's."""

    def __init__(self, agency: Organisation, visit: Visit) -> None:
        bureau = accounts.organisation(OrganisationKind.BUREAU)
        self.agency = agency
        self.clerk_actor = accounts.actor(Role.AGENCY_CLERK, at=agency)
        self.clerk = visit(self.clerk_actor)
        self.lead = visit(accounts.actor(Role.AGENCY_LEAD, at=agency))
        self.bureau = visit(accounts.actor(Role.BUREAU_CLERK, at=bureau))
        self.head = visit(accounts.actor(Role.BUREAU_LEAD, at=bureau))


@pytest.fixture
def desks(entry: CatalogueEntry, visit: Visit, at: Callable[[dt.datetime], None]) -> Desks:
    at(AT)
    assert entry.committee is not None
    return Desks(entry.committee.agency, visit)


def post(browser: Client, address: str, **told: object) -> str:
    """Send a form and return where it leads; an answer that shows the form again fails with its errors."""
    response = browser.post(address, {**told, FIELD: new_key()})
    assert response.status_code == 302, errors(response)
    return str(response["Location"])


def errors(response: object) -> str:
    content = response.content.decode()  # type: ignore[attr-defined]
    start = content.find("govuk-error-summary")
    return str(content[start : start + 800])


def nomination(person: Person, number: str, **changes: object) -> dict[str, object]:
    return {
        "full_name": person.full_name,
        "number": number,
        "series": "05",
        "band": "senior",
        "level": "full",
        "title": "正高级工程师",
        "field": "集成电路设计",
        "employer_name": "示例研究院",
        **changes,
    }


def test_an_expert_comes_into_the_pool_over_four_desks(desks: Desks, visit: Visit) -> None:
    person = accounts.person(full_name="李明")
    number = accounts.document(person).number
    own = visit(acting_personally(person))
    page = post(desks.clerk, "/review/experts/nominate/", **nomination(person, number))
    term = ExpertTerm.objects.get()
    assert page == f"/review/experts/{term.code}/"
    assert "李明" in desks.clerk.get("/review/experts/").content.decode()
    assert "尚未同意" in desks.clerk.get(page).content.decode()

    own_page = f"/review/own-experts/{term.code}/"
    assert own_page in own.get("/review/own-experts/").content.decode()
    post(own, f"{own_page}consent/")
    experts.title_found(person, at=AT)
    post(desks.clerk, f"{page}forward/", opinion="业务水平高，同意推荐。")
    assert "审核通过" in desks.bureau.get(page).content.decode()
    post(desks.bureau, f"{page}vet/")
    post(desks.lead, f"{page}appoint/", starts_on="2026-08-01", ends_on="2029-07-31")
    assert "尚未签署" in own.get(own_page).content.decode()
    post(own, f"{own_page}promise/", promised="on")
    assert ExpertTerm.objects.covering(dt.date(2026, 8, 1)).get() == term
    post(desks.clerk, f"{page}pause/", reason="出国进修三个月。")
    assert "出国进修三个月。" in own.get(own_page).content.decode()


def test_refusals_stand_beside_their_fields_with_what_was_entered(desks: Desks) -> None:
    person = accounts.person(full_name="李明")
    number = accounts.document(person).number
    told = nomination(person, number, level="assistant")
    response = desks.clerk.post("/review/experts/nominate/", {**told, FIELD: new_key()})
    content = response.content.decode()
    assert "与工程技术系列高级职称的评审不相应" in content
    assert "示例研究院" in content
    assert not ExpertTerm.objects.exists()


def test_people_and_employers_name_experts_and_see_what_became_of_it(desks: Desks, visit: Visit) -> None:
    own = accounts.actor()
    told = nomination(own.person, "", agency=desks.agency.code)  # type: ignore[arg-type]
    del told["full_name"], told["number"]
    assert post(visit(own), "/review/experts/nominate/", **told) == "/review/own-experts/"
    person = accounts.person(full_name="王芳")
    employer = visit(accounts.actor(Role.EMPLOYER_CLERK))
    address = post(
        employer,
        "/review/experts/nominate/",
        **nomination(person, accounts.document(person).number, agency=desks.agency.code),
    )
    assert "王芳" in employer.get(address).content.decode()


def test_nobody_opens_the_term_of_another_pool_or_person(desks: Desks, visit: Visit) -> None:
    (term,) = experts.appointed(desks.agency)
    stranger = visit(accounts.actor(Role.AGENCY_CLERK))
    assert stranger.get(f"/review/experts/{term.code}/").status_code == 404
    assert visit(accounts.actor()).get(f"/review/own-experts/{term.code}/").status_code == 404
    assert visit(accounts.actor()).get(f"/review/experts/{term.code}/").status_code == 403


def test_the_list_asks_the_same_number_of_queries_for_one_and_many(
    desks: Desks, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    experts.appointed(desks.agency, 1)
    desks.clerk.get("/review/experts/")
    with django_assert_max_num_queries(30) as one:
        desks.clerk.get("/review/experts/")
    experts.appointed(desks.agency, 5)
    with django_assert_max_num_queries(30) as many:
        assert desks.clerk.get("/review/experts/?state=appointed&series=05").status_code == 200
    assert len(many) == len(one)


def test_words_are_looked_for_without_standing_in_an_address(desks: Desks) -> None:
    first, other = experts.appointed(desks.agency, 2)
    name = first.expert.person.full_name
    response = desks.clerk.post("/review/experts/search/", {"words": name})
    assert name not in response["Location"]
    content = desks.clerk.get(response["Location"]).content.decode()
    assert f"/review/experts/{first.code}/" in content
    assert f"/review/experts/{other.code}/" not in content


# --- The sheet --------------------------------------------------------------------------------
def sheet(*rows: list[str]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *rows]):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
    return SimpleUploadedFile("experts.xlsx", buffer.getvalue())


def row(person: Person, number: str, **changes: str) -> list[str]:
    told = dict(zip(HEADINGS, [""] * len(HEADINGS), strict=True))
    told |= {"姓名": person.full_name, "证件号码": number, "职称系列": "工程技术", "评委会级别": "高级"}
    told |= {"职称级别": "正高级", "职称名称": "正高级工程师", "研究领域": "集成电路", "工作单位": "示例研究院"}
    return list((told | changes).values())


def test_a_sheet_is_judged_row_by_row_and_taken_over_once(desks: Desks) -> None:
    people = [accounts.person() for _each in range(3)]
    numbers = [accounts.document(one).number for one in people]
    wrong = sheet(
        row(people[0], numbers[0]),
        row(people[1], numbers[1], 职称级别="助理级"),
        row(people[2], numbers[0]),
        row(people[0], numbers[0], 职称系列="炼金术"),
    )
    response = desks.clerk.post("/review/experts/import/", {"file": wrong, FIELD: new_key()})
    content = response.content.decode()
    assert "第3行「职称级别」" in content
    assert "第4行「证件号码」" in content
    assert "第5行「职称系列」：「炼金术」无法识别。" in content
    assert not ExpertTerm.objects.exists()

    right = sheet(*(row(one, number) for one, number in zip(people, numbers, strict=True)))
    address = post(desks.clerk, "/review/experts/import/", file=right)
    content = desks.clerk.get(address).content.decode()
    assert all(number not in content for number in numbers)
    assert not ExpertTerm.objects.exists()
    post(desks.clerk, address)
    assert ExpertTerm.objects.filter(state=TermState.NOMINATED).count() == 3
    assert desks.clerk.get(address).status_code == 404
    assert desks.clerk.get("/review/experts/import/template/").status_code == 200


def test_a_sheet_that_no_longer_holds_names_its_rows(desks: Desks) -> None:
    person = accounts.person()
    number = accounts.document(person).number
    address = post(desks.clerk, "/review/experts/import/", file=sheet(row(person, number)))
    scope = nominating.Scope(desks.agency, experts.series(), "senior")
    nominating.nominate(person, scope, experts.facts(), grounds="", by=desks.clerk_actor, at=AT)
    response = desks.clerk.post(address, {FIELD: new_key()})
    assert "第2行：该专家已在本机构" in response.content.decode()


# --- Filings ----------------------------------------------------------------------------------
def test_a_committee_is_filed_over_two_desks(desks: Desks, entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    terms = experts.appointed(desks.agency, 12, ends_on=dt.date(2029, 7, 31))
    told = {"name": entry.committee.name, "band": "senior", "series": "05", "specialty": entry.specialty.code}
    page = post(desks.clerk, "/review/filings/start/", **told, size=11)
    filing = CommitteeFiling.objects.get()
    assert page == f"/review/filings/{filing.code}/"
    assert desks.bureau.get(page).status_code == 404
    content = desks.clerk.get(page).content.decode()
    assert "请在委员中指定一名主任委员。" in content
    post(desks.clerk, f"{page}members/", terms=[term.code for term in terms])
    post(desks.clerk, f"{page}members/{terms[0].code}/", duty="chair")
    post(desks.clerk, f"{page}members/{terms[1].code}/", duty="deputy")
    post(desks.clerk, f"{page}members/{terms[2].code}/", duty="out")
    post(desks.clerk, f"{page}submit/")

    assert entry.committee.name in desks.bureau.get("/review/filings/").content.decode()
    post(desks.bureau, f"{page}send-back/", reason="请核对专业。")
    assert "请核对专业。" in desks.clerk.get(page).content.decode()
    post(desks.clerk, f"{page}revise/", **told, size=11)
    post(desks.clerk, f"{page}submit/")
    refused = desks.head.post(f"{page}record/", {"number": "", FIELD: new_key()})
    assert refused.status_code == 200
    post(desks.head, f"{page}record/", number="备〔2026〕1号", valid_from="2026-08-01", valid_to="2029-07-31")
    filing = CommitteeFiling.objects.get()
    assert (filing.state, filing.number) == (FilingState.FILED, "备〔2026〕1号")


def test_members_change_over_two_desks(desks: Desks, entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    filing = filings.filed(entry.committee, 13)
    (new,) = experts.appointed(desks.agency)
    page = f"/review/filings/{filing.code}/"
    leaving = filing.roll()[-1].term
    post(desks.clerk, f"{page}amend/", reason="委员退休。")
    post(desks.clerk, f"{page}members/", terms=[new.code])
    post(desks.clerk, f"{page}members/{leaving.code}/", duty="out")
    assert "拟加入" in desks.clerk.get(page).content.decode()
    post(desks.clerk, f"{page}hand-in/")
    post(desks.bureau, f"{page}confirm/")
    assert {one.term_id for one in filing.roll()} & {new.pk, leaving.pk} == {new.pk}
    renewal = post(desks.clerk, f"{page}renew/")
    assert desks.clerk.get(renewal).status_code == 200
    post(desks.head, f"{page}revoke/", reason="超范围评审。")
    assert CommitteeFiling.objects.get(pk=filing.pk).state == FilingState.REVOKED


def test_an_agency_meets_no_foreign_filing(desks: Desks, entry: CatalogueEntry, visit: Visit) -> None:
    assert entry.committee is not None
    filing = filings.filed(entry.committee, 11)
    stranger: Actor = accounts.actor(Role.AGENCY_LEAD)
    assert visit(stranger).get(f"/review/filings/{filing.code}/").status_code == 404
    assert "/review/filings/B" not in visit(stranger).get("/review/filings/").content.decode()
