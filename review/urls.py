"""Addresses of the agency's half, process by process."""

from django.urls import URLPattern, URLResolver, path

from review.views import checking, checking_steps

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

urlpatterns: list[URLPattern | URLResolver] = [*CHECKING]
