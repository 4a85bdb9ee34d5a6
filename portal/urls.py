"""Roof: mounts the pages of every room under one address each; decides nothing."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.web.urls")),
    path("catalogue/", include("portal.catalogue.urls")),
    path("messages/", include("portal.notifications.urls")),
    path("api/", include("portal.api")),
    path("files/", include("portal.documents.urls")),
    path("calendar/", include("portal.workdays.urls")),
    path("notices/", include("portal.publicity.urls")),
    path("integrity/", include("portal.integrity.urls")),
    path("review-requests/", include("portal.redress.urls")),
    path("applications/", include("applications.urls")),
    path("review/", include("review.urls")),
    path("certificates/", include("certificates.urls")),
    path("cockpit/", include("portal.cockpit.urls")),
    path("account/", include("portal.entrance.library_urls")),
    path("account/", include("portal.entrance.urls")),
]

handler400 = "portal.web.views.errors.bad_request"
handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.broken"
