"""Figures and lists as programs read them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.cockpit.tables import Column, Row, Table


class ScopeQuery(serializers.Serializer[Any]):
    """What figures are narrowed by."""

    year = serializers.CharField(required=False, help_text=_("评审年度；all 为全部，不填为当前年度。"))
    series = serializers.CharField(required=False, help_text=_("系列代码，两位数字。"))
    level = serializers.CharField(required=False, help_text=_("级别代码。"))
    district = serializers.CharField(required=False, help_text=_("单位所在区，六位代码；none 为未确定。"))
    agency = serializers.CharField(required=False, help_text=_("评审服务机构编号。"))
    mode = serializers.CharField(required=False, help_text=_("评价方式代码。"))


class ReportQuery(ScopeQuery):
    """The same, and by what groups are made."""

    by = serializers.CharField(
        required=False, help_text=_("分组：series、level、district 或者 agency，只用于申报进度。")
    )


class ListQuery(ScopeQuery):
    """The same, and what stands behind which number; cells give it whole."""

    what = serializers.CharField(help_text=_("要列出的内容，取自统计表单元格的 list。"))


class ReportSerializer(serializers.Serializer[Any]):
    """One report that can be asked for."""

    key = serializers.CharField(help_text=_("统计代码，用于地址。"))
    title: Any = serializers.CharField()
    lead = serializers.CharField(help_text=_("统计的内容。"))


class ColumnSerializer(serializers.Serializer[Any]):
    """One column of a table."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    kind = serializers.CharField(help_text=_("number 为人数或者件数，share 为0到1之间的比例，words 为文字。"))


class CellSerializer(serializers.Serializer[Any]):
    """One value with the question for the list behind it."""

    column = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text=_("数、文字，没有的为 null。"))
    list = serializers.CharField(allow_blank=True, help_text=_("查看对应清单的查询参数，没有清单的为空。"))


class RowSerializer(serializers.Serializer[Any]):
    """One row of a table."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    cells = CellSerializer(many=True)


class TableSerializer(serializers.Serializer[Any]):
    """One table: its columns, its rows, and how to read it."""

    key = serializers.CharField()
    title: Any = serializers.CharField()
    head = serializers.CharField(help_text=_("第一列的名称。"))
    note = serializers.CharField(allow_blank=True)
    columns = ColumnSerializer(many=True)
    rows = RowSerializer(many=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """A report with its tables, and when it was counted."""

    key = serializers.CharField()
    title: Any = serializers.CharField()
    counted_at = serializers.DateTimeField()
    scope = serializers.DictField(child=serializers.CharField(), help_text=_("采用的筛选条件。"))
    tables = TableSerializer(many=True)


class BehindSerializer(serializers.Serializer[Any]):
    """One of the list behind a number."""

    code = serializers.CharField()
    subject = serializers.CharField(help_text=_("申报职称、批次名称或者公示种类。"))
    detail = serializers.CharField(allow_blank=True)
    district = serializers.CharField(allow_blank=True)
    office = serializers.CharField(allow_blank=True, help_text=_("评审服务机构或者受理单位。"))
    state = serializers.CharField()
    since = serializers.DateTimeField()


def shown(table: Table) -> dict[str, Any]:
    """Return a table as ``TableSerializer`` takes it."""
    rows = [_row(row, list(zip(table.columns, row.cells, strict=True))) for row in table.rows]
    columns = [_column(column) for column in table.columns]
    return {
        "key": table.key,
        "title": table.title,
        "head": table.head,
        "note": table.note,
        "columns": columns,
        "rows": rows,
    }


def _column(column: Column) -> dict[str, Any]:
    return {"key": column.key, "label": column.label, "kind": column.kind.value}


def _row(row: Row, cells: list[Any]) -> dict[str, Any]:
    told = [{"column": column.key, "value": cell.value, "list": cell.query} for column, cell in cells]
    return {"key": row.key, "label": row.label, "cells": told}
