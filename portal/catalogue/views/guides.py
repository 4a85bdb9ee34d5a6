"""Committees' guides: written by the agency at its desk or by the bureau, checked, approved by the bureau, published."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.domain import guides
from portal.catalogue.interfaces.guide_forms import WORDS, GuideForm, LineFormSet, lines_in
from portal.catalogue.models import Committee, Guide
from portal.catalogue.rules import writes_guides
from portal.catalogue.views.steps import CatalogueStep
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal
from portal.workflow import open_steps


class Committees(PortalView):
    """The committees whose guides the actor keeps, newest year first."""

    access = writes_guides
    template_name = "catalogue/bureau/guides.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = Committee.objects.select_related("edition", "guide").order_by("-edition__year", "band", "name")
        return self.page(committees=rows.filter(agency=self.actor.organisation))


class CommitteeMixin(SubjectMixin):
    """A page about one committee's guide: the bureau sees all, an agency its own."""

    access = bureau | writes_guides

    def visible(self) -> QuerySet[Committee]:
        rows = Committee.objects.select_related("edition", "agency", "guide")
        return rows if bureau.test(self.actor) else rows.filter(agency=self.actor.organisation)


class Show(CommitteeMixin):
    template_name = "catalogue/bureau/guide.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        guide = getattr(self.subject, "guide", None)
        return self.page(
            committee=self.subject,
            guide=guide,
            criteria=guide.criteria.order_by("order") if guide else [],
            steps=open_steps(guide, by=self.actor, at=self.at) if guide else [],
            history=history_of(guide).order_by("-pk")[:30] if guide else [],
        )


class Write(CommitteeMixin, ChangeView):
    template_name = "catalogue/bureau/guide_form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        guide = getattr(self.subject, "guide", None)
        lines = [vars(line) for line in guides.lines_of(guide)] if guide else []
        return self.show(GuideForm(instance=guide), LineFormSet(initial=lines))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form: Any = GuideForm(request.POST)
        formset = LineFormSet(request.POST)
        if not (form.is_valid() and formset.is_valid()):
            return self.show(form, formset)
        words = {name: form.cleaned_data[name] for name in WORDS}
        try:
            guides.write(self.subject, words, lines_in(formset), by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form, formset)
        messages.success(request, _("通知公告已保存。"))
        return HttpResponseRedirect(reverse("catalogue:guide:show", args=[self.subject.code]))

    def show(self, form: Any, formset: Any) -> HttpResponseBase:
        back = reverse("catalogue:guide:show", args=[self.subject.code])
        return self.page(committee=self.subject, form=form, formset=formset, cancel_address=back)


class GuideStep(CatalogueStep):
    """A step of a guide, found by its committee's code."""

    access = bureau | writes_guides
    home = "catalogue:guide:show"

    def visible(self) -> QuerySet[Guide]:
        rows = Guide.objects.select_related("committee__agency", "committee__edition")
        return rows if bureau.test(self.actor) else rows.filter(committee__agency=self.actor.organisation)

    def find(self, code: str) -> Any:
        guide = self.visible().filter(committee__code=code).first()
        if guide is None:
            raise Http404
        return guide

    def next_address(self) -> str:
        return reverse(self.home, args=[self.subject.committee.code])


class Verify(GuideStep):
    step = "verify"
    explanation = _("核查标准是否设置了不得设置的限制性要求。")
    done_message = _("标准已核查。")


class SendBack(GuideStep):
    step = "send_back"
    done_message = _("已退回修改。")


class Approve(GuideStep):
    step = "approve"
    done_message = _("已批准，可以公布。")


class Publish(GuideStep):
    step = "publish"
    explanation = _("公布后申报人在填报之前即可看到，不能再改。")
    done_message = _("通知公告已公布。")


class Archive(GuideStep):
    step = "archive"
    done_message = _("已归档。")
