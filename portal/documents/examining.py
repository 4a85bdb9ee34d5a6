"""Having a file examined by the process that may die of it, and putting its answer into words."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.documents.enums import Kind
from portal.documents.purposes import Purpose
from portal.shared.errors import Reason, Refusal

PROGRAM = Path(__file__).with_name("examination") / "__main__.py"
SECONDS = 30

WORDS: dict[str, str | Promise] = {
    "unknown_kind": _("无法识别该文件的类型。请上传 %(kinds)s。文件类型按内容判断，修改扩展名无效。"),
    "kind_not_taken": _("该文件是 %(kind)s，此处只接受 %(kinds)s。"),
    "pdf_prefixed": _("该 PDF 文件开头有多余内容，可能在下载或转存时损坏。请重新下载或重新导出后上传。"),
    "pdf_protected": _("该 PDF 设有打开密码，无法查看。请去除密码后重新上传。"),
    "pdf_broken": _("该 PDF 已损坏，无法打开。请在电脑上确认能正常打开，或重新导出后上传。"),
    "pdf_empty": _("该 PDF 没有页面，请重新导出后上传。"),
    "too_many_pages": _("该 PDF 共 %(found)s 页，超过 %(limit)s 页的上限。请拆分后上传。"),
    "too_many_pixels": _("图片尺寸过大（超过 %(limit)s 万像素）。请缩小后上传。"),
    "image_broken": _("该图片已损坏或不完整，无法打开。请重新拍摄、扫描或导出后上传。"),
    "image_animated": _("不接受动态图片，请上传静态图片。"),
    "heic": _("该文件是 HEIC 照片（多为手机拍摄），此处不接受。请在手机上以“最兼容”格式拍摄，或转为 JPEG 后上传。"),
    "other_image": _("不接受该图片格式。请转为 JPEG、PNG 或 PDF 后上传。"),
    "old_office": _("该文件是旧版 Office 格式。请另存为 PDF 或新版格式（.docx、.xlsx）后上传。"),
    "office_protected": _("该文件设有密码，无法查看。请去除密码后重新上传。"),
    "office_other": _("不接受该 Office 文件（演示文稿、模板等）。请另存为 PDF 后上传。"),
    "ofd": _("暂不接受 OFD 文件。请用阅读软件“另存为 PDF”后上传，并妥善保存 OFD 原件备查。"),
    "archive": _("不接受压缩包。请解压后逐个上传其中的文件。"),
    "program": _("不接受程序文件。"),
    "macros": _("该文件含有宏。请另存为不含宏的文件，或转为 PDF 后上传。"),
    "embedded_objects": _("该文件嵌有其他文件或控件（%(entry)s）。请转为 PDF 后上传。"),
    "outside_links": _("该文件引用了外部内容（%(entry)s）。请转为 PDF 后上传。"),
    "commands_inside": _("该文件含有会自动执行的命令（%(entry)s）。请转为 PDF 后上传。"),
    "markup_entities": _("该文件内部结构异常（%(entry)s）。请转为 PDF 后上传。"),
    "package_broken": _("该文件已损坏，无法打开。请确认能正常打开，或转为 PDF 后上传。"),
    "package_odd_names": _("该文件内部含有异常的文件名。请重新另存后上传。"),
    "package_odd_ends": _("该文件首尾附有其他内容。请重新另存后上传。"),
    "too_many_entries": _("该文件内部结构过于复杂（超过 %(limit)s 项）。请转为 PDF 后上传。"),
    "unfolds_too_far": _("该文件解开后超过 %(limit)s MB 或压缩比例异常。请重新导出后上传。"),
    "two_kinds": _("该文件同时是另一种文件（%(second)s），存在安全风险，不予接受。请重新导出后上传。"),
    "too_complex": _("该文件过于复杂，在规定的时间和内存内无法完成检查。请拆分或重新导出后上传。"),
}


@dataclass(frozen=True)
class Finding:
    """What a file is; ``changed`` says that a harmless copy lies at the target, ``removed`` what it lost."""

    kind: Kind
    changed: bool
    removed: tuple[str, ...]


def examine(source: Path, target: Path, purpose: Purpose) -> Finding:
    """Return what ``source`` is by its content, having written the copy to show to ``target`` where it differs.

    Runs in a process of its own with little memory and time. Raises Refusal with the reason in words.
    """
    answer = _ask(source, target)
    if "refused" in answer:
        raise refused(answer["refused"], purpose, answer["detail"])
    kind = Kind(answer["kind"])
    if kind not in purpose.kinds:
        raise refused("kind_not_taken", purpose, {"kind": str(kind.label)})
    return Finding(kind=kind, changed=answer["changed"], removed=tuple(answer["removed"]))


def refused(code: str, purpose: Purpose, detail: Mapping[str, Any]) -> Refusal:
    """Return the refusal ``code`` in words, with the kinds that ``purpose`` takes."""
    text = str(WORDS[code]) % {**detail, "kinds": purpose.kinds_in_words}
    return Refusal([Reason(text, code=code, field="file")])


def _ask(source: Path, target: Path) -> dict[str, Any]:
    """Run the examination; one that dies, hangs or babbles has met a file too complex for it."""
    command = [sys.executable, "-I", str(PROGRAM), str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, paths of our own making
            command, capture_output=True, timeout=SECONDS, check=False, env={"PATH": os.defpath}, cwd=source.parent
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"refused": "too_complex", "detail": {}}
    return answer
