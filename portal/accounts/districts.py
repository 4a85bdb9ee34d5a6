"""The sixteen districts of Beijing and the Economic-Technological Development Area, and their human-resources offices.

The development area counts as a district; its Social Affairs Bureau is its office (R-002).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class District(models.TextChoices):
    """Districts by their six-digit code (GB/T 2260); the development area has none and takes a code of the portal's own."""

    DONGCHENG = "110101", _("东城区")
    XICHENG = "110102", _("西城区")
    CHAOYANG = "110105", _("朝阳区")
    FENGTAI = "110106", _("丰台区")
    SHIJINGSHAN = "110107", _("石景山区")
    HAIDIAN = "110108", _("海淀区")
    MENTOUGOU = "110109", _("门头沟区")
    FANGSHAN = "110111", _("房山区")
    TONGZHOU = "110112", _("通州区")
    SHUNYI = "110113", _("顺义区")
    CHANGPING = "110114", _("昌平区")
    DAXING = "110115", _("大兴区")
    HUAIROU = "110116", _("怀柔区")
    PINGGU = "110117", _("平谷区")
    MIYUN = "110118", _("密云区")
    YANQING = "110119", _("延庆区")
    DEVELOPMENT_AREA = "BDA", _("北京经济技术开发区")


# Names of organisations are data, not words of the interface: they are not translated.
OFFICES: dict[District, str] = {
    District.DONGCHENG: "北京市东城区人力资源和社会保障局",
    District.XICHENG: "北京市西城区人力资源和社会保障局",
    District.CHAOYANG: "北京市朝阳区人力资源和社会保障局",
    District.FENGTAI: "北京市丰台区人力资源和社会保障局",
    District.SHIJINGSHAN: "北京市石景山区人力资源和社会保障局",
    District.HAIDIAN: "北京市海淀区人力资源和社会保障局",
    District.MENTOUGOU: "北京市门头沟区人力资源和社会保障局",
    District.FANGSHAN: "北京市房山区人力资源和社会保障局",
    District.TONGZHOU: "北京市通州区人力资源和社会保障局",
    District.SHUNYI: "北京市顺义区人力资源和社会保障局",
    District.CHANGPING: "北京市昌平区人力资源和社会保障局",
    District.DAXING: "北京市大兴区人力资源和社会保障局",
    District.HUAIROU: "北京市怀柔区人力资源和社会保障局",
    District.PINGGU: "北京市平谷区人力资源和社会保障局",
    District.MIYUN: "北京市密云区人力资源和社会保障局",
    District.YANQING: "北京市延庆区人力资源和社会保障局",
    District.DEVELOPMENT_AREA: "北京经济技术开发区社会事业局",
}
