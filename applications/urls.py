"""Addresses of the applicant's and the employer's desks."""

from django.urls import path

from applications.views import (
    applicant,
    archive,
    choosing,
    employer,
    employer_bulk,
    employer_checking,
    employer_publicising,
    employer_steps,
    proofs,
    sheets,
)

app_name = "applications"

urlpatterns = [
    path("", applicant.Own.as_view(), name="own"),
    path("choose/", choosing.Choose.as_view(), name="choose"),
    path("choose/<str:code>/", choosing.Eligibility.as_view(), name="eligibility"),
    path("waiting/", applicant.Waiting.as_view(), name="waiting"),
    path("archive/", archive.Archive.as_view(), name="archive"),
    path("archive/<str:kind>/add/", archive.Add.as_view(), name="add"),
    path("archive/<str:code>/", archive.Item.as_view(), name="item"),
    path("archive/<str:code>/fields/", archive.ItemFields.as_view(), name="item_fields"),
    path("archive/<str:code>/prove/", proofs.Prove.as_view(), name="prove"),
    path("archive/<str:code>/prove/<str:proof>/drop/", proofs.DropProof.as_view(), name="drop_proof"),
    path("archive/<str:code>/dispute/", proofs.Dispute.as_view(), name="dispute"),
    path("archive/<str:code>/remove/", proofs.Remove.as_view(), name="remove"),
    path("archive/<str:code>/put-back/", proofs.PutBack.as_view(), name="put_back"),
    path("recommendations/", employer.Queue.as_view(), name="queue"),
    path("recommendations/publicise/", employer_publicising.PubliciseMany.as_view(), name="publicise_many"),
    path("recommendations/recommend/", employer_bulk.RecommendMany.as_view(), name="recommend_many"),
    path("recommendations/batches/<str:code>/", employer_bulk.Batch.as_view(), name="batch"),
    path("recommendations/<str:code>/", employer.File.as_view(), name="file"),
    path("recommendations/<str:code>/open/", employer_steps.Open.as_view(), name="open"),
    path("recommendations/<str:code>/check/", employer_checking.Check.as_view(), name="check"),
    path("recommendations/<str:code>/check/carry-over/", employer_checking.CarryOver.as_view(), name="carry_over"),
    path("recommendations/<str:code>/send-back/", employer_steps.SendBack.as_view(), name="send_back"),
    path("recommendations/<str:code>/refuse/", employer_steps.Refuse.as_view(), name="refuse"),
    path("recommendations/<str:code>/publicise/", employer_publicising.Publicise.as_view(), name="publicise"),
    path("recommendations/<str:code>/recommend/", employer_steps.Recommend.as_view(), name="recommend"),
    path("recommendations/<str:code>/confirm/", employer_steps.Confirm.as_view(), name="confirm"),
    path("<str:code>/", applicant.Mine.as_view(), name="mine"),
    path("<str:code>/sheets/<str:kind>/", sheets.SheetPage.as_view(), name="sheet"),
    path("<str:code>/sheets/<str:kind>/fields/", sheets.SheetFields.as_view(), name="sheet_fields"),
    path("<str:code>/works/", sheets.Works.as_view(), name="works"),
    path("<str:code>/registers/", applicant.Registers.as_view(), name="registers"),
]
