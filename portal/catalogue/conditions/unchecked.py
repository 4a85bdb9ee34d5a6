"""What counts for now although nobody has checked it: the agency looks at it, nothing is blocked (R-059, R-068, A-46)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.catalogue.conditions.case import Case
from portal.catalogue.conditions.lines import Line
from portal.catalogue.conditions.walking import titles_in
from portal.catalogue.enums import EDUCATION_RANK, Verdict


def unchecked_lines(case: Case) -> Iterator[Line]:
    """Yield a warning for each kind of fact that stands on the person's word alone."""
    held = [each for each in case.candidate.education or () if each.level and each.is_held_on(case.day)]
    highest = max((EDUCATION_RANK[each.level] for each in held if each.level), default=0)
    if held and not any(each.is_verified and each.level and EDUCATION_RANK[each.level] == highest for each in held):
        text = _("最高学历或者学位未能自动核验，请上传证书，由评审服务机构核验。")
        yield case.line("education_unchecked", Verdict.WARNING, text, "R-059", field="education")
    open_titles = [each for each in titles_in(case.candidate, case.series, case.day) if each.is_recognised is None]
    if any(not title.is_mapped for title in open_titles):
        text = _("已取得的职称尚未与证书数据核对，请上传证书，由评审服务机构核验。")
        yield case.line("title_unchecked", Verdict.WARNING, text, "R-068", field="titles")
    if any(title.is_mapped for title in open_titles):
        text = _("职业资格对应职称须同时符合相应学历和年限条件，由评审服务机构核验。")
        yield case.line("mapping_unchecked", Verdict.WARNING, text, "R-256", field="titles")
