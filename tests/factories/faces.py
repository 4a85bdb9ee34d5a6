"""Faces of certificates, as they would be frozen when a number is given."""

import dataclasses
import datetime as dt
from typing import Any

from certificates.values import Face

ORDINARY = Face(
    number="BJ2026ZC00004719",
    holder_name="秦昊钰",
    sex="男",
    birth_date=dt.date(1986, 3, 9),
    document_type="居民身份证",
    masked_document="110106********9238",
    series="经济专业人员",
    specialty="人力资源管理",
    title="高级经济师",
    level="副高级",
    mode="普通申报",
    committee="北京市经济系列高级职称评审委员会",
    passed_on=dt.date(2026, 10, 24),
    issued_on=dt.date(2026, 11, 20),
    district_limited="",
    is_restricted=False,
    check_code="K7QM2XWD",
    corrects="",
)
# As long as the tables allow each of them to be.
LONG = {
    "holder_name": "阿卜杜热合曼·买买提吐尔孙·阿不都热西提 Abdurahman Memettursun Öz",
    "document_type": "外国人永久居留身份证",
    "series": "自然科学研究人员（含农业科学、社会科学、医药卫生与工程技术基础研究）甲乙丙丁戊己",
    "specialty": "人工智能与大数据工程技术（含机器学习、自然语言处理、计算机视觉、智能控制方向）甲乙",
    "title": "正高级工艺美术师（传统工艺美术与非物质文化遗产保护传承方向）",
    "committee": (
        "北京市工程技术系列（人工智能、大数据、云计算、区块链、工业互联网、信息安全与软件工程）"
        "正高级职称评审委员会（自主评审单位联合组建之第二十一评审委员会及其分会）"
    ),
    "corrects": "BJ2026ZC00000001",
    "district_limited": "北京经济技术开发区",
    "is_restricted": True,
}
ADDRESS = "https://zhicheng.example.cn/verify#" + "8401937562" * 45
SEALED = bytes(range(72))


def face(**changes: Any) -> Face:
    return dataclasses.replace(ORDINARY, **changes)
