"""The agency's queue as the API takes and shows it: counted, given to clerks, taken out as a sheet, and as one likes it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.accounts.districts import District
from portal.catalogue.enums import LevelKey
from portal.documents.enums import SheetStage
from portal.http.bodies import Body, Text, YesNo
from portal.http.schema import ReasonSerializer
from review.domain.allotting import MOST
from review.domain.queueing import Load, Wanted
from review.enums.queueing import LONGEST_NAME, LONGEST_NOTE, Held, Order, Tab
from review.interfaces.columns import COLUMNS
from review.models import Allotment, AllottedFile, QueueExport, SavedFilter

MOST_CLERKS = 100
LONGEST_CHOICE = 20


class AllotSerializer(Body):
    """Which files, and to whom; several clerks get the same number."""

    codes = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=MOST)
    to = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=MOST_CLERKS)
    note = Text(max_length=LONGEST_NOTE, required=False, default="", allow_blank=True)


class AllottedFileSerializer(serializers.ModelSerializer[AllottedFile]):
    """One file: given, refused with reasons, or still waiting."""

    code = serializers.CharField(source="review.code")
    to = serializers.CharField(source="to.code")
    done = serializers.BooleanField(source="is_done")
    reasons = ReasonSerializer(many=True)

    class Meta:
        model = AllottedFile
        fields = ("code", "to", "done", "handled_at", "reasons")


class AllotmentSerializer(serializers.ModelSerializer[Allotment]):
    """What was asked, and what became of each file; ``finished_at`` is empty while it goes on in the background."""

    files = AllottedFileSerializer(many=True)

    class Meta:
        model = Allotment
        fields: Any = ("code", "asked_at", "note", "finished_at", "files")


def _choice(label: Any, choices: Any) -> Any:
    return serializers.ChoiceField(choices, required=False, help_text=label)


def _code(label: Any) -> Any:
    return Text(max_length=LONGEST_CHOICE, required=False, help_text=label)


class NarrowingSerializer(Body):
    """The choices of the list, by the same names; what is left out narrows nothing."""

    state = _choice(_("状态；不填为 open，即全部待办理。"), Tab.choices)
    committee = _code(_("评审委员会编号。"))
    level = _choice(_("级别"), LevelKey.choices)
    series = _code(_("系列代码，两位数字。"))
    assignee = _code(_("人员编号；me 为本人，none 为未分配，any 为已分配。"))
    district = _choice(_("单位所在区"), District.choices)
    due_by = serializers.DateField(required=False, help_text=_("首次审核截止日期，含当日。"))
    hold = _choice(_("暂停情形"), Held.choices)
    number = _code(_("申报编号"))
    order = _choice(_("排序；不填为 due。"), Order.choices)


def _columns(**how: Any) -> Any:
    known = [(key, column.label) for key, column in COLUMNS.items()]
    return serializers.ListField(child=serializers.ChoiceField(known), **how)


class AskForSheetSerializer(Body):
    """What the sheet holds; without ``columns`` those that the person sees on the page."""

    filter = NarrowingSerializer(required=False)
    columns = _columns(required=False, allow_empty=False)

    @property
    def wanted(self) -> Wanted:
        """What the list is narrowed by."""
        return Wanted(**self.validated_data.get("filter", {}))


class QueueExportSerializer(serializers.ModelSerializer[QueueExport]):
    """A sheet of the queue; ``file`` is fetched at ``address`` while the stage is ``ready``, by who asked for it alone."""

    filter: Any = serializers.DictField(source="criteria", child=serializers.CharField())
    columns = serializers.ListField(source="keys", child=serializers.CharField())
    stage = serializers.ChoiceField(SheetStage.choices)
    stage_label = serializers.CharField(source="stage.label")
    file = serializers.CharField(source="file.code", allow_null=True, default=None)
    address = serializers.SerializerMethodField()

    class Meta:
        model = QueueExport
        fields: Any = (
            "code",
            "asked_at",
            "filter",
            "columns",
            "stage",
            "stage_label",
            "finished_at",
            "rows",
            "file",
            "address",
        )

    def get_address(self, export: QueueExport) -> str | None:
        """Return where the file is fetched, as long as there is one."""
        return reverse("documents:download", args=[export.file.code]) if export.file else None


class SavedFilterSerializer(serializers.ModelSerializer[SavedFilter]):
    """A filter under its name; the queue's page opens with the one that is the default."""

    filter: Any = serializers.DictField(source="criteria", child=serializers.CharField())

    class Meta:
        model = SavedFilter
        fields: Any = ("code", "name", "filter", "is_default")


class SaveFilterSerializer(Body):
    """A filter to keep; it takes the place of one of the same name."""

    name = Text(max_length=LONGEST_NAME)
    filter = NarrowingSerializer(required=False)
    is_default = YesNo(required=False, default=False)

    @property
    def wanted(self) -> Wanted:
        """What the filter narrows the list by."""
        return Wanted(**self.validated_data.get("filter", {}))


class ChangeFilterSerializer(Body):
    """Another name, or whether the page opens with it; what is left out stays."""

    name = Text(max_length=LONGEST_NAME, required=False)
    is_default = YesNo(required=False)


class QueueColumnSerializer(serializers.Serializer[Any]):
    """One column that there is, and whether the person sees it."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    is_chosen = serializers.BooleanField()


class ChooseColumnsSerializer(Body):
    """The columns to be seen; the name of who applied always is."""

    columns = _columns()


class LoadSerializer(serializers.Serializer[Any]):
    """How much lies with a committee, with a clerk, or with nobody (``code`` empty); what is decided is not counted."""

    code = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    waiting = serializers.IntegerField()
    checking = serializers.IntegerField(source="mine")
    proposed = serializers.IntegerField()
    returned = serializers.IntegerField()
    overdue = serializers.IntegerField()
    total = serializers.IntegerField()

    def get_code(self, load: Load) -> str | None:
        """Return the code of the committee or the person."""
        return load.owner.code if load.owner else None

    def get_name(self, load: Load) -> str | None:
        """Return the name of the committee or the person."""
        return str(load.owner) if load.owner else None


class OverviewSerializer(serializers.Serializer[Any]):
    """The same files twice: by committee, and by clerk."""

    committees = LoadSerializer(many=True)
    clerks = LoadSerializer(many=True)
