"""A person's own files with their receipts, and the one door through which any file leaves."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.accounts.rules import acts_personally, logged_in
from portal.documents import offers, queries, reading, removing
from portal.documents.enums import MEDIA_TYPES, PAPERS, Kind
from portal.documents.forms import HandInForm
from portal.documents.purposes import PERSONAL
from portal.documents.rules import is_own
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal

A_PAGE = 20


class MineView(ChangeView):
    """Lists the person's own files and takes in a new one."""

    access = acts_personally
    template_name = "documents/mine.html"

    def get(self, request, *args, **kwargs):
        return self.show(HandInForm())

    def post(self, request, *args, **kwargs):
        form = HandInForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            file = offers.take(form.cleaned_data["file"], purpose=PERSONAL, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("文件已收到，请核对回执。"))
        return HttpResponseRedirect(reverse("documents:receipt", args=[file.code]))

    def show(self, form):
        files = Paginator(queries.own_files(self.actor, PERSONAL), A_PAGE)
        return self.page(form=form, files=files.get_page(self.request.GET.get("page")))


class OwnFile(SubjectMixin):
    """A page about one file of the actor's own that its purpose lets them read: not every member reads all of an organisation's."""

    access = logged_in

    def find(self, code):
        file = reading.readable(code, self.actor)
        if file is None or not is_own(self.actor, file):
            raise Http404
        return file


class ReceiptView(OwnFile):
    """Proves what was received: SHA-256, size, time, kind."""

    template_name = "documents/receipt.html"

    def get(self, request, *args, **kwargs):
        return self.page(file=self.subject)


class RemoveView(OwnFile, ChangeView):
    """Asks, then removes a file that nothing needs."""

    template_name = "documents/remove.html"

    def get(self, request, *args, **kwargs):
        return self.page(file=self.subject)

    def post(self, request, *args, **kwargs):
        try:
            removing.remove(self.subject, by=self.actor, at=self.at)
        except Refusal as refusal:
            return self.page(file=self.subject, reasons=refusal.reasons)
        messages.success(request, _("文件已删除。"))
        return HttpResponseRedirect(reverse("documents:mine"))


class DownloadView(PortalView):
    """Hands out a file to whoever its purpose lets read it; always as an attachment, never interpreted, never cached."""

    access = logged_in
    http_method_names = ["get"]
    template_name = "documents/not_viewable.html"
    policy = "default-src 'none'; sandbox"

    def get(self, request, code, *args, **kwargs):
        file = reading.readable(code, self.actor)
        if file is None:
            raise Http404
        try:
            content = reading.open_for(file, by=self.actor, at=self.at)
        except Refusal as refusal:
            return self.page(file=file, reasons=refusal.reasons, status=409)
        name, media = reading.name_for(file, self.actor), MEDIA_TYPES[Kind(file.kind)]
        response = FileResponse(content, as_attachment=self.is_saved(file), filename=name, content_type=media)
        response["Content-Length"] = file.size
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = self.policy
        return response

    def is_saved(self, file):
        return True


@method_decorator(csp_replace({"frame-ancestors": ["'self'"]}), name="dispatch")
class BesideView(DownloadView):
    """The same file beside a page of the portal's own: papers are drawn by the browser, anything else is saved.

    What is drawn may load nothing and stands in no page of others; scripts were taken out of papers when they came in.
    """

    policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"

    def get(self, request, code, *args, **kwargs):
        response = super().get(request, code, *args, **kwargs)
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def is_saved(self, file):
        return file.kind not in PAPERS
