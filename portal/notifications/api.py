"""The inbox over the API."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import logged_in
from portal.http.bodies import EmptySerializer
from portal.http.declared import actor_in
from portal.http.drf import OnceMixin
from portal.http.schema import told, told_of_rows
from portal.notifications import inbox, queries
from portal.notifications.enums import Occasion
from portal.notifications.models import Notification
from portal.notifications.serializers import MarkedSerializer, MessageSerializer
from portal.shared import clock


class MessageFilter(django_filters.FilterSet):
    """Narrows the inbox to one occasion, or to what is unread."""

    occasion = django_filters.ChoiceFilter(choices=Occasion.choices)
    unread = django_filters.BooleanFilter(method="by_unread")

    class Meta:
        model = Notification
        fields = ("occasion", "unread")

    def by_unread(self, messages: QuerySet[Notification], name: str, value: bool) -> QuerySet[Notification]:  # noqa: FBT001
        """Keep the unread messages, or the others."""
        unread = Notification.objects.unread().values("pk")
        return messages.filter(pk__in=unread) if value else messages.exclude(pk__in=unread)


@told_of_rows(_("消息"), _("一条消息"), _("本人收到的消息，未读在前；挂号消息签收后才显示内容。"))
class Messages(OnceMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Notification]):
    """The messages of the person who asks, unread ones first."""

    access: ClassVar[Predicate] = logged_in
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z-]{1,20}"
    queryset = Notification.objects.none()

    def get_queryset(self) -> QuerySet[Notification]:
        person = actor_in(self.request).person
        return queries.inbox_of(person, on=clock.today()) if person else Notification.objects.none()

    @told(
        _("全部标为已读"),
        _("挂号消息除外，须逐件签收；答复为标记的条数。"),
        request=EmptySerializer,
        responses=MarkedSerializer,
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="read-all", pagination_class=None)
    def read_all(self, request: Request) -> Response:
        """Mark whatever needs no receipt as read."""
        EmptySerializer(data=request.data).is_valid(raise_exception=True)
        person, at = actor_in(request).person, clock.now()
        marked = inbox.mark_all_read(person, at=at, on=clock.day_of(at)) if person else 0
        return Response({"marked": marked})

    @told(
        _("标为已读"),
        _("标为已读；挂号消息即签收，答复中有内容。"),
        request=None,
        responses=MessageSerializer,
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, code: str) -> Response:
        """Mark a message as read; for registered mail this is the receipt, and the answer holds its words."""
        message, at = self.get_object(), clock.now()
        if message.registered:
            inbox.receive(message, by=actor_in(request), at=at)
        else:
            inbox.mark_read(message, at=at)
        return Response(self.get_serializer(self.get_object()).data)
