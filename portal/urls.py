"""Roof: mounts the pages of every room under one address each; decides nothing."""

from allauth.account.views import login, logout
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/login/", login, name="account_login"),
    path("account/logout/", logout, name="account_logout"),
]
