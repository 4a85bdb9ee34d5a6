"""A short guide for each desk: what is done there, in order, on which rule, and how it looks.

The pictures are taken by ``tests/browser/test_whole_life.py`` and lie in ``static/img/guides/``.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import ASSOCIATION_STAFF, EMPLOYER_STAFF, Role
from portal.accounts.rules import acts_personally, agency, bureau, holds


@dataclass(frozen=True)
class Step:
    """One thing that is done at a desk; ``picture`` names the screen that shows it, ``page`` the address where it is done."""

    heading: str | Promise
    text: str | Promise
    rules: str
    page: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Guide:
    """What one kind of people does; ``who`` are those whose own desk leads to it."""

    slug: str
    desk: str | Promise
    readers: str | Promise
    who: Predicate | None
    steps: tuple[Step, ...]


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
                "有人提出异议时，只暂停所涉及的人员，其他人继续。核查结论分为不成立、可更正、影响申报、涉嫌弄虚作假四种，都要写明核查情况。"
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

AGENCY = Guide(
    "agency",
    _("评审服务机构"),
    _("评审服务机构的经办人和负责人"),
    agency,
    (
        Step(
            _("领取和分派材料"),
            _("「申报材料审核」按评委会、级别、期限筛选，可以保存常用筛选、批量分派、导出表格。逾期的有标记。"),
            "R-090,R-097",
            "review:queue",
            "agency-queue",
        ),
        Step(
            _("逐项审核"),
            _(
                "审核清单来自评委会的通知公告，每一项旁边就是对应的证明材料和自动核对的结果。经办人提出意见，由另一人复核。"
            ),
            "R-090,R-011",
            "review:queue",
            "agency-checklist",
        ),
        Step(
            _("一次告知、一次退回"),
            _("需要补正的，把全部问题一次列明；第二次退回须经市人力资源社会保障局同意。"),
            "R-091,A-09",
            "review:queue",
        ),
        Step(
            _("收费和对账"),
            _("审核通过即生成缴费单。每日与缴费渠道对账，有差异的逐笔列出；退费由两人办理。"),
            "R-100,R-101,A-10",
            "review:fees",
        ),
        Step(
            _("安排答辩"),
            _("设定时间、地点和专家组，平台排出每人的时间并通知本人。专家看到的材料没有姓名和单位。"),
            "R-105,R-107,R-116",
            "review:defence_rounds",
            "agency-defence-round",
        ),
        Step(
            _("组织评审会议"),
            _("评委会备案有效才能开会。专家从库中随机抽取，任何人都能重算；会议上签到、回避、表决、计票都有记录。"),
            "R-111,R-112,R-115,R-116",
            "review:sessions",
            "agency-session",
        ),
        Step(
            _("报送验收"),
            _("会议记录签字后，附工作报告报市人力资源社会保障局验收。"),
            "R-120",
            "review:acceptances",
        ),
    ),
)

EXPERT = Guide(
    "expert",
    _("评审专家"),
    _("答辩专家、评审委员会委员、主任委员和监督委员"),
    holds(Role.EXPERT, Role.COMMISSIONER),
    (
        Step(
            _("接受邀请、承诺、回避"),
            _("收到邀请后签署保密和回避承诺。与申报人有亲属、同单位、合作、师生等关系的应当回避，平台也会自动核对。"),
            "A-48",
            "review:own_experts",
        ),
        Step(
            _("答辩评议"),
            _("材料只有编号。边听边打分、写意见，自动保存；交出之后不能再改，其他专家的意见在交出以前看不到。"),
            "R-105,R-116",
            "review:panel_desk",
            "expert-panel",
        ),
        Step(
            _("开会和表决"),
            _(
                "签到后跟随主持人的进度，屏幕自动更新。表决选择同意、反对或者弃权，一人一票，投出后不能更改，任何人都不能知道您投了什么。"
            ),
            "R-111,R-112,A-02",
            "review:sessions",
            "session-outcome",
        ),
        Step(
            _("主持会议"),
            _(
                "主任委员宣布开会、逐人提请评议、开启和结束表决、宣布结果、签署会议记录。出席人数不足时不能开会，也不能表决。"
            ),
            "R-114,A-03",
            "review:sessions",
            "session-chair",
        ),
        Step(
            _("现场监督"),
            _("监督委员没有表决权，可以随时写下意见、要求暂停；会议记录须有监督意见才能签署。"),
            "R-115,A-47",
            "review:sessions",
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

GUIDES: dict[str, Guide] = {one.slug: one for one in (APPLICANT, EMPLOYER, AGENCY, EXPERT, BUREAU, PUBLIC)}


def guides_for(actor: Actor) -> list[Guide]:
    """Return the guides to the desks at which ``actor`` works."""
    return [one for one in GUIDES.values() if one.who is not None and one.who.test(actor)]
