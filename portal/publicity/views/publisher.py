"""The publisher's desk: own notices, composing, posting, withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.catalogue.queries import policy_in_force
from portal.deadlines.terms import term_of
from portal.documents import qr
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin
from portal.publicity import rules
from portal.publicity.domain import openings, papers, posting, proving, queries
from portal.publicity.domain.posting import Shown
from portal.publicity.enums import ON_THE_BOARD, OPEN_TO_READERS, NoticeKind
from portal.publicity.forms import ComposeForm, ReasonForm
from portal.publicity.views.addresses import readers_address
from portal.publicity.views.lines import Searched, lines_found
from portal.shared import clock
from portal.workflow import open_steps

NOTICES_A_PAGE = 20


class Notices(PortalView):
    access = rules.staff
    template_name = "publicity/publisher/notices.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        page = Paginator(queries.notices_of(self.actor), NOTICES_A_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, may_compose=bureau.test(self.actor))


class OwnNotice(SubjectMixin):
    access = rules.staff

    def visible(self) -> Any:
        return queries.notices_of(self.actor)


class Notice(OwnNotice, Searched):
    template_name = "publicity/publisher/notice.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        notice, end = self.subject, posting.end_of(self.subject)
        address = readers_address(notice, request)
        words, page = lines_found(notice, request, self.at)
        return self.page(
            notice=notice,
            page=page,
            words=words,
            end=end,
            term=term_of(end) if end else None,
            steps=open_steps(notice, by=self.actor, at=self.at),
            is_shown=notice.state in OPEN_TO_READERS,
            is_public=notice.kind in ON_THE_BOARD,
            link=address,
            qr=qr.picture_of(address),
            parts=papers.parts_of(notice),
            openings=openings.total(notice),
        )


class Code(OwnNotice):
    """The QR code of the readers' page as a file, for a poster of the publisher's own."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        picture = qr.svg_of(readers_address(self.subject, request))
        response = HttpResponse(picture, content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="{self.subject.code}.svg"'
        return response


class Proof(OwnNotice):
    """The proof of publicity; a long one is left to the writer of proofs, for nobody should wait half a minute."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        notice = self.subject
        file = proving.kept(notice)
        if file is None and proving.is_quick(notice):
            file = proving.proof_of(notice, at=self.at)
        if file is not None:
            return HttpResponseRedirect(reverse("documents:download", args=[file.code]))
        proving.refuse_unless_provable(notice)
        messages.info(request, _("公示证明正在生成，请稍后再下载。"))
        return HttpResponseRedirect(reverse("publicity:own_notice", args=[notice.code]))


class LineProof(OwnNotice):
    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponseBase:
        line = self.subject.lines.select_related("notice__publisher").filter(number=number).first()
        if line is None:
            raise Http404
        file = proving.proof_of_line(line, at=self.at)
        return HttpResponseRedirect(reverse("documents:download", args=[file.code]))


class Compose(ChangeView):
    """A demonstration notice; the other kinds are composed by the processes that they belong to."""

    access = bureau
    template_name = "publicity/publisher/compose.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(form=ComposeForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = ComposeForm(request.POST)
        if not form.is_valid() or self.actor.organisation is None:
            return self.page(form=form)
        entered, policy = form.cleaned_data, policy_in_force(clock.day_of(self.at))
        notice = posting.compose(
            kind=NoticeKind.DEMONSTRATION,
            title=entered["title"],
            text=entered["text"],
            contact=entered["contact"],
            publisher=self.actor.organisation,
            lines=[Shown(content) for content in entered["lines"]],
            workdays=policy.number("publicity.min_workdays"),
            policy_code=policy.code,
            by=self.actor,
            at=self.at,
        )
        return HttpResponseRedirect(reverse("publicity:own_notice", args=[notice.code]))


class NoticeStep(OwnNotice, StepView):
    template_name = "publicity/publisher/step.html"

    def next_address(self) -> str:
        return reverse("publicity:own_notice", args=[self.subject.code])


class Post(NoticeStep):
    step = "post"
    done_message = _("公示已发布。")

    def act(self, form: Form) -> Any:
        return posting.post(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Withdraw(NoticeStep):
    step = "withdraw"
    form_class = ReasonForm
    done_message = _("公示已撤回。更正后须重新发布并重新计算公示期。")

    def act(self, form: Form) -> Any:
        reason = form.cleaned_data["reason"]
        return posting.withdraw(self.subject, reason=reason, by=self.actor, at=self.at, key=key_of(self.request))
