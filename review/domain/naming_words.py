"""Words around the names of people and companies in Chinese, by which a name is recognised in its shorter forms."""

import re

ADDRESSED = "工|总|老师|教授|博士|主任|经理|院长|所长|处长|科长|同志|先生|女士|某某|某"
LEGAL_FORM = re.compile(r"(?:股份|集团)?(?:有限责任公司|有限公司|股份公司|集团公司|总公司|分公司|公司|集团)$")
PLACE = re.compile(r"^(?:中国|北京市?)|[（(](?:北京|中国)[）)]")
TRADE = re.compile(r"(?:科技|技术|信息|电子|网络|软件|工程|建设|设计|咨询|发展|实业|控股|投资|服务|管理|材料|装备)+$")
# What is left of a name must still name somebody.
GENERIC = frozenset(
    [
        "科技",
        "技术",
        "信息",
        "电子",
        "网络",
        "软件",
        "工程",
        "建设",
        "设计",
        "研究",
        "研究院",
        "国家",
        "北京",
        "中国",
        "大学",
        "学院",
        "医院",
        "集团",
        "公司",
    ]
)
