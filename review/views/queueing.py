"""The agency's desk: the queue of files, narrowed, ordered and searched."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from portal.accounts.models import Person
from portal.http import searching
from portal.http.views import PortalView
from review import rules
from review.domain import allotting, preferring, queueing
from review.domain.queueing import Rows, Wanted
from review.enums.checking import OPEN
from review.enums.queueing import Tab
from review.interfaces.columns import USUAL, Column, columns_of, needs_of, rows_of
from review.interfaces.filters import Narrowing, Offer, narrowing_of, offer_of
from review.models import QueueExport

EXPORTS_SHOWN = 5


class Narrowed(PortalView):
    """A page about what the queue's filter leaves; the filter comes with the address, or with the form."""

    access = rules.checks

    @cached_property
    def clerks(self) -> list[Person]:
        """Who can check files of the agency."""
        agency = self.actor.organisation
        return allotting.clerks_of(agency, self.at) if agency else []

    @cached_property
    def offer(self) -> Offer:
        """What there is to choose from."""
        return offer_of(queueing.committees_of(self.actor), queueing.series_of(self.actor), self.clerks)

    @cached_property
    def narrowing(self) -> Narrowing:
        """What was chosen, without the words."""
        return narrowing_of(self.given, self.offer)

    @property
    def given(self) -> QueryDict:
        """Where the filter's values come from."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def words(self) -> str:
        """The words that are looked for."""
        return searching.words_of(self.request)

    @cached_property
    def wanted(self) -> Wanted:
        """Everything that was asked for."""
        return replace(self.narrowing.wanted, words=self.words)

    @property
    def rows(self) -> Rows:
        """The files that are left."""
        return queueing.queue(self.actor, self.wanted)

    @property
    def token(self) -> str:
        """What stands for the words in addresses and forms."""
        return self.given.get(searching.FIELD, "") if self.words else ""

    @property
    def kept(self) -> dict[str, str]:
        """The filter as hidden fields and addresses carry it."""
        return {**self.wanted.criteria, **({searching.FIELD: self.token} if self.token else {})}

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that the person chose, or the usual ones."""
        chosen = preferring.chosen_columns(self.actor)
        return columns_of(USUAL if chosen is None else chosen)

    @property
    def query(self) -> str:
        """The filter as the part of an address behind the question mark."""
        return urlencode(self.kept)

    @property
    def back(self) -> str:
        """The address of the list as it is narrowed."""
        return f"{reverse('review:queue')}?{self.query}"


class Queue(Narrowed):
    """What waits for the agency, what is due first on top; opened without anything, as the person likes it."""

    template_name = "review/queueing/queue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        filters = preferring.filters_of(self.actor)
        default = next((one for one in filters if one.is_default), None)
        if default is not None and not request.GET:
            return HttpResponseRedirect(_address(default.criteria))
        number = queueing.count_up_to(self.rows)
        page = queueing.read(
            self.rows,
            self.wanted.order,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
            needs=needs_of(self.columns),
            with_documents=any(column.key == "identity" for column in self.columns),
        )
        return self.page(
            page=page,
            rows=rows_of(page.rows, self.columns, self.at),
            number=min(number, queueing.COUNTED),
            is_more=number > queueing.COUNTED,
            tabs=[(tab.label, self.tab_address(tab), tab == self.wanted.state) for tab in Tab],
            filters=[(one, _address(one.criteria), one.criteria == self.wanted.criteria) for one in filters],
            is_narrowed=bool(set(self.wanted.criteria) - {"state", "order"} or self.words),
            is_selected=request.GET.get("select") == "page",
            selectable=OPEN,
        )

    def tab_address(self, tab: Tab) -> str:
        return f"?{urlencode({**self.kept, 'state': tab.value})}"


class Search(Narrowed):
    """Takes the words, keeps them in the session, and leads to the list that a token narrows by them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        token = searching.keep(request, request.POST.get("words", ""))
        criteria = self.narrowing.wanted.criteria
        return HttpResponseRedirect(_address({**criteria, **({searching.FIELD: token} if token else {})}))


class Overview(Narrowed):
    """How much lies where: by committee and by clerk."""

    template_name = "review/queueing/overview.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            committees=queueing.loads_by_committee(self.actor),
            clerks=queueing.loads_by_clerk(self.actor, self.clerks),
            exports=QueueExport.objects.of(self.actor).order_by("-pk")[:EXPORTS_SHOWN],
        )


def _address(criteria: dict[str, str]) -> str:
    return f"{reverse('review:queue')}?{urlencode(criteria)}"
