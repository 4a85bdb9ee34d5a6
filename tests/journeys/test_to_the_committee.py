"""The agency's half of the ordinary way by HTTP: the scenarios S1 and S2 from the agency's queue to the committee's vote."""

import datetime as dt

import pytest

from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery
from portal.shared import clock
from review.domain import attending
from review.domain.acceptance_queries import cleared_cases
from review.models import AgencyReview, Defence, DefenceRound, Order, Panel, Payment, ResultAcceptance
from tests.factories import accounts
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process
from tests.journeys import outcome
from tests.journeys.committee import Room
from tests.journeys.results import Bureau, found_by_name, reports
from tests.journeys.test_ordinary import at, junior_engineer_recommended, senior_engineer_recommended, year
from tests.journeys.walking import Walker, moment, page, staff_of

__all__ = ["sandbox", "sandbox_process", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
DAY = dt.date(2026, 9, 20)  # a make-up Sunday
OPINION = "论述清楚，回答准确，能够独立解决复杂技术问题。"


def state_of(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


class Agency:
    """Clerk and lead of the agency that has the file."""

    def __init__(self, application: Application) -> None:
        self.place = AgencyReview.objects.get(application=application).agency
        self.clerk = Walker(staff_of(self.place, Role.AGENCY_CLERK))
        self.lead = Walker(staff_of(self.place, Role.AGENCY_LEAD))

    def passes(self, application: Application) -> None:
        """The clerk takes the file and finds everything right, the lead confirms."""
        code = AgencyReview.objects.get(application=application).code
        self.clerk.sends(page("review:take", code))
        self.clerk.sends(page("review:check", code), _version=0, go="all_fine")
        self.clerk.sends(page("review:propose", code), proposal="pass")
        self.lead.sends(page("review:pass_review", code))


def pays(person: Walker, application: Application, sandbox: Sandbox) -> None:
    """Go to the gateway, pay there, and come back to a page that asks it."""
    payment = Payment.objects.get(application=application)
    sandbox.tell(notices={"hold": True})
    person.sends(page("review:start_order", payment.code))
    assert person.client.get(page("review:cashier", payment.code)).status_code == 302
    number = Order.objects.get(payment=payment).order_number
    sandbox.tell("pay", order_number=number, outcome="succeeded", paid_at=clock.now().isoformat())
    person.sees(page("review:payment_return", payment.code), "财政电子票据")


@pytest.mark.rule("R-096", "R-100", "R-101", "R-105", "R-107", "R-112", "R-120", "R-121", "R-122", "A-06")
def test_s1_a_senior_engineer_passes_the_committee(sandbox: Sandbox) -> None:
    application = senior_engineer_recommended()
    person, agency = Walker(acting_personally(application.applicant)), Agency(application)
    at(moment(8, 19))
    agency.passes(application)
    assert state_of(application) == "review_passed"
    person.sees(page("applications:mine", application.code), "700", "8月26日")
    at(moment(8, 21))
    pays(person, application, sandbox)
    assert state_of(application) == "paid"

    at(moment(9, 7))
    defence = planned(agency, application)
    at(moment(9, 14))
    agency.clerk.sends(page("review:defence_notify_all", defence.slot.round.code))
    told = Delivery.objects.filter(
        notification__person=application.applicant, notification__kind="review.defence_notified"
    )
    assert Channel.SMS in told.values_list("channel", flat=True)
    person.sees(page("review:own_defence", defence.code), "9月20日", "09:00")
    notice = person.sends(page("review:own_defence_notice", defence.code))
    assert b"".join(notice.streaming_content).startswith(b"%PDF-")
    assert Defence.objects.get(pk=defence.pk).state == "acknowledged"

    at(moment(9, 20, 8, 50))
    shown = attending.code_of(Defence.objects.get(pk=defence.pk))
    agency.clerk.sends(page("review:defence_check_in"), code=shown, identity="on")
    for expert in experts_of(defence):
        writes(expert, Defence.objects.get(pk=defence.pk))
    at(moment(9, 20, 9, 40))
    agency.clerk.sends(page("review:defence_complete", defence.code))
    assert state_of(application) == "ready_for_committee"
    person.sees(page("applications:mine", application.code), "等评审委员会评审")

    at(moment(9, 21))
    room = Room(application.entry.committee, experts=13, size=11)
    room.convenes(dt.date(2026, 9, 24), [application])
    at(moment(9, 24, 9))
    room.opens(present=10)
    voted = room.votes(application, agree=9, against=1)
    assert (voted.state, voted.present_for_item, voted.not_cast) == ("decided_pass", 10, 0)
    assert state_of(application) == "on_agenda"
    room.signs()
    assert state_of(application) == "voted_pass"
    s1_is_cleared(person, room, application)


def s1_is_cleared(person: Walker, room: Room, application: Application) -> None:
    """Report on 28 September, accept and post on the 30th, and let the notice run over the holiday to 13 October."""
    assert "表决" not in person.sees(page("applications:mine", application.code), "评审委员会评审中")
    at(moment(9, 28))
    batch = reports(room.clerk, room.session)
    at(moment(9, 30))
    bureau = Bureau()
    bureau.accepts(batch)
    assert state_of(application) == "accepted"
    notice = bureau.publicises(batch)
    assert state_of(application) == "in_result_notice"
    assert application.applicant.full_name in found_by_name(bureau.public, application)
    person.sees(page("applications:mine", application.code), "评审通过，公示中")
    at(moment(10, 13, 23, 59))
    bureau.clerk.sees(page("review:acceptance", batch.code), "公示中")
    assert state_of(application) == "in_result_notice"
    at(moment(10, 14, 9))
    bureau.public.sees(page("publicity:notice", notice.code), "10月13日")
    # Of the twenty promised days 29 and 30 September and 14 October were used.
    bureau.clerk.sees(page("review:acceptance", batch.code), "公示已办结", "已用 3 个工作日")
    assert state_of(application) == "cleared"
    (case,) = cleared_cases()
    assert (case.application, case.passed_on, case.is_restricted) == (application, dt.date(2026, 9, 24), False)
    s1_holds_a_certificate(person, bureau, batch, application)


def s1_holds_a_certificate(person: Walker, bureau: Bureau, batch: ResultAcceptance, application: Application) -> None:
    """On 14 October certificate and result notice are issued, downloaded, and found genuine by anybody."""
    certificate = outcome.certifies(bureau, batch, application)
    assert state_of(application) == "certified"
    assert (certificate.passed_on, certificate.issued_on) == (dt.date(2026, 9, 24), dt.date(2026, 10, 14))
    bureau.clerk.sees(page("review:acceptance", batch.code), "办结", "已用 3 个工作日")
    person.sees(page("applications:mine", application.code), "已取得职称证书")
    outcome.downloads(person, certificate)
    shown = outcome.checks(certificate, certificate.title)
    assert certificate.committee not in shown  # the face is for whoever has the code
    outcome.checks(certificate, certificate.committee, code=certificate.check_code)


def planned(agency: Agency, application: Application) -> Defence:
    """Open a round with a panel of three and one slot on the make-up Sunday, and have the portal place everybody."""
    sitting = [accounts.actor(Role.EXPERT, at=agency.place).person for _seat in range(3)]
    committee = application.entry.committee
    agency.clerk.sends(
        page("review:defence_open"),
        committee=committee.code,
        title="第一批次答辩",
        mode="on_site",
        first_day=DAY,
        last_day=DAY,
    )
    opened = DefenceRound.objects.get()
    agency.clerk.sends(
        page("review:defence_panel", opened.code), name="第一评议组", experts=[one.code for one in sitting]
    )
    agency.clerk.sends(
        page("review:defence_slots", opened.code),
        panel=Panel.objects.get().code,
        room="答辩室一",
        address="北京市朝阳区示例路1号",
        day=DAY,
        starts="09:00",
        number=1,
        minutes=30,
        pause=10,
        capacity=1,
    )
    proposal = agency.clerk.client.get(page("review:defence_arrange", opened.code)).context_data["proposal"]
    agency.clerk.sends(page("review:defence_arrange", opened.code), digest=proposal.digest)
    return Defence.objects.with_all().get(application=application)


def experts_of(defence: Defence) -> list[Walker]:
    agency = defence.slot.round.committee.agency
    seats = defence.slot.sittings.select_related("expert").order_by("pk")
    return [Walker(accounts.acting_for(seat.expert, agency, frozenset({Role.EXPERT}))) for seat in seats]


def writes(expert: Walker, defence: Defence) -> None:
    """Read the blind material, write, and hand in."""
    address = page("review:panel_file", defence.blind_number)
    read = expert.sees(address)
    assert defence.application.applicant.full_name not in read
    assert defence.application.employer.name not in read
    form = expert.client.get(address).context_data["form"]
    scores = {name: 20 for name in form.fields if name.startswith("score_")}
    most = {name: min(20, form.fields[name].max_value) for name in scores}
    expert.sends(address, questions="问：如何降低功耗？答：门控时钟。", opinion=OPINION, **most)
    expert.sends(page("review:panel_hand_in", defence.blind_number))


@pytest.mark.rule("R-096", "R-100", "R-106", "R-112")
def test_s2_a_junior_engineer_passes_without_a_defence(sandbox: Sandbox) -> None:
    application = junior_engineer_recommended()
    person, agency = Walker(acting_personally(application.applicant)), Agency(application)
    at(moment(9, 4))
    agency.passes(application)
    person.sees(page("applications:mine", application.code), "200", "9月11日")
    at(moment(9, 7))
    pays(person, application, sandbox)
    assert state_of(application) == "ready_for_committee"
    assert not Defence.objects.filter(application=application).exists()

    at(moment(9, 8))
    room = Room(application.entry.committee, experts=9, size=9)
    room.convenes(dt.date(2026, 9, 16), [application])
    at(moment(9, 16, 9))
    room.opens(present=8)
    room.chair.is_refused(page("review:item_present", room.item(application).code), "书面意见")
    room.writes(application)
    voted = room.votes(application, agree=6, against=2)
    assert (voted.state, voted.present_for_item) == ("decided_pass", 8)
    room.signs()
    assert state_of(application) == "voted_pass"

    at(moment(9, 17))
    batch = reports(room.clerk, room.session)
    at(moment(9, 21))
    bureau = Bureau()
    bureau.accepts(batch)
    bureau.publicises(batch)
    at(moment(9, 29, 23, 59))
    bureau.clerk.sees(page("review:acceptance", batch.code), "公示中")
    assert state_of(application) == "in_result_notice"
    at(moment(9, 30))
    bureau.clerk.sees(page("review:acceptance", batch.code), "公示已办结")
    assert state_of(application) == "cleared"
    certificate = outcome.certifies(bureau, batch, application)
    assert state_of(application) == "certified"
    outcome.downloads(person, certificate)
