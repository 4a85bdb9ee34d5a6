"""The bureau's desk: changes of certificates that were issued, proposed by one and decided by another."""

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates import rules
from certificates.domain import changing
from certificates.enums import BASES, CHANGE_PROOF, CHANGE_TONES, ChangeKind, ChangeState
from certificates.interfaces.corrections import rows_of
from certificates.interfaces.forms import ChangeForm, ReasonForm, form_of
from certificates.interfaces.history import events_of
from certificates.models import Certificate, CertificateChange
from certificates.views.register import OneCertificate
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.http.once import key_of
from portal.http.views import PortalView, StepView, SubjectMixin
from portal.workflow import open_steps

CHANGES_A_PAGE = 20


class Changes(PortalView):
    """What was proposed: first what waits, then what was decided, the latest on top."""

    access = rules.keeps_register
    template_name = "certificates/bureau/changes.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = CertificateChange.objects.at(self.actor).select_related(*CertificateChange.FETCHED_WITH)
        is_all = request.GET.get("state") == "all"
        shown = found if is_all else found.filter(state=ChangeState.PROPOSED)
        page = Paginator(shown, CHANGES_A_PAGE).get_page(request.GET.get("page"))
        rows = [(one, CHANGE_TONES[ChangeState(one.state)]) for one in page]
        return self.page(page=page, rows=rows, is_all=is_all)


class Propose(OneCertificate, StepView):
    """A change of one kind with its ground; the lead decides."""

    access = rules.proposes
    template_name = "certificates/bureau/propose_change.html"
    done_message = _("已提出变更，等待负责人审批。")
    change: CertificateChange

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in ChangeKind.values:
            raise Http404
        self.kind = ChangeKind(kwargs["kind"])

    @property
    def label(self) -> Any:
        """What the change is called."""
        return self.kind.label

    def form(self, *data: Any) -> ChangeForm:
        return form_of(self.kind, self.subject, *data)

    def act(self, form: Form) -> Certificate:
        assert isinstance(form, ChangeForm)  # noqa: S101 - made above
        wanted = changing.Wanted(self.kind, form.cleaned_data["reason"], proof=self.taken(form), **form.facts())
        given: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        self.change = changing.propose(self.subject, wanted, **given)
        return self.subject

    def taken(self, form: Form) -> StoredFile | None:
        """Return the proof that the form brought, kept."""
        offer = form.cleaned_data.get("proof")
        if not offer:
            return None
        return offers.take(offer, purpose=CHANGE_PROOF, by=self.actor, at=self.at, field="proof")

    def next_address(self) -> str:
        return reverse("certificates:change", args=[self.change.code])

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(
            certificate=self.subject,
            form=form,
            kind=self.kind,
            basis=BASES[self.kind],
            is_possible=self.kind in changing.possible(self.subject),
            cancel_address=self.own_address,
        )


class OneChange(SubjectMixin):
    """A page about one change."""

    access = rules.keeps_register
    subject: CertificateChange

    def visible(self) -> Any:
        together = (*CertificateChange.FETCHED_WITH, "proof", "certificate__case__application")
        return CertificateChange.objects.at(self.actor).select_related(*together)

    @property
    def own_address(self) -> str:
        """The change's page."""
        return reverse("certificates:change", args=[self.subject.code])


class ShowChange(OneChange):
    template_name = "certificates/bureau/change.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        change = self.subject
        return self.page(
            change=change,
            certificate=change.certificate,
            tone=CHANGE_TONES[ChangeState(change.state)],
            steps=open_steps(change, by=self.actor, at=self.at),
            corrections=rows_of(change),
            history=events_of(change),
        )


class ChangeStep(OneChange, StepView):
    """Approving or declining a change."""

    access = rules.decides
    template_name = "certificates/bureau/change_step.html"

    def next_address(self) -> str:
        return self.own_address

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(
            subject=self.subject, form=form, corrections=rows_of(self.subject), cancel_address=self.own_address
        )


class Approve(ChangeStep):
    step = "approve"
    done_message = _("已批准，证书状态随即变更；更正的，新证书制作完成后替代原证书。")

    def act(self, form: Form) -> CertificateChange:
        return changing.approve(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Decline(ChangeStep):
    step = "decline"
    form_class = ReasonForm
    done_message = _("未批准，证书保持原状。")

    def act(self, form: Form) -> CertificateChange:
        given: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        return changing.decline(self.subject, reason=form.cleaned_data["reason"], **given)
