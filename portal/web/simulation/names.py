"""Names that nobody bears: ordinary ones, two signs of family name, minorities' names with their middot, rare characters."""

from random import Random

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
TWO_SIGNS = ("欧阳", "司马", "上官", "诸葛", "尉迟", "皇甫", "令狐", "司徒")
MANS = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢建国志宏文博思远子轩一鸣泽洪启明"
WOMANS = "芳娜敏静丽艳娟霞秀兰燕玲桂英梅琳雪婷慧颖洁倩莉萍红玉云欣怡佳雨桐若溪诗涵雅雯梦瑶思琪晓岚"
# Found in the registers of every city, and missing in many a font: of the first plane, and 𠮷-like ones beyond it.
RARE = "囧喆堃犇翀淼昇珺玥晟旻彧翊赟頔嬿燊媖祎璟昱垚焱骉甯贇"
RAREST = "𠮷㛃㐱䶮𬍛𬭎𫖯𬱖"
WITH_MIDDOT = (
    "买买提·吐尔逊",
    "阿依古丽·艾山",
    "古丽娜尔·阿不都热合曼",
    "扎西·多吉",
    "卓玛·央金",
    "巴特尔·苏和",
    "乌云其木格·白音",
    "艾尼瓦尔·买合木提",
)

# So many of a thousand.
KINDS = {"middot": 12, "family name of two signs": 20, "rare": 60, "rarest": 8, "short": 135, "usual": 765}


def name_of(luck: Random, *, is_man: bool) -> str:
    """Return a name of one of the ``KINDS``, as likely as they are in a city."""
    (kind,) = luck.choices(list(KINDS), list(KINDS.values()))
    if kind == "middot":
        return luck.choice(WITH_MIDDOT)
    family = luck.choice(TWO_SIGNS if kind == "family name of two signs" else FAMILY)
    given = MANS if is_man else WOMANS
    last = {"rare": RARE, "rarest": RAREST, "short": ("",)}.get(kind, given)
    return family + luck.choice(given) + luck.choice(last)
