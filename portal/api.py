"""Roof: the one router of the API; each room's views stand under one address."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from applications.api import applicant, archive, association, draft, employer, papers
from certificates.api import checking as certificate_checks
from certificates.api import desk as certificate_desk
from certificates.api.holder import OwnCertificates
from certificates.api.log import CertificateLog
from portal.catalogue import api as catalogue
from portal.catalogue import api_editions as editions
from portal.catalogue import api_plans as plans
from portal.catalogue import api_recognitions as recognitions
from portal.catalogue.api_authorities import Authorities
from portal.catalogue.api_guides import Guides
from portal.cockpit.api import Figures
from portal.documents.api import Files
from portal.entrance import api as entrance
from portal.http.desks import CODE
from portal.integrity import api as integrity
from portal.notifications.api import Messages
from portal.publicity import api as publicity
from portal.publicity.api_own import OwnNotices
from portal.redress import api as redress
from portal.web.views import reference
from portal.workdays.api import HolidayNotices
from review.api import (
    acceptances,
    authorising,
    cases,
    checking,
    defences,
    expert_imports,
    experts,
    exports,
    filings,
    meetings,
    nominations,
    overdue,
    panel,
    paying,
    preferring,
    quotas,
    rounds,
    scores,
    session_papers,
    sessions,
    stray_notices,
    supervising,
    transferring,
    voting,
)

OF_APPLICATION = rf"applications/(?P<code>{CODE})"
OF_ROUND = rf"rounds/(?P<round>{CODE})"

router = SimpleRouter()
router.register("organisations", entrance.Organisations, basename="organisation")
router.register("membership-requests", entrance.MembershipRequests, basename="membership-request")
router.register("invitations", entrance.OwnInvitations, basename="invitation")
router.register("claims", entrance.OwnClaims, basename="claim")
router.register("files", Files, basename="file")
router.register("integrity-records", integrity.Records, basename="integrity-record")
router.register("integrity-clues", integrity.Clues, basename="integrity-clue")
router.register("integrity-entries", integrity.Entries, basename="integrity-entry")
router.register("own-integrity-records", integrity.OwnRecords, basename="own-integrity-record")
router.register("holiday-notices", HolidayNotices, basename="holiday-notice")
router.register("messages", Messages, basename="message")
router.register("catalogue/editions", catalogue.Editions, basename="edition")
router.register("catalogue/series", catalogue.AllSeries, basename="series")
router.register("catalogue/specialties", catalogue.Specialties, basename="specialty")
router.register("catalogue/entries", catalogue.Entries, basename="entry")
router.register("catalogue/conditions", catalogue.Conditions, basename="conditions")
router.register("catalogue/schedules", catalogue.Schedules, basename="schedule")
router.register("catalogue/policies", catalogue.Policies, basename="policy")
router.register("catalogue/associations", recognitions.Associations, basename="association")
router.register("editions", editions.Editions, basename="worked-edition")
router.register(f"{editions.OF_EDITION}/schedules", plans.NewSchedules, basename="new-schedule")
router.register("schedules", plans.Schedules, basename="worked-schedule")
router.register("policies", plans.Policies, basename="worked-policy")
router.register("guides", Guides, basename="guide")
router.register("specialties", plans.Specialties, basename="worked-specialty")
router.register(f"{editions.OF_EDITION}/rows", editions.Rows, basename="worked-row")
router.register(f"{editions.OF_EDITION}/committees", editions.Committees, basename="worked-committee")
router.register(f"{editions.OF_EDITION}/conditions", editions.Conditions, basename="worked-conditions")
router.register("recognitions", recognitions.Recognitions, basename="recognition")
router.register("authorities", Authorities, basename="authority")
router.register("own-notices", OwnNotices, basename="own-notice")
router.register("notices/by-link", publicity.NoticesByLink, basename="link-notice")
router.register("notices", publicity.Notices, basename="notice")
router.register("objections", publicity.Objections, basename="objection")
router.register("settling", publicity.Settling, basename="settling")
router.register("review-requests", redress.ReviewRequests, basename="review-request")
router.register("own-review-requests", redress.OwnReviewRequests, basename="own-review-request")
router.register("archive", archive.Archive, basename="item")
router.register("registers", draft.Registers, basename="register")
router.register("eligibility", draft.Eligibility, basename="eligibility")
router.register("applications", applicant.Applications, basename="application")
router.register(f"{OF_APPLICATION}/sheets", draft.Sheets, basename="sheet")
router.register(f"{OF_APPLICATION}/association", association.Recommenders, basename="recommender")
router.register(f"{OF_APPLICATION}/works", draft.Works, basename="work")
router.register(f"{OF_APPLICATION}/dossier", draft.Dossier, basename="dossier")
router.register(f"{OF_APPLICATION}/snapshots", draft.Snapshots, basename="snapshot")
router.register("papers", papers.Papers, basename="paper")
router.register("recommendations", employer.Recommendations, basename="recommendation")
router.register("reviews", checking.Reviews, basename="review")
router.register("reviews/exports", exports.QueueExports, basename="review-export")
router.register("reviews/filters", preferring.SavedFilters, basename="review-filter")
router.register("overdue-reviews", overdue.OverdueReviews, basename="overdue-review")
router.register("unheard-reviews", overdue.UnheardReviews, basename="unheard-review")
router.register("supervised-reviews", supervising.SupervisedReviews, basename="supervised-review")
router.register("second-checks", authorising.SecondChecks, basename="second-check")
router.register("suspended-files", transferring.SuspendedFiles, basename="suspended-file")
router.register("defences", defences.OwnDefences, basename="defence")
router.register("hearings", defences.Hearings, basename="hearing")
router.register("rounds", rounds.Rounds, basename="round")
router.register(f"{OF_ROUND}/panels", rounds.Panels, basename="round-panel")
router.register(f"{OF_ROUND}/slots", rounds.Slots, basename="round-slot")
router.register("rooms", rounds.Rooms, basename="room-of-defences")
router.register("panel", panel.PanelDesk, basename="panel")
router.register("experts", experts.Experts, basename="expert")
router.register("experts/imports", expert_imports.ExpertImports, basename="expert-import")
router.register("nominations", nominations.Nominations, basename="nomination")
router.register("own-terms", experts.OwnTerms, basename="own-term")
router.register("filings", filings.Filings, basename="filing")
router.register("sessions", sessions.Sessions, basename="session")
router.register("sessions", session_papers.DrawPapers, basename="session-draw")
router.register("sessions", session_papers.CountPapers, basename="session-count")
router.register("meetings", meetings.Meetings, basename="meeting")
router.register("seats", meetings.Seats, basename="seat")
router.register("cases", cases.Cases, basename="case")
router.register("cases/scores", scores.Scores, basename="case-score")
router.register("payments", paying.Payments, basename="payment")
router.register("fees", paying.Fees, basename="fee")
router.register("refunds", paying.Refunds, basename="refund")
router.register("stray-notices", stray_notices.StrayNotices, basename="stray-notice")
router.register("reconciliations", paying.Reconciliations, basename="reconciliation")
router.register("acceptances", acceptances.Acceptances, basename="acceptance")
router.register("quotas", quotas.Quotas, basename="quota")
router.register("results", acceptances.Results, basename="result")
router.register("votes", voting.Votes, basename="vote")
router.register("votes/cases", voting.CaseVotes, basename="case-vote")
router.register("certificates/checks", certificate_checks.Checks, basename="certificate-check")
router.register("certificates/check-batches", certificate_checks.Batches, basename="certificate-batch")
router.register("certificates/file-checks", certificate_checks.FileChecks, basename="certificate-file-check")
router.register("certificates/own", OwnCertificates, basename="own-certificate")
router.register("certificates/keys", certificate_checks.Keys, basename="certificate-key")
router.register("waiting-results", certificate_desk.WaitingResults, basename="waiting-result")
router.register("certificate-orders", certificate_desk.IssueOrders, basename="certificate-order")
router.register("certificate-register", certificate_desk.Registered, basename="registered-certificate")
router.register("certificate-changes", certificate_desk.Changes, basename="certificate-change")
router.register("certificate-pushes", certificate_desk.StuckPushes, basename="certificate-push")
router.register("certificate-log", CertificateLog, basename="certificate-log")
router.register("figures", Figures, basename="figures")

app_name = "api"
urlpatterns = [
    path("schema/", reference.Schema.as_view(), name="schema"),
    path("docs/", reference.Reference.as_view(), name="reference"),
    path("docs/<slug:room>/", reference.Room.as_view(), name="room"),
    path("sections/", archive.Sections.as_view(), name="sections"),
    *router.urls,
]
