"""Addresses of the entrance."""

from django.urls import path

from portal.entrance.views import acting, identity, members, organisations, profile, registration

app_name = "entrance"

urlpatterns = [
    path("register/", registration.Register.as_view(), name="register"),
    path("unlinked/", registration.Unlinked.as_view(), name="unlinked"),
    path("", profile.Profile.as_view(), name="profile"),
    path("documents/new/", profile.AddDocument.as_view(), name="add_document"),
    path("contact/", profile.Contact.as_view(), name="contact"),
    path("confirmation/", profile.SendConfirmation.as_view(), name="send_confirmation"),
    path("acting/", acting.Switch.as_view(), name="switch"),
    path("people/<str:code>/identity/", identity.Identity.as_view(), name="identity"),
    path("organisations/", organisations.Organisations.as_view(), name="organisations"),
    path("organisations/claim/", organisations.Claim.as_view(), name="claim"),
    path("organisations/admit/", organisations.Admit.as_view(), name="admit"),
    path("members/", members.OwnMembers.as_view(), name="own_members"),
    path("members/<str:code>/", members.Members.as_view(), name="members"),
    path("members/<str:code>/propose/", members.Propose.as_view(), name="propose"),
    path("members/<str:code>/<str:person>/<slug:role>/end/", members.End.as_view(), name="end"),
    path("requests/<str:code>/invite/", members.Invite.as_view(), name="invite"),
    path("requests/<str:code>/confirm/", members.Confirm.as_view(), name="confirm"),
    path("requests/<str:code>/refuse/", members.Refuse.as_view(), name="refuse"),
    path("requests/<str:code>/withdraw/", members.Withdraw.as_view(), name="withdraw"),
    path("invitations/<str:code>/<str:token>/", members.Accept.as_view(), name="accept"),
]
