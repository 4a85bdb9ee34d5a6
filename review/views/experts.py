"""The pool on the desks of agency and bureau: who is in it, one expert's term, and naming somebody for it."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF
from portal.http import searching
from portal.http.views import PortalView, SubjectMixin
from portal.ledger.queries import history_of
from portal.workflow import OpenStep, label_of, open_steps
from review import rules
from review.domain import nominating, pool_queries
from review.enums.pooling import TONES, TermState
from review.guards.pooling import title_known, title_state
from review.interfaces.expert_forms import NominateForm, PoolFilter
from review.models import ExpertTerm
from review.views.defence_rounds import AgencyForm

A_PAGE = 50
OFFICE_STEPS = {
    name: f"review:expert_{name}"
    for name in (
        "forward",
        "vet",
        "decline",
        "allow_more",
        "appoint",
        "pause",
        "resume",
        "end",
        "assess",
        "allow_renewal",
        "renew",
        "disqualify",
    )
}


class Pool(PortalView):
    access = rules.sees_pool
    template_name = "review/experts/pool.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        words = searching.words_of(request)
        form = PoolFilter(request.GET, series=pool_queries.series_of(self.actor))
        rows = pool_queries.pool(self.actor, form.wanted(words), self.at)
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        return self.page(
            form=form,
            page=page,
            rows=[(term, TONES[TermState(term.state)]) for term in page],
            share=pool_queries.young_share(ExpertTerm.objects.filter(pk__in=rows.order_by().values("pk")), self.at),
            words=words,
            token=request.GET.get(searching.FIELD, "") if words else "",
            is_agency=bool(AGENCY_STAFF & self.actor.roles),
        )


class Search(PortalView):
    """Takes the words, keeps them in the session, and leads to the list that a token narrows by them."""

    access = rules.sees_pool
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        token = searching.keep(request, request.POST.get("words", ""))
        query = urlencode({searching.FIELD: token}) if token else ""
        return HttpResponseRedirect(f"{reverse('review:experts')}?{query}")


class OfficeTerm(SubjectMixin):
    """A page about one term of a pool that the actor's office sees."""

    access = rules.sees_pool

    def visible(self) -> Any:
        return ExpertTerm.objects.at(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The term's own page."""
        return reverse("review:expert", args=[self.subject.code])


class Show(OfficeTerm):
    template_name = "review/experts/expert.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        term = self.subject
        steps = [step for step in open_steps(term, by=self.actor, at=self.at) if step.name in OFFICE_STEPS]
        is_known = title_known(term.expert)
        return self.page(
            term=term,
            tone=TONES[TermState(term.state)],
            steps=[(step, self.page_of(step)) for step in steps],
            is_known=is_known,
            title_words="" if is_known else title_state(term.expert.person),
            may_ask=not is_known and term.consented_at is not None,
            duty=pool_queries.duty_of(term),
            duties=term.duties.order_by("-held_on", "-pk"),
            history=history_words(term),
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(OFFICE_STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""


BESIDES = {"nominate": _("推荐"), "start": _("建立"), "revise": _("修改"), "put": _("加入名单")}
BESIDES |= {"observe_duty": _("登记履职情况"), "take_out": _("退出名单"), "keep": _("保留"), "give_duty": _("调整职务")}
BESIDES |= {"begin": _("聘期开始"), "report": _("报送验收"), "overdue": _("超过承诺办结时限")}
BESIDES |= {"propose": _("提出名额"), "put_on_notice": _("列入公示")}


def history_words(subject: Any) -> list[tuple[Any, Any]]:
    """Return what was done with a term, a filing, a batch or a quota, each entry with its step in words, the latest first."""
    entries = [entry for entry in history_of(subject) if entry.step != "read"]
    return [(entry, _step_words(subject, entry.step)) for entry in reversed(entries)]


def _step_words(subject: Any, step: str) -> Any:
    try:
        return BESIDES.get(step) or label_of(type(subject), step)
    except LookupError:
        return step


class Nominate(AgencyForm):
    """Naming somebody: an office another person, a person oneself."""

    access = rules.nominates
    heading = _("推荐评审专家")
    rule = "R-161"

    @property
    def own_agency(self) -> Organisation | None:
        """The agency that names somebody for its own pool."""
        return self.actor.organisation if AGENCY_STAFF & self.actor.roles else None

    def form(self, *data: Any) -> NominateForm:
        return NominateForm(*data, own_agency=self.own_agency, is_own=self.actor.acts_personally)

    def act(self, form: NominateForm) -> ExpertTerm:
        told = form.cleaned_data
        if self.actor.acts_personally and self.actor.person is not None:
            person = self.actor.person
        else:
            person = nominating.person_named(told["full_name"], told["number"])
        return nominating.nominate(person, form.scope, form.facts, grounds=told["grounds"], by=self.actor, at=self.at)

    def next_address(self, done: ExpertTerm) -> str:
        if self.own_agency is not None:
            return reverse("review:expert", args=[done.code])
        return self.cancel_address()

    def cancel_address(self) -> str:
        if self.own_agency is not None:
            return reverse("review:experts")
        return reverse("review:own_experts" if self.actor.acts_personally else "review:nominations")


class Nominations(PortalView):
    """What an employer or an industry authority named, and what became of it."""

    access = rules.nominates
    template_name = "review/experts/nominations.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = pool_queries.nominated_by(self.actor)
        return self.page(rows=[(term, TONES[TermState(term.state)]) for term in rows])
