"""One application with the people around it, each at a desk of their own: from the eligibility page to the committee's door."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from applications.domain import lookups
from applications.models import Application, ArchiveItem, Recommendation
from applications.sections import ItemKind
from portal.accounts import demo as accounts_demo
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.catalogue import demo as catalogue
from portal.catalogue.models import CatalogueEntry
from portal.documents.scanning import scan_waiting
from portal.notifications.models import Notification
from portal.publicity.models import Notice
from portal.shared import clock
from review.domain import looking
from review.models import AgencyReview, Payment
from tests.factories import applications
from tests.fixtures.sandbox import BOOK, Sandbox, known
from tests.journeys.walking import Walker, moment, page, staff_of, text_of, upload

OPINION = {"opinion": "业绩突出，同意推荐。", "assessment": "近三年考核优秀", "truth": "on"}
DEFECTS = {
    "post": ("请写明现任部门，与单位证明一致。", "R-063"),
    "summary": ("请写明本人在项目中所起的作用。", "R-063"),
    "result": ("业绩证明缺少第二页，请上传完整的扫描件。", "R-065"),
}


def load_year() -> None:
    """Load the demonstration's accounts and the year BJ-2026-demo, on Wednesday 8 July."""
    clock.move_to(moment("Wed 8 Jul 09:00"))
    accounts_demo.load()
    catalogue.load_edition(catalogue.YEAR)


def entry(specialty: str, level: str, district: str = "") -> CatalogueEntry:
    """Return a row of the year."""
    rows = CatalogueEntry.objects.public().with_all().filter(edition__code=catalogue.YEAR, specialty__name=specialty)
    found = rows.filter(level__key=level, committee__district=district).order_by("pk").first()
    assert found is not None
    return found


def registered(name: str) -> Person:
    """Return somebody whom the outside registers know and who opened an account on the page of registration."""
    who = known(name)
    account = {"username": f"known-{who.number[-6:].lower()}", "phone": "13900000000"}
    secret = {"password": accounts_demo.PASSWORD, "again": accounts_demo.PASSWORD}
    told = {"full_name": who.name, "kind": who.document.value, "number": who.number, "consent": "on"}
    Walker().sends(page("entrance:register"), **told, **account, **secret)
    return Person.objects.get(username=account["username"])


def insured_at(who: Actor) -> str:
    """Return the name of the unit that pays the person's insurance, as the registers tell it."""
    assert who.person is not None
    told = next(one for one in BOOK["people"] if one["name"] == who.person.full_name)
    code = told["insurance"]["employer"]
    return str(next(one["name"] for one in BOOK["organisations"] if one["credit_code"] == code))


