"""Guides for those who come to the portal from outside."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ASSOCIATION_STAFF, EMPLOYER_STAFF
from portal.accounts.rules import acts_personally, holds
from portal.web.guides.guide import Guide, Step

APPLICANT = Guide(
    "applicant",
    _("个人办事"),
    _("申报职称的专业技术人员"),
    acts_personally,
    (
        Step(
            _("选择专业，先看能不能报"),
            _(
                "在「我的申报」选择系列、专业、级别和评委会。填写之前，平台逐项列出是否符合条件、还缺什么、依据哪条规则。"
            ),
            "R-057,A-30",
            "applications:own",
            "applicant-eligibility",
        ),
        Step(
            _("按任务清单填写"),
            _(
                "清单列出还要填什么。每填一项自动保存，可以随时离开、换一台电脑接着填；业绩档案中已有的内容可以直接选用。"
            ),
            "R-009,R-065",
            "applications:own",
            "applicant-task-list",
        ),
        Step(
            _("核对、承诺、提交"),
            _("提交前在一页上核对全部内容，作出诚信承诺。申报期最后一日24:00以前提交有效，以平台收到请求的时刻为准。"),
            "R-063,R-064,A-33",
            "applications:own",
            "applicant-check-answers",
        ),
        Step(
            _("随时看进度"),
            _("进度页写明材料在谁手里、从何时起、到何时止、下一步是什么。申报期内、单位发布公示之前可以取回修改。"),
            "R-069,R-070",
            "applications:own",
            "applicant-submitted",
        ),
        Step(
            _("退回补正"),
            _(
                "机构只退回一次，一次告知全部问题，每个问题都通向要修改的地方。改好后先由单位复核再提交；逾期未补正视为放弃。"
            ),
            "R-091,R-093,R-078",
            "applications:own",
        ),
        Step(
            _("缴费和答辩"),
            _(
                "审核通过后按通知的日期网上缴费。中级、高级须现场答辩，凭答辩通知上的签到码签到；有正当理由的可以申请改期一次。"
            ),
            "R-100,R-102,R-105,A-27",
            "applications:own",
        ),
        Step(
            _("下载证书"),
            _("结果公示期满无异议后核发电子证书。在「本人证书查询」下载证书和结果通知书，还能看到证书何时被查验过。"),
            "R-122,R-124,R-125",
            "certificates:own",
            "applicant-certificate",
        ),
    ),
)

EMPLOYER = Guide(
    "employer",
    _("法人办事"),
    _("参保单位的经办人和负责人，推荐自由职业者的协会、学会"),
    holds(*EMPLOYER_STAFF, *ASSOCIATION_STAFF),
    (
        Step(
            _("受理本单位人员的申报"),
            _(
                "「审核推荐」只列出由本单位参保的人员。先受理，再逐项核对材料；窗口期内可以退回修改，不推荐的须写明理由。"
            ),
            "R-070,R-071",
            "applications:queue",
            "employer-queue",
        ),
        Step(
            _("单位内部公示"),
            _("公示内容由平台按规定的范围生成，发布之前就写明哪天结束。时间不够的不能发布，并告知最晚应在哪天发布。"),
            "R-072,A-05,A-34",
            "applications:queue",
            "employer-notice",
        ),
        Step(
            _("处理异议"),
            _(
                "有人提出异议时，只暂停所涉及的人员，其他人继续。核查结论分为不成立、可更正、影响申报三种，都要写明核查情况；怀疑弄虚作假的，另行勾选。"
            ),
            "A-08",
            "publicity:objections",
        ),
        Step(
            _("负责人推荐"),
            _("公示期满无异议，由负责人填写推荐意见和考核结果，对真实性作出说明后提交机构。多人可以一并办理。"),
            "R-073,R-074,R-075,R-076",
            "applications:queue",
            "employer-recommendation",
        ),
        Step(
            _("补正后复核"),
            _("申报人改好材料后，平台列出前后差别；公示过的内容有变化才重新公示。"),
            "R-078",
            "applications:queue",
        ),
    ),
)

PUBLIC = Guide(
    "public",
    _("社会公众"),
    _("任何人，不需要登录"),
    None,
    (
        Step(
            _("查看公示、提出异议"),
            _("公示期内任何人都可以对其中一人提出异议。实名、匿名均可；实名的会得到答复。"),
            "R-072,R-122,A-08",
            "publicity:board",
            "public-notice",
        ),
        Step(
            _("查验证书"),
            _("扫描证书上的二维码，或者填写编号和姓名；也可以上传证书文件，看它是否由本平台签发、有没有被改动。"),
            "R-126",
            "certificates:check",
            "public-check",
        ),
        Step(
            _("核对证书透明日志"),
            _("全部证书的核发、更正和撤销都在公开日志中，任何人可以用公布的程序验证它没有被倒签或者删改。"),
            "R-127",
            "certificates:log",
        ),
    ),
)
