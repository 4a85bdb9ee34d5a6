"""The base of every step in a session: one form, one call of the domain, a refusal beside its fields."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.http.once import key_of
from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review.models import AgendaItem, CommitteeSession, SessionMember
from review.views.session_pages import meets


class SessionStep(SubjectMixin, ChangeView):
    """A step on the page of a session; ``button`` are its words, ``explanation`` what it does."""

    access = meets
    template_name = "review/session/step.html"
    form_class: type[forms.Form] = forms.Form
    heading: Any = ""
    explanation: Any = ""
    button: Any = _("确认")
    rule = "R-114"
    is_grave = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.act(form)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        if done:
            messages.success(request, done)
        return HttpResponseRedirect(self.next_address())

    def form(self, *data: Any) -> forms.Form:
        """Return the form, bound where data are given."""
        return self.form_class(*data)

    def act(self, form: Any) -> Any:
        """Do it with one call of the domain; return the words that say so, or nothing."""
        raise NotImplementedError

    @property
    def session(self) -> CommitteeSession:
        """The session that the step belongs to."""
        raise NotImplementedError

    @property
    def key(self) -> str | None:
        """The key of the request, once per form."""
        return key_of(self.request)

    def next_address(self) -> str:
        """Return the session's screen."""
        return reverse("review:session", args=[self.session.code])

    def show(self, form: Any) -> HttpResponseBase:
        """Return the page with the form."""
        return self.page(form=form, session=self.session, cancel_address=self.next_address())


class OfSession(SessionStep):
    """A step of the session as a whole."""

    subject: CommitteeSession

    def visible(self) -> Any:
        return CommitteeSession.objects.for_reader(self.actor).with_all()

    @property
    def session(self) -> CommitteeSession:
        return self.subject


class OfMember(SessionStep):
    """A step of one seat."""

    subject: SessionMember

    def visible(self) -> Any:
        sessions = CommitteeSession.objects.for_reader(self.actor)
        return SessionMember.objects.filter(session__in=sessions).select_related(*SessionMember.FETCHED_WITH)

    @property
    def session(self) -> CommitteeSession:
        return self.subject.session


class OfItem(SessionStep):
    """A step of one case; who keeps out of it cannot even name it, but for putting it off."""

    subject: AgendaItem

    def visible(self) -> Any:
        return AgendaItem.objects.for_reader(self.actor).with_all()

    @property
    def session(self) -> CommitteeSession:
        return self.subject.session
