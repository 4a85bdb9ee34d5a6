"""Recognised associations over the API: the list for everybody, and the bureau's register (R-082)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.catalogue.api import Published
from portal.catalogue.domain import recognising
from portal.catalogue.domain.recognising import Recognised
from portal.catalogue.interfaces.serializers import (
    EndedSerializer,
    NoteSerializer,
    RecognisedSerializer,
    RecognitionDetailSerializer,
    RecognitionSerializer,
)
from portal.catalogue.models import Recognition
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told, told_of_rows
from portal.shared import clock

AGAINST = (
    "not_an_association",
    "authority_not_named",
    "recognised_in_future",
    "ends_before_it_begins",
    "recognition_known",
)


@told_of_rows(_("认可的协会、学会"), _("一项认可"), _("今日可以推荐自由职业者的协会、学会，以及认可部门和文件。"))
class Associations(Published):
    """Who may recommend freelancers today."""

    serializer_class = RecognitionSerializer
    queryset = Recognition.objects.none()

    def get_queryset(self) -> QuerySet[Recognition]:
        held = Recognition.objects.holding_on(clock.today()).select_related("association")
        return held.order_by("association__name", "recognised_on")


class Recognitions(mixins.ListModelMixin, Desk):
    access: ClassVar[Predicate] = bureau
    serializer_class = RecognitionSerializer
    filterset_fields = ("state",)
    queryset = Recognition.objects.select_related("association").order_by("state", "-recognised_on", "-pk")

    @told(_("协会、学会认可"), _("登记过的全部认可，待批准的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一项认可的登记"), _("认可部门、文件、期间和现在能办的步骤。"), responses=RecognitionDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("登记认可"),
        _("登记协会、学会的认可，由另一位负责人批准后生效。"),
        refusals=AGAINST,
        request=RecognisedSerializer,
        responses={201: RecognitionDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        told_so = Recognised(**self.body(RecognisedSerializer))
        made = recognising.propose(told_so, by=self.actor, at=self.at, key=key_of(self.request._request))
        return self._shown(made, HTTPStatus.CREATED)

    @told(
        _("批准列入"),
        _("由登记人以外的负责人批准。"),
        steps=[(Recognition, "approve")],
        request=EmptySerializer,
        responses=RecognitionDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/approve")
    def approve(self, request: Request, code: str) -> Response:
        return self._taken("approve", EmptySerializer)

    @told(
        _("不予列入"),
        _("写明理由，不予列入。"),
        steps=[(Recognition, "decline")],
        request=NoteSerializer,
        responses=RecognitionDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/decline")
    def decline(self, request: Request, code: str) -> Response:
        return self._taken("decline", NoteSerializer)

    @told(
        _("终止认可"),
        _("自终止之日起开始的公示不再有效。"),
        steps=[(Recognition, "end")],
        request=EndedSerializer,
        responses=RecognitionDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/end")
    def end(self, request: Request, code: str) -> Response:
        return self._taken("end", EndedSerializer)

    def _taken(self, step: str, body: Any) -> Response:
        recognition = self.get_object()
        return self._shown(self.take_step(recognition, step, self.request, **self.body(body)))

    def _shown(self, recognition: Any, code: int = HTTPStatus.OK) -> Response:
        steps = [
            {**one, "address": reverse(f"api:recognition-{one['step']}", args=[recognition.code])}
            for one in self.steps_of(recognition, self.request)
        ]
        found = self.get_queryset().get(pk=recognition.pk)
        context = {**self.get_serializer_context(), "steps": steps}
        return Response(RecognitionDetailSerializer(found, context=context).data, status=code)
