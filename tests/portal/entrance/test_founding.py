"""The first day of an installation: a bureau where nobody works yet, and two leads who admit a colleague."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.accounts import invented
from portal.accounts.models import Membership, Organisation
from portal.accounts.queries import actor_of
from portal.accounts.roles import OrganisationKind, Role
from portal.entrance.domain import inviting
from portal.ledger.models import Entry
from portal.shared import clock
from tests.factories import accounts

NAME, CODE = "北京市人力资源和社会保障局", invented.credit_code(1, "11", "110000")


@pytest.fixture
def leads(db):
    people = [accounts.person(username=name) for name in ("xunuo", "heping")]
    for one in people:
        accounts.document(one)
    return people


def found(*who: str, name: str = NAME, code: str = CODE) -> None:
    call_command("found_bureau", f"--name={name}", f"--credit-code={code}", *(f"--lead={one}" for one in who))


@pytest.mark.rule("R-001")
def test_two_leads_admit_the_first_colleague(leads, capsys):
    found("xunuo", "heping")
    bureau = Organisation.objects.get(kind=OrganisationKind.BUREAU)
    assert (bureau.name, bureau.credit_code, bureau.is_active) == (NAME, CODE, True)
    assert NAME in capsys.readouterr().out
    now = clock.now()
    one, other = (actor_of(person, bureau.code, on=clock.today()) for person in leads)
    assert one.roles == other.roles == {Role.BUREAU_LEAD}
    assert accounts.client(one).get(reverse("web:desk")).status_code == 200
    proposed = inviting.propose(bureau, role=Role.BUREAU_LEAD, full_name="尤佳", email="", by=one, at=now)
    link = inviting.let_out(proposed, by=other, at=now)
    colleague = accounts.person(full_name="尤佳")
    accounts.document(colleague)
    inviting.accept(link.request, link.token, by=accounts.acting_personally(colleague), at=now)
    assert actor_of(colleague, bureau.code, on=clock.today()).roles == {Role.BUREAU_LEAD}


def test_the_ledger_says_that_nobody_stood_above_them(leads):
    before = Entry.objects.count()
    found("xunuo", "heping")
    entries = Entry.objects.order_by("pk").values_list("step", "actor_kind")[before:]
    assert list(entries) == [("found", "system"), ("begin", "system"), ("begin", "system")]


@pytest.mark.rule("R-001")
def test_it_is_done_once(leads):
    found("xunuo", "heping")
    with pytest.raises(CommandError, match="已登记"):
        found("xunuo", "heping", code=invented.credit_code(2, "11", "110000"))
    assert Organisation.objects.count() == 1


@pytest.mark.rule("R-001")
@pytest.mark.parametrize(
    ("who", "why"),
    [
        (["xunuo"], "至少两名"),
        (["xunuo", "xunuo"], "至少两名"),
        (["xunuo", "nobody"], "nobody"),
        (["xunuo", "unverified"], "证件尚未核验"),
    ],
)
def test_it_is_refused_whole_for_one_missing_thing(leads, who, why):
    accounts.person(username="unverified")
    with pytest.raises(CommandError, match=why):
        found(*who)
    assert not Organisation.objects.exists()
    assert not Membership.objects.exists()


@pytest.mark.rule("R-001")
def test_name_and_code_are_those_of_the_register(sandbox, leads):
    with pytest.raises(CommandError, match="不一致"):
        found("xunuo", "heping")
    with pytest.raises(CommandError, match="统一社会信用代码"):
        found("xunuo", "heping", code="11")
