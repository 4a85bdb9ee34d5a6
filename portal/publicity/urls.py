"""Addresses of notices and objections."""

from django.urls import path

from portal.publicity.views import handler, papers, public, publisher, results

app_name = "publicity"

urlpatterns = [
    path("", public.Board.as_view(), name="board"),
    path("results/", results.Results.as_view(), name="results"),
    path("objections/", public.FindObjection.as_view(), name="find_objection"),
    path("objections/<str:code>/", public.ObjectionStatus.as_view(), name="objection_status"),
    path("by-link/<str:access_code>/", public.ReadNotice.as_view(), name="link_notice"),
    path("by-link/<str:access_code>/print/", papers.ReaderPaper.as_view(), name="link_paper"),
    path("by-link/<str:access_code>/proof/", public.Proof.as_view(), name="link_proof"),
    path("by-link/<str:access_code>/object/<int:number>/", public.Object.as_view(), name="link_object"),
    path("own/", publisher.Notices.as_view(), name="own_notices"),
    path("own/compose/", publisher.Compose.as_view(), name="compose"),
    path("own/<str:code>/", publisher.Notice.as_view(), name="own_notice"),
    path("own/<str:code>/print/", papers.OwnPaper.as_view(), name="own_paper"),
    path("own/<str:code>/proof/", publisher.Proof.as_view(), name="own_proof"),
    path("own/<str:code>/lines/<int:number>/proof/", publisher.LineProof.as_view(), name="own_line_proof"),
    path("own/<str:code>/qr/", publisher.Code.as_view(), name="own_qr"),
    path("own/<str:code>/post/", publisher.Post.as_view(), name="post"),
    path("own/<str:code>/withdraw/", publisher.Withdraw.as_view(), name="withdraw"),
    path("settling/", handler.Objections.as_view(), name="objections"),
    path("settling/<str:code>/", handler.Objection.as_view(), name="objection"),
    path("settling/<str:code>/objector/", handler.Reveal.as_view(), name="reveal"),
    path("settling/<str:code>/accept/", handler.Accept.as_view(), name="accept"),
    path("settling/<str:code>/extend/", handler.Extend.as_view(), name="extend"),
    path("settling/<str:code>/escalate/", handler.Escalate.as_view(), name="escalate"),
    path("settling/<str:code>/reject/", handler.NotAdmitted.as_view(), name="reject_form"),
    path("settling/<str:code>/unfounded/", handler.Unfounded.as_view(), name="find_unfounded"),
    path("settling/<str:code>/correctable/", handler.Correctable.as_view(), name="find_correctable"),
    path("settling/<str:code>/fatal/", handler.Fatal.as_view(), name="find_fatal"),
    path("settling/<str:code>/fraud/", handler.Fraud.as_view(), name="find_fraud"),
    path("<str:code>/", public.ReadNotice.as_view(), name="notice"),
    path("<str:code>/print/", papers.ReaderPaper.as_view(), name="paper"),
    path("<str:code>/proof/", public.Proof.as_view(), name="proof"),
    path("<str:code>/object/<int:number>/", public.Object.as_view(), name="object"),
]
