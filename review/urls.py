"""Addresses of the agency's half, process by process."""

from django.urls import URLPattern, URLResolver, path

from review.views import (
    checking,
    checking_steps,
    paying,
    paying_agency,
    paying_gateway,
    reconciling,
)

app_name = "review"

CHECKING: list[URLPattern | URLResolver] = [
    path("", checking.Queue.as_view(), name="queue"),
    path("overdue/", checking.Overdue.as_view(), name="overdue"),
    path("files/<str:code>/", checking.File.as_view(), name="file"),
    path("files/<str:code>/take/", checking_steps.Take.as_view(), name="take"),
    path("files/<str:code>/assign/", checking_steps.Assign.as_view(), name="assign"),
    path("files/<str:code>/check/", checking.Check.as_view(), name="check"),
    path("files/<str:code>/propose/", checking_steps.Propose.as_view(), name="propose"),
    path("files/<str:code>/propose-again/", checking_steps.ProposeAgain.as_view(), name="propose_again"),
    path("files/<str:code>/reconsider/", checking_steps.Reconsider.as_view(), name="reconsider"),
    path("files/<str:code>/reconsider-again/", checking_steps.ReconsiderAgain.as_view(), name="reconsider_again"),
    path("files/<str:code>/pass/", checking_steps.PassReview.as_view(), name="pass_review"),
    path("files/<str:code>/return/", checking_steps.ReturnOnce.as_view(), name="return_once"),
    path("files/<str:code>/reject/", checking_steps.Reject.as_view(), name="reject"),
    path("files/<str:code>/second-return/", checking_steps.AuthoriseReturn.as_view(), name="authorise_return"),
]

PAYING: list[URLPattern | URLResolver] = [
    path("payments/gateway/", paying_gateway.Notices.as_view(), name="gateway_notices"),
    path("payments/<str:code>/", paying.Fee.as_view(), name="payment"),
    path("payments/<str:code>/start/", paying.Start.as_view(), name="start_order"),
    path("payments/<str:code>/cashier/", paying.Cashier.as_view(), name="cashier"),
    path("payments/<str:code>/back/", paying.Back.as_view(), name="payment_return"),
    path("payments/<str:code>/waiting/", paying.Waiting.as_view(), name="fee_waiting"),
    path("payments/<str:code>/receipt/", paying.Receipt.as_view(), name="payment_receipt"),
    path("fees/", paying_agency.Fees.as_view(), name="fees"),
    path("fees/<str:code>/", paying_agency.Fee.as_view(), name="fee"),
    path("fees/<str:code>/orders/<str:number>/refund/", paying_agency.Propose.as_view(), name="propose_refund"),
    path("refunds/", paying_agency.Refunds.as_view(), name="refunds"),
    path("refunds/<str:code>/", paying_agency.OneRefund.as_view(), name="refund"),
    path("refunds/<str:code>/approve/", paying_agency.Approve.as_view(), name="approve_refund"),
    path("refunds/<str:code>/decline/", paying_agency.Decline.as_view(), name="decline_refund"),
    path("refunds/<str:code>/retry/", paying_agency.Retry.as_view(), name="retry_refund"),
    path("reconciliations/", reconciling.Days.as_view(), name="reconciliations"),
    path("reconciliations/<str:code>/", reconciling.Day.as_view(), name="reconciliation"),
    path("differences/<str:code>/settle/", reconciling.Settle.as_view(), name="settle_difference"),
]

urlpatterns: list[URLPattern | URLResolver] = [*CHECKING, *PAYING]
