"""The demonstration's guides: for each committee the same illustrative standard, published before the year begins.

For demonstrations and tests only; a real committee writes its own.
"""

import datetime as dt

from portal.accounts.actors import Actor
from portal.catalogue.domain import guides
from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import Heading, Indicator
from portal.catalogue.models import Committee, Edition
from portal.workflow import carry_out

WORDS = {
    "conditions": "演示数据：按本年度申报条件执行。遵守宪法和法律，具有良好的职业道德；学历或者学位、专业工作年限和现有职称符合所申报级别的要求。",
    "procedure": "单位审核公示推荐，评审服务机构审核，高级和中级现场答辩，评审委员会会议评审，无记名投票表决。",
    "place_and_time": "答辩和评审的时间地点以机构短信通知和答辩通知书为准。",
    "materials": "申报表、个人诚信承诺、代表性成果及证明材料。学历学位和职称证书自动核验成功的，无需上传。",
}
LINES = [
    Line(Heading.CHARACTER, Indicator.ETHICS, "职业道德、学术诚信和敬业表现", is_required=True, max_score=10),
    Line(Heading.CHARACTER, Indicator.EMPLOYER_ASSESSMENT, "近三年单位考核结果和推荐意见", max_score=15),
    Line(Heading.ABILITY, Indicator.PROFESSIONAL_ABILITY, "主持或者承担本专业复杂技术工作的能力", max_score=10),
    Line(Heading.ABILITY, Indicator.TECHNICAL_LEVEL, "技术方案、标准规范、专利等体现的技术水平", max_score=10),
    Line(Heading.ABILITY, Indicator.TRAINING, "指导、培养人才和带徒传技", max_score=5),
    Line(Heading.ABILITY, Indicator.DEFENCE, "答辩评议组的评分", max_score=10),
    Line(Heading.ACHIEVEMENT, Indicator.INNOVATION, "技术创新及成果转化的实际效益", max_score=20),
    Line(Heading.ACHIEVEMENT, Indicator.ACADEMIC_INFLUENCE, "著作、论文、技术报告等代表作的质量", max_score=10),
    Line(Heading.ACHIEVEMENT, Indicator.ADVICE, "决策咨询、行业研究报告被采纳情况", max_score=5),
    Line(Heading.ACHIEVEMENT, Indicator.PUBLIC_SERVICE, "科普、公共服务和社会贡献", max_score=5),
]


def publish_guides(
    edition: Edition, *, clerk: Actor, lead: Actor, prepared_at: dt.datetime, published_at: dt.datetime
) -> None:
    """Write, check, approve and publish a guide for every committee of the edition."""
    for committee in Committee.objects.filter(edition=edition).order_by("pk"):
        guide = guides.write(committee, WORDS, LINES, by=clerk, at=prepared_at)
        guide = carry_out(guide, "verify", by=clerk, at=prepared_at)
        guide = carry_out(guide, "approve", by=lead, at=published_at)
        carry_out(guide, "publish", by=clerk, at=published_at)
