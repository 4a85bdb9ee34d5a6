"""People at many places of the way, whom a test can count by hand: see the table in ``city``."""

from applications.domain import submitting
from applications.models import Application
from portal.accounts.models import Organisation
from portal.catalogue.models import CatalogueEntry
from review.models import ResultAcceptance
from tests.factories import acceptances, agency_reviews, applications, catalogue, sessions

HAIDIAN, CHAOYANG = "110108", "110105"
ENGINEERING, NEWS = "05", "07"


def entries() -> tuple[CatalogueEntry, CatalogueEntry]:
    """Return a row of engineering and one of news, each of an agency of its own."""
    one = catalogue.published_entry(specialty=catalogue.specialty(ENGINEERING))
    return one, catalogue.published_entry(specialty=catalogue.specialty(NEWS))


def city() -> ResultAcceptance:
    """Return the one reported batch of a small city.

    Engineering, Haidian: a draft; a submission; one recommended; one returned; one rejected; three voted, of whom two passed.
    News, Chaoyang: one whom the agency passed; one recommended and withdrawn.
    """
    first, second = entries()
    haidian, chaoyang = applications.employer(HAIDIAN), applications.employer(CHAOYANG)
    applications.draft(first, applications.applicant(haidian))
    applications.submitted(first, applications.applicant(haidian))
    applications.recommended(first, applications.applicant(haidian))
    applications.returned(first, applications.applicant(haidian))
    agency_reviews.rejected(first, applications.applicant(haidian))
    agency_reviews.passed(second, applications.applicant(chaoyang))
    _withdrawn(second, chaoyang)
    people = sessions.ready(first, 3)
    Organisation.objects.filter(applications__in=people).update(district=HAIDIAN)
    return acceptances.accepted(acceptances.voted(people, [10, 10, 3]))


def _withdrawn(entry: CatalogueEntry, employer: Organisation) -> Application:
    who = applications.applicant(employer)
    application = applications.recommended(entry, who)
    return submitting.withdraw(application, by=who, at=application.state_since)
