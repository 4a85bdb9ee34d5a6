"""The applicant's desk: own applications, the draft with what is still to do, and what the registers said."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import answering, lookups, opening, queries, submitting, todo
from applications.domain.compiling import Dossier, compile_dossier
from applications.domain.consistency import Discrepancy
from applications.domain.todo import Todo
from applications.enums import CORRECTION, EDITABLE, ENDED, ApplicationState, System
from applications.models import Application
from applications.sections import RESULT, SHEETS, SUMMARY
from applications.views import following
from applications.views.addresses import defects_of
from portal.accounts.models import Person
from portal.accounts.rules import acts_personally
from portal.deadlines import setting
from portal.http import limits
from portal.http.parts import Task
from portal.http.views import ChangeView, PortalView, SubjectMixin
from portal.shared.errors import Reason, Refusal

ASKED_AN_HOUR = 6
TONES = {
    ApplicationState.DRAFT: "action",
    ApplicationState.RETURNED: "action",
    ApplicationState.NOT_RECOMMENDED: "bad",
    ApplicationState.REJECTED: "bad",
    ApplicationState.DISQUALIFIED: "bad",
    ApplicationState.NOT_PASSED: "bad",
    ApplicationState.NOT_RECOGNISED: "bad",
    ApplicationState.CLEARED: "good",
    ApplicationState.CERTIFIED: "good",
}


class Personal(PortalView):
    """A page of a person who acts personally."""

    access = acts_personally

    @property
    def person(self) -> Person:
        """The person who acts; ``access`` lets nobody else in."""
        assert self.actor.person is not None  # noqa: S101 - see above
        return self.actor.person


class Own(Personal):
    template_name = "applications/applicant/own.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = [self.row(application) for application in queries.own_list(self.actor)]
        return self.page(rows=rows, beginning=opening.beginning_of(self.person, self.at))

    def row(self, application: Application) -> dict[str, Any]:
        """Return one application with its state in the person's words and what to do next."""
        state = ApplicationState(application.state)
        tone = TONES.get(state, "ended" if state in ENDED else "running")
        return {
            "application": application,
            "state": application.state_shown_to(self.actor),
            "tone": tone,
            "next": self.next_words(state),
        }

    def next_words(self, state: ApplicationState) -> str:
        """Return what the person does with an application in this state."""
        if state == ApplicationState.DRAFT:
            return _("继续填写")
        return _("查看补正内容并修改") if state == ApplicationState.RETURNED else _("查看进度")


class OwnApplication(Personal, SubjectMixin):
    def visible(self) -> Any:
        return queries.own(self.actor)

    def look_up(self, code: str) -> Application | None:
        return queries.own_one(self.actor, code)