class Life:
    """One person's application for a row of the year, and everybody who has a hand in it."""

    proven: tuple[str, ...] = (ItemKind.RESULT,)

    def __init__(self, person: Person, row: CatalogueEntry, *, since: str = "2013-08") -> None:
        self.who: Actor = acting_personally(person)
        self.row, self.since = row, since
        self.person = Walker.logs_in(person.username)

    # --- The person -------------------------------------------------------------------------------
    def begins(self, *words: str) -> None:
        """Open the eligibility page, let the registers answer, see ``words`` among the answers, and begin the draft."""
        address = page("applications:eligibility", self.row.code)
        self.person.sees(address)
        lookups.run_due(at=clock.now())
        self.person.sees(address, *words)
        title = applications.drafting.catalogue.title_names(self.row)[0]
        self.person.sends(address, begin="1", title=title)
        self.code = Application.objects.get(applicant=self.who.person).code

    def fills(self) -> None:
        """Fill in both sheets and the items, upload the proofs, choose the representative work."""
        self.writes("post", **self.post)
        self.writes("summary", **applications.SUMMARY)
        for kind, values in self.items.items():
            self.person.does(self.in_archive("add", kind), **values)
        for kind in self.proven:
            self.proves(kind)
        self.shows(self.item(ItemKind.RESULT))

    @property
    def post(self) -> dict[str, Any]:
        """What the person enters about the present post."""
        return {**applications.POST, "work_unit": insured_at(self.who)}

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """What the person puts into the archive."""
        unit = insured_at(self.who)
        return {
            "work": {"unit": unit, "post": "工程师", "duty": "设计", "since": self.since, "is_professional": True},
            "result": applications.RESULT,
            "assessment": {"year": "2025", "result": "excellent"},
        }

    def proves(self, kind: str) -> None:
        """Upload a paper that proves an item of the archive; its page names it, and shows it once it was scanned."""
        code, name = self.item(kind).code, f"{ItemKind(kind).label}证明.pdf"
        assert name not in self.person.sees(self.in_archive("item", code))
        self.person.sends(self.in_archive("prove", code), file=upload(name), label="盖章的原件")
        self.person.sees(self.in_archive("item", code), name, "盖章的原件")
        paper = page("documents:download", self.item(kind).evidence.get().file.code)
        assert self.person.client.get(paper).status_code == 409
        scan_waiting(at=clock.now())
        assert self.person.takes(paper).startswith(b"%PDF-")

    def shows(self, result: ArchiveItem) -> None:
        """Choose a result as representative work among those that the person has (R-044)."""
        works = page("applications:works", self.code)
        self.person.sees(works, result.content["name"], "证明材料 1 个", "已选 0 项")
        self.person.sends(works, item=result.code, show="1")
        self.person.sees(works, "已选 1 项")

    def item(self, kind: str) -> ArchiveItem:
        """Return the person's one item of a kind."""
        return ArchiveItem.objects.get(person=self.who.person, kind=kind)

    def in_archive(self, name: str, what: str) -> str:
        """Return an address of the archive that leads back to this application."""
        return f"{page(f'applications:{name}', what)}?for={self.code}"

    def writes(self, kind: str, **values: Any) -> None:
        """Fill in one sheet."""
        sheet = self.application.sheets.get(kind=kind)
        seen = {f"{name}-version": sheet.version_of(name) for name in sheet.section.names}
        self.person.does(page("applications:sheet", self.code, kind), **seen, **values)

    def submits(self) -> None:
        """Check the answers, promise that they are true, submit."""
        self.person.sees(page("applications:check", self.code), "本人承诺", insured_at(self.who))
        self.person.sends(page("applications:check", self.code), commitment="on")
        employer = self.application.employer
        self.clerk = Walker(staff_of(employer, Role.EMPLOYER_CLERK))
        self.head = Walker(staff_of(employer, Role.EMPLOYER_HEAD))

    def is_submitted(self, *words: str) -> None:
        """Begin, fill in and submit in one go."""
        self.begins(*words)
        self.fills()
        self.submits()

    def sees(self, *words: str) -> str:
        """Read the page of the application; it says all of this."""
        return self.person.sees(page("applications:mine", self.code), *words)

    def pays(self, sandbox: Sandbox) -> None:
        """Go to the gateway, press its button to pay, and come back to a page that asks it."""
        payment = Payment.objects.get(application=self.application)
        sandbox.tell(notices={"hold": True})
        self.person.sends(page("review:start_order", payment.code))
        gateway = self.person.client.get(page("review:cashier", payment.code))
        assert gateway.status_code == 302
        paid = sandbox.control.post(gateway["Location"], data={"outcome": "succeeded"})
        assert paid.status_code == 303, paid.text
        self.person.sees(urlsplit(paid.headers["Location"]).path, "财政电子票据")

    # --- The employer -----------------------------------------------------------------------------
    def is_posted(self) -> None:
        """The clerk receives the file, finds every part right, and posts the notice."""
        code = self.recommendation.code
        self.clerk.sends(page("applications:open", code))
        self.is_checked_by_the_employer()
        contact = "人力资源部，010-00000000"
        self.clerk.sends(page("applications:publicise", code), contact=contact, text="", go="post")

    def is_checked_by_the_employer(self) -> None:
        """The clerk looks at the newest file and finds every part right."""
        snapshot = self.application.snapshots.filter(discarded_at=None).order_by("-number").first()
        assert snapshot is not None
        address = page("applications:check_file", self.recommendation.code)
        self.clerk.sends(address, snapshot=snapshot.code, go="all_right")

    def is_recommended(self) -> None:
        """The head writes opinion and assessment, and signs."""
        self.head.sends(page("applications:recommend", self.recommendation.code), **OPINION)

    def cannot_be_recommended(self, *words: str) -> None:
        """The head tries to sign and reads why not."""
        self.head.is_refused(page("applications:recommend", self.recommendation.code), *words, **OPINION)

    # --- The agency -------------------------------------------------------------------------------
    def is_taken_by_the_agency(self, clerk: Walker | None = None, lead: Walker | None = None) -> None:
        """The agency's clerk finds the file in the queue and takes it."""
        agency = self.review.agency
        self.checker = clerk or Walker(staff_of(agency, Role.AGENCY_CLERK))
        self.leader = lead or Walker(staff_of(agency, Role.AGENCY_LEAD))
        self.checker.sees(page("review:queue"), self.application.applicant.full_name)
        self.checker.sends(page("review:take", self.review.code))

    def is_passed_by_the_agency(self, clerk: Walker | None = None, lead: Walker | None = None) -> None:
        """The clerk takes the file and finds everything right; only the lead can pass it."""
        self.is_taken_by_the_agency(clerk, lead)
        code = self.review.code
        self.checker.sends(page("review:check", code), _version=0, go="all_fine")
        self.checker.sends(page("review:propose", code), proposal="pass")
        self.checker.is_refused(page("review:pass_review", code), "不能办理")
        self.leader.sends(page("review:pass_review", code))

    def is_returned_with(self, *sections: str) -> None:
        """The clerk takes, finds and proposes; the lead confirms: every defect in one notice."""
        self.is_taken_by_the_agency()
        code, sent = self.review.code, {}
        for item in looking.items_in(self.review):
            if item.part is not None and item.part.section in sections:
                text, basis = DEFECTS[item.part.section]
                sent |= {f"verdict-{item.key}": "defect", item.key: text, f"basis-{item.key}": basis}
        self.checker.sends(page("review:check", code), _version=0, go="all_fine", **sent)
        self.checker.sends(page("review:propose", code), proposal="return")
        told = [DEFECTS[section][0] for section in sections]
        self.leader.sees(page("review:return_once", code), *told, "10个工作日")
        self.leader.sends(page("review:return_once", code))

    # --- What is so now ---------------------------------------------------------------------------
    @property
    def application(self) -> Application:
        return Application.objects.with_all().get(code=self.code)

    @property
    def state(self) -> str:
        return str(self.application.state)

    @property
    def recommendation(self) -> Recommendation:
        return Recommendation.objects.get(application=self.application)

    @property
    def notice(self) -> Notice:
        found = self.recommendation.notice
        assert found is not None
        return found

    @property
    def review(self) -> AgencyReview:
        return AgencyReview.objects.with_all().get(application=self.application)

    @property
    def full_name(self) -> str:
        return str(self.application.applicant.full_name)

    def letters(self, kind: str) -> int:
        """Count the letters of a kind that the person got."""
        return Notification.objects.filter(kind=kind, person=self.who.person).count()

    def told_of(self, kind: str) -> str:
        """Return what the newest letter of a kind says to the person, as their inbox shows it."""
        newest = Notification.objects.filter(kind=kind, person=self.who.person).latest("pk")
        return text_of(self.person.client.get(page("notifications:message", newest.code)))


def day(when: str) -> dt.date:
    return clock.day_of(moment(when))
