"""A person's messages and how they want to be told."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.accounts.rules import logged_in
from portal.http.views import ChangeView, PortalView, SubjectMixin
from portal.notifications import choosing, inbox, links, queries
from portal.notifications.forms import ChannelsForm, InboxFilter
from portal.notifications.models import Notification
from portal.shared import clock

PER_PAGE = 20


class OwnView(PortalView):
    """A page about the messages of the person who is logged in."""

    access = logged_in

    @property
    def person(self) -> Person:
        if self.actor.person is None:
            raise PermissionDenied
        return self.actor.person


class Inbox(OwnView):
    template_name = "notifications/inbox/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        on = clock.day_of(self.at)
        filter_form = InboxFilter(request.GET)
        found = filter_form.narrow(queries.inbox_of(self.person, on=on))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, filter_form=filter_form, unread=queries.unread_count(self.person, on=on))


class ReadAll(OwnView, ChangeView):
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        marked = inbox.mark_all_read(self.person, at=self.at, on=clock.day_of(self.at))
        messages.success(request, _("已将 %(count)d 条消息标为已读。") % {"count": marked})
        return HttpResponseRedirect(reverse("notifications:inbox"))


class Message(OwnView, SubjectMixin, ChangeView):
    """One message; opening marks it read, while registered mail asks for a receipt first."""

    template_name = "notifications/inbox/message.html"

    def visible(self) -> QuerySet[Notification]:
        return queries.inbox_of(self.person, on=clock.day_of(self.at))

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        inbox.mark_read(self.subject, at=self.at)
        return self.page(message=self.subject, link=links.page_of(self.subject))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.registered:
            inbox.receive(self.subject, by=self.actor, at=self.at)
        return HttpResponseRedirect(reverse("notifications:message", args=[code]))


class Preferences(OwnView, ChangeView):
    template_name = "notifications/inbox/preferences.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        choosing.choose(self.person, form.declined(), by=self.actor, at=self.at)
        messages.success(request, _("接收方式已保存。"))
        return HttpResponseRedirect(reverse("notifications:preferences"))

    def form(self, *args) -> ChannelsForm:
        return ChannelsForm(*args, declined=queries.declined_by(self.person))

    def show(self, form: ChannelsForm) -> HttpResponseBase:
        required = [choice for choice in choosing.choices() if choice.required]
        return self.page(form=form, required=required)
