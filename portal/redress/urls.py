"""Addresses of review requests."""

from django.urls import path

from portal.redress.views import handler, person

app_name = "redress"

urlpatterns = [
    path("", handler.Requests.as_view(), name="requests"),
    path("own/", person.OwnRequests.as_view(), name="own_requests"),
    path("own/about/<str:code>/", person.Ask.as_view(), name="ask"),
    path("own/<str:code>/", person.OwnRequest.as_view(), name="own_request"),
    path("own/<str:code>/go-higher/", person.GoHigher.as_view(), name="go_higher"),
    path("own/<str:code>/withdraw/", person.Withdraw.as_view(), name="withdraw"),
    path("<str:code>/", handler.Request.as_view(), name="request"),
    path("<str:code>/admit/", handler.Admit.as_view(), name="admit"),
    path("<str:code>/not-admit/", handler.NotAdmit.as_view(), name="not_admit"),
    path("<str:code>/extend/", handler.Extend.as_view(), name="extend"),
    path("<str:code>/escalate/", handler.Escalate.as_view(), name="escalate"),
    path("<str:code>/let-stand/", handler.LetStand.as_view(), name="let_stand"),
    path("<str:code>/uphold/", handler.Uphold.as_view(), name="uphold"),
    path("<str:code>/take-up/", handler.TakeUp.as_view(), name="take_up"),
    path("<str:code>/close-standing/", handler.CloseStanding.as_view(), name="close_standing"),
    path("<str:code>/close-upholding/", handler.CloseUpholding.as_view(), name="close_upholding"),
]
