"""Guides for those who check, hear and vote."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.accounts.rules import agency, holds
from portal.web.guides.guide import Guide, Step

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
            _(
                "评委会备案有效才能开会。专家从库中随机抽取，本会议的人员和主管部门都能重算；会议上签到、回避、表决、计票都有记录。"
            ),
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
        Step(
            _("办理复查申请"),
            _(
                "页面列出原来的期限逐日怎样计算、何时提醒、告知过什么。参与过的人员不能办理，受理人不能决定；机构内没有其他人的，转市人力资源社会保障局。期限自收到之日起算，逾期自动转交。"
            ),
            "R-130,A-24",
            "redress:requests",
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
                "签到后跟随主持人的进度，屏幕自动更新。表决选择同意、反对或者弃权，一人一票，投出后不能更改；选择在您的设备上加密，三名监票人中须有两名共同操作，且只能开启合计数。"
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
