"""Guides for the offices: the bureau, those beside and below it, and those who watch."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import DISTRICT_STAFF, Role
from portal.accounts.rules import bureau, holds
from portal.web.guides.guide import Guide, Step

OFFICE = Guide(
    "office",
    _("主管部门、区人社局"),
    _("区人力资源社会保障局、行业主管部门和主管部门"),
    holds(*DISTRICT_STAFF, Role.DISTRICT_LEAD, Role.INDUSTRY_OFFICER, Role.COMPETENT_OFFICER),
    (
        Step(
            _("核准本区单位"),
            _("单位登记后，由所在区人力资源社会保障局核对名称、代码和负责人，核准后单位才能审核推荐。"),
            "R-013",
            "entrance:organisations",
        ),
        Step(
            _("本单位年度安排"),
            _("负责评审的区和行业主管部门编制自己的时间安排：一人编制、一人核对，由市人力资源社会保障局公布。"),
            "R-020,A-05,A-35",
            "catalogue:own_schedules",
        ),
        Step(
            _("评委会通知公告"),
            _("申报条件、程序、时间地点和材料要求在评审开始前公布；申报人填写之前就能看到。"),
            "R-039",
            "catalogue:guides",
        ),
        Step(
            _("处理移交的异议"),
            _("用人单位应当回避或者逾期未答复的异议移交上来，由您核查并作出结论。"),
            "A-08",
            "publicity:objections",
        ),
        Step(
            _("提请诚信核查"),
            _("发现弄虚作假的线索，提请市人力资源社会保障局核查，并写明依据；您的单位记录为提请单位。"),
            "R-140,R-148",
            "integrity:open",
        ),
    ),
)

BUREAU = Guide(
    "bureau",
    _("市人力资源社会保障局"),
    _("市局经办人和负责人"),
    bureau,
    (
        Step(
            _("目录和年度安排"),
            _("编制当年目录、时间安排和政策参数。提交前平台检查时间是否可行，例如最后一天申报的人还来不来得及公示。"),
            "A-05,A-34,A-35",
            "catalogue:overview",
        ),
        Step(
            _("验收评审结果"),
            _(
                "平台从原始记录重新核对人数、回避、表决、缴费等各项，逐项列出依据。可以全部验收、部分验收、退回补充材料或者不予验收。"
            ),
            "R-120,R-121,A-23",
            "review:acceptances",
            "bureau-acceptance",
        ),
        Step(
            _("公示结果"),
            _("公示只含规定的内容，不少于5个工作日；有异议的只暂停所涉及的人员。页面中断服务的，公示相应延长。"),
            "R-122,A-07,A-08",
            "publicity:own_notices",
        ),
        Step(
            _("核发证书"),
            _("经办人提出名单，负责人签发；编号连续，证书自动制作、签章、盖时间戳并推送全国职称评审信息查询平台。"),
            "R-123,R-127,A-32",
            "certificates:orders",
            "bureau-orders",
        ),
        Step(
            _("更正、暂停、撤销、恢复"),
            _("由一人提出、另一人批准。每一次变更都进入公开的证书透明日志，不能悄悄修改或者倒签日期。"),
            "R-127,A-45",
            "certificates:changes",
        ),
        Step(
            _("诚信档案"),
            _("弄虚作假的立案、限制期限和对两个信用平台的报送，都在「诚信档案」办理。"),
            "A-13,A-14",
            "integrity:records",
        ),
        Step(
            _("复核复查答复"),
            _(
                "对机构答复不服的、机构转来的和逾期未答复的，在「复查申请办理」复核。认定程序或者事实有误的，申报恢复办理；表决程序有误的，由负责人责令重新评审。"
            ),
            "R-130,A-24",
            "redress:requests",
        ),
    ),
)

WATCH = Guide(
    "watch",
    _("审计和运行"),
    _("审计员和系统管理员"),
    holds(Role.AUDITOR, Role.SYSADMIN),
    (
        Step(
            _("每天看一次运行状况"),
            _("外部系统是否连通、哪些期限没有按时触发及其原因、消息是否积压、下一年的日历是否已录入，都在一页上。"),
            "R-147",
            "web:operations",
        ),
        Step(
            _("核对办理记录和证书透明日志"),
            _("逐条重算全部办理记录的封存值，并核对证书日志；被改动的一条会指出它的位置。结果应与另存的见证文件一致。"),
            "R-127,R-147",
            "web:operations",
        ),
        Step(
            _("从数字查到清单"),
            _("审计员可以从统计分析的数字点开清单，逐件查看办到哪一步、是否逾期。"),
            "R-006,R-147",
            "cockpit:funnel",
        ),
        Step(
            _("未送达的通知"),
            _("系统管理员查看短信和邮件为什么没有送达，排除原因后重新发送；站内消息不受影响。"),
            "R-147",
            "notifications:failures",
        ),
    ),
)
