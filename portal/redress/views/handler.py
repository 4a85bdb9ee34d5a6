"""The answering desk: the requests that the actor's organisation answers, each step on a page of its own."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.deadlines.terms import term_of
from portal.http.once import key_of
from portal.http.views import PortalView, StepView, SubjectMixin
from portal.ledger.models import Entry
from portal.ledger.queries import history_of
from portal.redress import rules
from portal.redress.domain import answering, keeping_time, queries
from portal.redress.forms import AnswerForm, DeskFilter, NotAdmittedForm, ReasonForm
from portal.redress.models import ReviewRequest
from portal.redress.registry import matter_of
from portal.workflow import label_of, open_steps

REQUESTS_A_PAGE = 20
BY_THEMSELVES = {"ask": _("提交复查申请"), "overdue": _("答复期限届满，未答复")}


class Requests(PortalView):
    access = rules.staff
    template_name = "redress/handler/requests.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = DeskFilter(request.GET)
        found = queries.requests_seen_by(self.actor)
        if form.is_valid():
            found = queries.narrowed(found, **form.cleaned_data)
        page = Paginator(queries.by_urgency(found), REQUESTS_A_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, filter_form=form)


class RequestMixin(SubjectMixin):
    access = rules.staff

    def visible(self) -> Any:
        return queries.requests_seen_by(self.actor)


class Request(RequestMixin):
    template_name = "redress/handler/request.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        row, due = self.subject, answering.answer_due(self.subject)
        matter = matter_of(row.subject)
        file = matter.file_page(row.subject, self.actor)
        return self.page(
            request_row=row,
            title=matter.title(row.subject),
            result=matter.words(row.result),
            file_page=reverse(file[0], args=[file[1]]) if file else "",
            due=due,
            term=term_of(due) if due else None,
            steps=open_steps(row, by=self.actor, at=self.at),
            runs=keeping_time.runs_of(row.subject),
            told=keeping_time.told(row),
            history=[(entry, words_of(entry)) for entry in history_of(row)],
        )


class RequestStep(RequestMixin, StepView):
    """One step of whoever answers; ``explanation`` says what follows from it."""

    template_name = "redress/handler/step.html"
    explanation: ClassVar[Any] = ""

    def next_address(self) -> str:
        return reverse("redress:request", args=[self.subject.code])

    def press(self) -> dict[str, Any]:
        """Return what every function of the domain takes."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request)}


class Admit(RequestStep):
    step = "admit"
    explanation = _("受理后由您调查，另一位负责人决定；期限仍自收到申请之日起计算。")
    done_message = _("已受理，并已告知申请人。")

    def act(self, form: Form) -> Any:
        return answering.admit(self.subject, **self.press())


class NotAdmit(RequestStep):
    step = "not_admit"
    form_class = NotAdmittedForm
    done_message = _("不予受理的理由已送达申请人。")

    def act(self, form: Form) -> Any:
        return answering.not_admit(self.subject, **form.cleaned_data, **self.press())


class Extend(RequestStep):
    step = "extend"
    form_class = ReasonForm
    explanation = _("只能延长一次，原因和新的期限将告知申请人。")
    done_message = _("答复期限已延长，并已告知申请人。")

    def act(self, form: Form) -> Any:
        return answering.extend(self.subject, **form.cleaned_data, **self.press())


class Escalate(RequestStep):
    step = "escalate"
    explanation = _("本机构没有未参与原审核、评审的人员可以办理的，转市人力资源社会保障局，答复期限重新计算。")
    done_message = _("已转市人力资源社会保障局办理。")

    def act(self, form: Form) -> Any:
        return answering.escalate(self.subject, **self.press())


class _Answer(RequestStep):
    """Answers with written reasons by the function of the domain that is named like the step."""

    form_class = AnswerForm
    done_message = _("答复已送达申请人。")

    def act(self, form: Form) -> Any:
        return getattr(answering, self.step)(self.subject, **form.cleaned_data, **self.press())


class LetStand(_Answer):
    step = "let_stand"


class Uphold(_Answer):
    step = "uphold"
    explanation = _("原结果不再有效，申报恢复到该环节之前继续办理；评审表决结果由市人力资源社会保障局责令重新评审。")


class TakeUp(RequestStep):
    step = "take_up"
    explanation = _("受理后由您调查，另一位负责人决定。")
    done_message = _("已受理复核。")

    def act(self, form: Form) -> Any:
        return answering.take_up(self.subject, **self.press())


class CloseStanding(_Answer):
    step = "close_standing"
    explanation = _("本答复为最终答复，申请人仍可依法申请行政复议或者提起诉讼。")


class CloseUpholding(_Answer):
    step = "close_upholding"
    explanation = _("原结果不再有效，申报恢复到该环节之前继续办理；评审表决结果由市人力资源社会保障局责令重新评审。")


def words_of(entry: Entry) -> Any:
    """Return what the ledger's entry says to people."""
    return BY_THEMSELVES.get(entry.step) or label_of(ReviewRequest, entry.step)
