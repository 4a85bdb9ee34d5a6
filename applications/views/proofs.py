"""What is done with one item of the archive: proving it, objecting to a register, taking it out and putting it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from applications.domain import archiving
from applications.interfaces.forms import DisputeForm, ProofForm
from applications.views.archive import ItemChange, OwnItem
from portal.http.views import ChangeView


class Prove(ItemChange):
    """A file for the claim that it proves."""

    template_name = "applications/archive/prove.html"
    form_class = ProofForm

    def act(self, **facts: Any) -> None:
        archiving.prove(self.subject, facts["file"], label=facts["label"], by=self.actor, at=self.at)
        messages.success(self.request, _("证明材料已上传。"))


class Dispute(ItemChange):
    """Saying that what a register gave is not right."""

    template_name = "applications/archive/dispute.html"
    form_class = DisputeForm

    def initial(self) -> dict[str, Any]:
        return {"reason": self.subject.dispute}

    def act(self, **facts: Any) -> None:
        archiving.dispute(self.subject, facts["reason"], by=self.actor, at=self.at)
        messages.success(self.request, _("已保存说明，请上传证明材料。") if facts["reason"] else _("已撤回说明。"))


class Remove(OwnItem, ChangeView):
    """Takes an item out, with the way back beside it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        archiving.remove_item(self.subject, by=self.actor, at=self.at)
        return HttpResponseRedirect(self.list_address(self.subject.kind, removed=self.subject.code))


class PutBack(OwnItem, ChangeView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        archiving.put_back(self.subject, by=self.actor, at=self.at)
        messages.success(request, _("已放回业绩档案。"))
        return HttpResponseRedirect(self.list_address(self.subject.kind))


class DropProof(OwnItem, ChangeView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str, proof: str) -> HttpResponseBase:
        found = self.subject.evidence.filter(code=proof).select_related("item", "file").first()
        if found is None:
            raise Http404
        archiving.drop_proof(found, by=self.actor, at=self.at)
        messages.success(request, _("证明材料已移除；文件仍保存在「我的材料」中。"))
        return HttpResponseRedirect(self.item_address)
