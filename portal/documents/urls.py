"""Addresses of files."""

from django.urls import path

from portal.documents.views.files import BesideView, DownloadView, MineView, ReceiptView, RemoveView
from portal.documents.views.uploads import UploadsView, UploadView

app_name = "documents"
urlpatterns = [
    path("", MineView.as_view(), name="mine"),
    path("uploads/", UploadsView.as_view(), name="uploads"),
    path("uploads/<str:code>/", UploadView.as_view(), name="upload"),
    path("<str:code>/", DownloadView.as_view(), name="download"),
    path("<str:code>/beside/", BesideView.as_view(), name="beside"),
    path("<str:code>/receipt/", ReceiptView.as_view(), name="receipt"),
    path("<str:code>/remove/", RemoveView.as_view(), name="remove"),
]