class Mine(OwnApplication):
    """What is edited as a list of tasks; anything else on its way."""

    template_name = "applications/applicant/mine.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.tasks() if self.subject.state in EDITABLE else following.show(self)

    def tasks(self) -> HttpResponseBase:
        """Return what is done and what is missing, with the last day."""
        draft = self.subject
        dossier = compile_dossier(draft, at=self.at)
        lacking = todo.by_place(dossier)
        return self.page(
            application=draft,
            state=draft.state_shown_to(self.actor),
            is_returned=draft.state == ApplicationState.RETURNED,
            defects=defects_of(draft),
            tasks=[
                *(self.task(found) for found in todo.sections_of(dossier)),
                *self.association_task(dossier, lacking),
                self.registers_task(dossier, lacking),
            ],
            against_choice=lacking.get(todo.CHOICE, []),
            missing=len(dossier.reasons),
            warnings=[(one, self.place_of(one, dossier)) for one in dossier.discrepancies],
            due_at=self.due_at(),
            saved_at=dossier.gathered.saved_at,
            employer=dossier.gathered.association or dossier.gathered.insured,
            is_freelance=dossier.gathered.is_freelance,
        )

    def due_at(self) -> dt.datetime | None:
        """Return until when a draft can be submitted, or a correction made; None while its clock stands still."""
        if self.subject.state == ApplicationState.DRAFT:
            return submitting.window_closes_at(self.subject)
        correction = setting.waiting(CORRECTION, self.subject)
        return correction.due_at if correction else None

    def task(self, found: Todo) -> Task:
        """Return one section as a task."""
        section, code = found.section, self.subject.code
        if section.is_sheet:
            address = reverse("applications:sheet", args=[code, section.key])
        elif section is RESULT:
            address = reverse("applications:works", args=[code])
        else:
            address = f"{reverse('applications:archive')}?kind={section.key}&for={code}"
        name = _("业绩成果与代表性成果") if section is RESULT else section.name
        if found.reasons and found.is_begun:
            status, tone = _("还缺%(n)s项") % {"n": len(found.reasons)}, "action"
        elif found.is_begun:
            status, tone = _("已完成"), ""
        elif found.reasons:
            status, tone = _("未填写"), "waiting"
        else:
            status, tone = _("未填写（选填）"), "neutral"
        return Task(name, status, address, section.hint, tone)

    def association_task(self, dossier: Dossier, lacking: dict[str, Any]) -> list[Task]:
        """Return who recommends as a task, for those whom no employer insures."""
        gathered, reasons = dossier.gathered, lacking.get(todo.ASSOCIATION, [])
        if gathered.insured is not None and not gathered.is_freelance:
            return []
        address, name = reverse("applications:association", args=[self.subject.code]), _("协会推荐")
        hint = _("没有由单位参保的自由职业者，由认可的协会、学会推荐。")
        if not gathered.is_freelance:
            return [Task(name, _("未选择"), address, hint, "neutral")]
        if reasons:
            return [Task(name, _("还缺%(n)s项") % {"n": len(reasons)}, address, hint, "action")]
        return [Task(name, _("已完成"), address, hint)]

    def registers_task(self, dossier: Dossier, lacking: dict[str, Any]) -> Task:
        """Return the registers' answers as a task."""
        address = reverse("applications:registers", args=[self.subject.code])
        name, reasons = _("数据核验"), lacking.get(todo.REGISTERS, [])
        if answering.is_waiting(dossier.gathered.lookups):
            return Task(name, _("查询中"), address, tone="running")
        if reasons:
            return Task(name, _("还缺%(n)s项") % {"n": len(reasons)}, address, tone="action")
        return Task(name, _("已完成"), address)

    def place_of(self, found: Discrepancy, dossier: Dossier) -> str:
        """Return where a discrepancy is put right: its item, its sheet, the registers, or the person's explanation."""
        items = {item.code: item for item in dossier.gathered.items}
        if found.about in items:
            return f"{reverse('applications:item', args=[found.about])}?for={self.subject.code}"
        if found.about in System.values:
            return reverse("applications:registers", args=[self.subject.code])
        kind = found.about if found.about in {section.key for section in SHEETS} else SUMMARY.key
        return reverse("applications:sheet", args=[self.subject.code, kind])


class Registers(OwnApplication, ChangeView):
    """What the registers said, when and from where; asking them again."""

    template_name = "applications/applicant/registers.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show([])

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            ask_again(self)
        except Refusal as refusal:
            return self.show(refusal.reasons)
        return HttpResponseRedirect(reverse("applications:registers", args=[code]))

    def show(self, refused: Sequence[Reason]) -> HttpResponseBase:
        """Return the page, with the reasons for which asking again was refused."""
        known = lookups.latest(self.person)
        return self.page(
            application=self.subject,
            told=answering.told(known),
            is_waiting=answering.is_waiting(known),
            refused=refused,
        )


class Waiting(Personal):
    """Whether registers still have to answer, for the script that waits."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return JsonResponse({"waiting": answering.is_waiting(lookups.latest(self.person))})


def ask_again(view: Personal) -> None:
    """Have every register asked anew about the person; raises Refusal beyond some times an hour."""
    person = view.person
    limits.count_against(view.request, f"lookups:{person.code}", per_hour=ASKED_AN_HOUR)
    lookups.ask(person, at=view.at, again=True)
    messages.success(view.request, _("已重新查询，结果返回后本页会提示。"))
