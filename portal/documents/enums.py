"""Kinds of files and the states of a kept file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a file is by its content; the only kinds that the portal takes."""

    PDF = "pdf", _("PDF 文档")
    JPEG = "jpeg", _("JPEG 图片")
    PNG = "png", _("PNG 图片")
    DOCX = "docx", _("Word 文档（.docx）")
    XLSX = "xlsx", _("Excel 表格（.xlsx）")


class State(models.TextChoices):
    """How far the search for viruses is; only a clean file is ever shown."""

    RECEIVED = "received", _("等待安全检查")
    CLEAN = "clean", _("安全检查通过")
    INFECTED = "infected", _("发现病毒")
    UNSCANNABLE = "unscannable", _("无法完成安全检查")


MEDIA_TYPES: dict[Kind, str] = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXTENSIONS: dict[Kind, str] = {
    Kind.PDF: ".pdf",
    Kind.JPEG: ".jpg",
    Kind.PNG: ".png",
    Kind.DOCX: ".docx",
    Kind.XLSX: ".xlsx",
}
TONES = {State.RECEIVED: "running", State.CLEAN: "good", State.INFECTED: "bad", State.UNSCANNABLE: "bad"}
PAPERS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})
EVERY_KIND = frozenset(Kind)


class SheetStage(models.TextChoices):
    """How far a sheet that a worker writes is: being written, to be fetched, deleted again, or given up."""

    WAITING = "waiting", _("正在生成")
    READY = "ready", _("可以下载")
    GONE = "gone", _("已过保留期并删除")
    FAILED = "failed", _("未能生成")
