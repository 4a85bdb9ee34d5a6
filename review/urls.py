"""Addresses of the agency's half, process by process."""

from django.urls import URLPattern, URLResolver, path

from review.views import (
    allotting,
    checking,
    checking_steps,
    defence_file,
    defence_own,
    defence_rounds,
    exporting,
    panel_desk,
    panel_steps,
    paying,
    paying_agency,
    paying_gateway,
    preferring,
    queueing,
    reconciling,
)

app_name = "review"

CHECKING: list[URLPattern | URLResolver] = [
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

DEFENDING: list[URLPattern | URLResolver] = [
    path("defences/", defence_rounds.Rounds.as_view(), name="defence_rounds"),
    path("defences/open/", defence_rounds.OpenRound.as_view(), name="defence_open"),
    path("defences/check-in/", defence_file.CheckIn.as_view(), name="defence_check_in"),
    path("defences/rounds/<slug:code>/", defence_rounds.Show.as_view(), name="defence_round"),
    path("defences/rounds/<slug:code>/panels/", defence_rounds.AddPanel.as_view(), name="defence_panel"),
    path("defences/rounds/<slug:code>/slots/", defence_rounds.AddSlots.as_view(), name="defence_slots"),
    path("defences/rounds/<slug:code>/arrange/", defence_rounds.Arrange.as_view(), name="defence_arrange"),
    path("defences/rounds/<slug:code>/notify/", defence_rounds.NotifyAll.as_view(), name="defence_notify_all"),
    path("defences/panels/<slug:code>/", defence_rounds.AddExpert.as_view(), name="defence_expert"),
    path("defences/<slug:code>/", defence_file.Show.as_view(), name="defence"),
    path("defences/<slug:code>/move/", defence_file.Move.as_view(), name="defence_move"),
    path("defences/<slug:code>/notify/", defence_file.Notify.as_view(), name="defence_notify"),
    path("defences/<slug:code>/miss/", defence_file.Miss.as_view(), name="defence_miss"),
    path("defences/<slug:code>/complete/", defence_file.Complete.as_view(), name="defence_complete"),
    path("defences/<slug:code>/answer/", defence_file.Answer.as_view(), name="defence_answer"),
    path("defences/<slug:code>/blind-files/", defence_file.BlindFiles.as_view(), name="defence_blind_files"),
    path("defences/<slug:code>/recusal/", defence_file.OrderRecusal.as_view(), name="defence_recusal"),
    path("own-defences/<slug:code>/", defence_own.Show.as_view(), name="own_defence"),
    path("own-defences/<slug:code>/notice/", defence_own.Notice.as_view(), name="own_defence_notice"),
    path("own-defences/<slug:code>/change/", defence_own.Change.as_view(), name="own_defence_change"),
    path("panel/", panel_desk.Desk.as_view(), name="panel_desk"),
    path("panel/slots/<slug:code>/", panel_desk.PanelSlot.as_view(), name="panel_slot"),
    path("panel/<slug:code>/", panel_desk.File.as_view(), name="panel_file"),
    path("panel/<slug:code>/hand-in/", panel_steps.HandIn.as_view(), name="panel_hand_in"),
    path("panel/<slug:code>/complete/", panel_steps.Complete.as_view(), name="panel_complete"),
    path("panel/<slug:code>/recuse/", panel_steps.Recuse.as_view(), name="panel_recuse"),
    path("panel/<slug:code>/files/<slug:file>/", panel_steps.Evidence.as_view(), name="panel_evidence"),
]

QUEUEING: list[URLPattern | URLResolver] = [
    path("", queueing.Queue.as_view(), name="queue"),
    path("search/", queueing.Search.as_view(), name="search"),
    path("overview/", queueing.Overview.as_view(), name="overview"),
    path("export/", exporting.Export.as_view(), name="export"),
    path("columns/", preferring.Columns.as_view(), name="columns"),
    path("filters/", preferring.Filters.as_view(), name="filters"),
    path("filters/save/", preferring.SaveFilter.as_view(), name="save_filter"),
    path("filters/<str:code>/rename/", preferring.RenameFilter.as_view(), name="rename_filter"),
    path("filters/<str:code>/default/", preferring.DefaultFilter.as_view(), name="default_filter"),
    path("filters/<str:code>/delete/", preferring.DeleteFilter.as_view(), name="delete_filter"),
    path("assign/", allotting.AllotMany.as_view(), name="assign_many"),
    path("assign/<str:code>/", allotting.Allotment.as_view(), name="allotment"),
]

urlpatterns: list[URLPattern | URLResolver] = [*CHECKING, *PAYING, *DEFENDING, *QUEUEING]
