"""Roof: mounts the pages of every room under one address each; decides nothing."""

from allauth.account.views import login, logout
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.web.urls")),
    path("messages/", include("portal.notifications.urls")),
    path("api/", include("portal.api")),
    path("files/", include("portal.documents.urls")),
    path("notices/", include("portal.publicity.urls")),
    path("account/login/", login, name="account_login"),
    path("account/logout/", logout, name="account_logout"),
]

handler400 = "portal.web.views.errors.bad_request"
handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.broken"
