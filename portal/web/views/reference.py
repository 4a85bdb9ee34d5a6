"""The API's description: as OpenAPI for programs, and as pages for the people who write them."""

from typing import ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rules.predicates import Predicate

from portal.accounts.rules import anyone
from portal.http.views import PortalView
from portal.web import reference


class Schema(APIView):
    access: ClassVar[Predicate] = anyone
    renderer_classes = (OpenApiJsonRenderer, JSONRenderer)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(reference.schema())


class Reference(PortalView):
    access = anyone
    template_name = "api/reference.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        every = reference.operations()
        rooms = [
            (key, name, found)
            for key, name in reference.ROOMS.items()
            if (found := [one for one in every if one.room == key])
        ]
        return self.page(rooms=rooms)


class Room(PortalView):
    access = anyone
    template_name = "api/room.html"

    def get(self, request: HttpRequest, room: str) -> HttpResponseBase:
        found = reference.operations(room) if room in reference.ROOMS else []
        if not found:
            raise Http404
        return self.page(name=reference.ROOMS[room], operations=found, shapes=reference.shapes(found))
