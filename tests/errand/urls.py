"""Pages and an API of the errand, on the bases that every room uses."""

from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.rules import bureau
from portal.http.drf import StepsMixin
from portal.http.views import StepView
from tests.errand.models import Errand


class OpinionForm(forms.Form):
    opinion = forms.CharField(required=False)


class Finish(StepView):
    access = bureau
    step = "finish"
    form_class = OpinionForm
    template_name = "layout/step.html"

    def visible(self) -> Any:
        return Errand.objects.exclude(opinion="hidden")

    def next_address(self) -> str:
        return "/done/"

    def show(self, form: forms.Form) -> HttpResponseBase:
        return JsonPage({"errors": form.errors, "entered": form.data.get("opinion", "")})


class JsonPage(JsonResponse):
    """A page shown again, as far as the tests look at it."""


class Steps(StepsMixin, APIView):
    access = bureau

    def find(self, code: str) -> Errand:
        return Errand.objects.get(code=code)

    def get(self, request: Request, code: str) -> Response:
        return Response(self.steps_of(self.find(code), request))

    def post(self, request: Request, code: str) -> Response:
        done = self.take_step(self.find(code), "finish", request, opinion=request.data.get("opinion", ""))
        return Response({"state": done.state}, status=201)


def undeclared(request: HttpRequest) -> HttpResponseBase:
    return JsonPage({})


urlpatterns = [
    path("errand/<str:code>/", Finish.as_view(), name="finish"),
    path("api/errand/<str:code>/", Steps.as_view(), name="steps"),
    path("undeclared/", undeclared, name="undeclared"),
    path("", include("portal.urls")),
]
