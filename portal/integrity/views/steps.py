"""The bureau's desk: the steps of a record and of its entries on the platforms, each on a page of its own."""

from typing import Any, ClassVar

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.http.once import key_of
from portal.http.views import StepView
from portal.integrity import desks
from portal.integrity.domain import deciding, noticing, serving
from portal.integrity.forms import (
    AmendmentForm,
    FindingsForm,
    NoticeForm,
    ReasonForm,
    RulingForm,
    ServiceForm,
)


class RecordStep(StepView):
    """One step of one record; ``explanation`` says what follows from it."""

    access = bureau
    template_name = "integrity/bureau/step.html"
    explanation: ClassVar[Any] = ""

    def visible(self) -> Any:
        return desks.records_seen_by(self.actor)

    def next_address(self) -> str:
        return reverse("integrity:record", args=[self.subject.code])

    def press(self) -> dict[str, Any]:
        """Return what every function of the domain takes."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request)}


class Investigate(RecordStep):
    step = "investigate"
    form_class = FindingsForm
    explanation = _("参加核查的人员不能对本案作出决定。")
    done_message = _("核查情况已登记。")

    def act(self, form: Form) -> Any:
        return noticing.investigate(self.subject, **form.cleaned_data, **self.press())

    def form(self, *args: Any) -> Form:
        known = {"findings": self.subject.findings}
        return FindingsForm(*args) if args else FindingsForm(initial=known)


class Close(RecordStep):
    step = "close"
    form_class = ReasonForm
    explanation = _("结案后不记入诚信档案，因立案而暂停的申报继续办理。")
    done_message = _("已结案，不予处理。")

    def act(self, form: Form) -> Any:
        return noticing.close(self.subject, **form.cleaned_data, **self.press())


class GiveNotice(RecordStep):
    step = "give_notice"
    explanation = _("告知书以需要签收的文书送达当事人。当事人有权陈述和申辩，期限内不得作出决定，决定不得重于告知。")
    done_message = _("已告知当事人，陈述申辩期限开始计算。")

    def form(self, *args: Any) -> Form:
        return NoticeForm(*args, record=self.subject)

    def act(self, form: Any) -> Any:
        return noticing.give_notice(self.subject, form.intent(), **self.press())


class Decide(RecordStep):
    step = "decide"
    explanation = _("自决定时起，申报等限制即行生效；送达后推送两个信用信息共享平台。")
    done_message = _("决定已作出，决定书已发出，待当事人签收。")
    form_kind: ClassVar[type[RulingForm]] = RulingForm

    def form(self, *args: Any) -> Form:
        return self.form_kind(*args, record=self.subject, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {"measures": self.subject.intended, "is_serious": self.subject.intends_serious}

    def act(self, form: Any) -> Any:
        return deciding.decide(self.subject, form.ruling(), **self.press())


class Amend(Decide):
    step = "amend"
    form_kind = AmendmentForm
    explanation = _("只能更正尚未送达的决定；更正后重新送达，期限仍自原决定之日起算。")
    done_message = _("决定已更正，更正决定书已发出，待当事人签收。")

    def initial(self) -> dict[str, Any]:
        record = self.subject
        return {
            "text": record.decision,
            "considered": record.considered,
            "deliberation": record.deliberation,
            "measures": record.measures,
            "is_serious": record.is_serious,
            "remedies": record.remedies,
        }

    def act(self, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return deciding.amend(self.subject, form.ruling(), reason=reason, **self.press())


class Serve(RecordStep):
    step = "serve"
    form_class = ServiceForm
    explanation = _("送达后决定生效，推送两个信用信息共享平台，证书和申报随之处理。")
    done_message = _("送达已登记，决定已生效。")

    def act(self, form: Form) -> Any:
        return serving.serve(self.subject, **form.cleaned_data, **self.press())


class ServeAgain(Serve):
    step = "serve_again"


class Quash(RecordStep):
    step = "quash"
    form_class = ReasonForm
    explanation = _("因复议、诉讼或者申诉撤销决定：限制即时解除，平台上的记录一并撤下。请写明文书名称和文号。")
    done_message = _("决定已撤销，限制已解除。")

    def act(self, form: Form) -> Any:
        return deciding.quash(self.subject, **form.cleaned_data, **self.press())


class EntryStep(StepView):
    """Calls a platform again after staff has looked."""

    access = bureau
    template_name = "integrity/bureau/entry_step.html"
    done_message = _("将在一分钟内重新办理。")

    def visible(self) -> Any:
        return desks.entries_seen_by(self.actor)

    def next_address(self) -> str:
        return reverse("integrity:record", args=[self.subject.record.code])


class ShowAgain(EntryStep):
    step = "show_again"


class RemoveAgain(EntryStep):
    step = "remove_again"
