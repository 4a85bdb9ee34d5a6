"""What a file turned out to be, in words."""

from dataclasses import dataclass

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.domain.file_checks import FileAnswer
from portal.sealing.judgement import Stamp
from portal.sealing.judging.verdict import Verdict
from portal.shared import clock

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """One outcome: the sentence about the file, what follows from it, and its tone."""

    verdict: Words
    advice: Words
    tone: str


UNREADABLE = _("请上传从平台下载的PDF原件，不要上传照片、扫描件或者打印后另存的文件。")
KINDS = {
    Verdict.GENUINE: Kind(
        _("文件由市人力资源社会保障局签章，签章后没有改动"), _("证书现在是否有效，以下面查到的状态为准。"), "good"
    ),
    Verdict.CHANGED: Kind(
        _("文件由市人力资源社会保障局签章，但签章后被改动过，请不要采信"),
        _("签章以后有人向文件添加了内容，页面显示的可能不是签发的内容。签发的内容以下面查到的为准。"),
        "bad",
    ),
    Verdict.ALTERED: Kind(
        _("文件与签章不符，请不要采信"), _("文件带有市人力资源社会保障局的签章，但内容不是签章时的内容。"), "bad"
    ),
    Verdict.FOREIGN: Kind(
        _("文件不是市人力资源社会保障局签章"), _("签章所用的密钥不属于本局，无论文件上写着什么名称。"), "bad"
    ),
    Verdict.UNSEALED: Kind(_("文件没有电子签章"), UNREADABLE, "bad"),
    Verdict.PROTECTED: Kind(_("文件设有密码，无法读取"), UNREADABLE, "held"),
    Verdict.BROKEN: Kind(_("文件无法读取，不是PDF或者已经损坏"), UNREADABLE, "held"),
    Verdict.TOO_LARGE: Kind(_("文件过大，没有读取"), UNREADABLE, "held"),
    Verdict.TOO_COMPLEX: Kind(_("文件过于复杂，没有读完"), UNREADABLE, "held"),
}


def kind_of(found: FileAnswer) -> Kind:
    """Return the outcome for people."""
    return KINDS[found.judgement.verdict]


def sealed_when(found: FileAnswer) -> str:
    """Say when the file was sealed and who vouches for that time; empty for files that are not ours."""
    judged = found.judgement
    if judged.stamp == Stamp.TRUSTED and judged.stamped_at:
        return str(_("%(time)s，有可信时间戳证明") % {"time": localize(judged.stamped_at.astimezone(clock.BEIJING))})
    if judged.signed_at:
        return str(_("%(time)s，没有可信时间戳证明") % {"time": localize(judged.signed_at.astimezone(clock.BEIJING))})
    return ""
