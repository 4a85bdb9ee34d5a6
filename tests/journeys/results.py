"""Results before the bureau over HTTP: reported with their papers, taken, accepted by another, publicised for everybody."""

from django.urls import reverse

from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.documents.pdf import render
from portal.publicity.models import Notice
from portal.shared import clock
from review.models import CommitteeSession, ResultAcceptance
from tests.factories import accounts
from tests.journeys.lives import Life
from tests.journeys.walking import Walker, page, staff_of, upload

CONTACT = "市人力资源社会保障局，电话12333"


class Bureau:
    """Clerk and lead of the bureau, and anybody who reads its notices."""

    def __init__(self) -> None:
        found = Organisation.objects.filter(kind=OrganisationKind.BUREAU).first()
        self.place = found or accounts.organisation(OrganisationKind.BUREAU)
        self.clerk = Walker(staff_of(self.place, Role.BUREAU_CLERK))
        self.lead = Walker(staff_of(self.place, Role.BUREAU_LEAD))
        self.public = Walker()

    def accepts(self, batch: ResultAcceptance) -> None:
        """The clerk takes it and cannot decide; the lead sees that every check holds, and accepts."""
        self.clerk.sends(page("review:acceptance_take", batch.code))
        self.clerk.may_not(page("review:acceptance_accept", batch.code))
        shown = self.lead.sees(page("review:acceptance", batch.code), "会议核查", "符合")
        assert "不符合" not in shown
        self.lead.sends(page("review:acceptance_accept", batch.code))

    def publicises(self, batch: ResultAcceptance) -> Notice:
        """The clerk posts the list the same day; everybody finds it."""
        self.clerk.sends(page("review:acceptance_notice", batch.code), contact=CONTACT, text="")
        return Notice.objects.get(kind="result_city")

    def sees(self, batch: ResultAcceptance, *words: str) -> str:
        """Read the page of the batch; it says all of this."""
        return self.clerk.sees(page("review:acceptance", batch.code), *words)


def reports(clerk: Walker, session: CommitteeSession) -> ResultAcceptance:
    """Let the agency report the signed session with its work report."""
    content = render("documents/review/count_sheet.html", {"session": session}, at=clock.now())
    clerk.sees(page("review:session", session.code), "报送验收")
    clerk.sends(
        page("review:session_report", session.code), paper=upload("工作报告.pdf", content), statement="程序合规。"
    )
    return ResultAcceptance.objects.with_all().get(session=session)


def is_listed(public: Walker, life: Life) -> bool:
    """Whether anybody finds the person on the page of the year's results, which no search engine may keep."""
    answer = public.client.post(reverse("publicity:results"), {"words": life.full_name}, follow=True)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    return f">{life.full_name}<br>" in answer.content.decode()
