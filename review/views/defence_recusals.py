"""The agency's desk: who of a panel keeps out of one person's case, and names found in the person's works."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy

from portal.accounts.models import Person
from review.domain import recusing
from review.interfaces.defence_forms import JudgeForm, OrderRecusalForm
from review.models import NameMatch
from review.views.defence_file import DefenceForm


class OrderRecusal(DefenceForm):
    heading = gettext_lazy("责成专家回避")
    rule = "A-48"

    def form(self, *data: Any) -> OrderRecusalForm:
        one = self.subject
        sitting = one.slot.sittings.values("expert") if one.slot else []
        experts = Person.objects.filter(pk__in=sitting)
        return OrderRecusalForm(*data, experts=experts.order_by("pk"))

    def act(self, form: OrderRecusalForm) -> None:
        recusing.order(self.subject, **form.cleaned_data, by=self.actor, at=self.at)


class JudgeMatch(DefenceForm):
    template_name = "review/defence/match.html"
    heading = gettext_lazy("核对同名")
    rule = "A-48"

    @property
    def match(self) -> NameMatch:
        """The name that the address names; raises Http404."""
        rows = self.subject.application.name_matches.select_related("expert", "application")
        found: NameMatch | None = rows.filter(code=self.kwargs["match"]).first()
        if found is None:
            raise Http404
        return found

    def form(self, *data: Any) -> JudgeForm:
        return JudgeForm(*data)

    def act(self, form: JudgeForm) -> None:
        told = form.cleaned_data
        is_related = told["is_related"] == "yes"
        recusing.judge(self.match, is_related=is_related, remark=told["remark"], by=self.actor, at=self.at)

    def show(self, form: Any) -> Any:
        return self.page(form=form, match=self.match, defence=self.subject, cancel_address=self.cancel_address())
