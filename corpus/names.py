"""People in the lines around a report: names, and the offices that stand before or after them."""

import re

from .words import segmenter

_SPACE = r"[\s\u3000\xa0]"
_HAN = "一-鿿"
_DOT = "·•・‧∙"

OFFICE = (
    r"(?:主席|书记|主任委员|主任|总理|总经理|经理|总裁|总编辑|总编|总工程师|总会计师|总干事|首席执行官|司令员|政委"
    r"|支书|负责人|(?:理事|董事|监事|秘书|检察|审判|委员)长|[省市区县州盟旗镇乡村部厅局处科司院校会行社所馆站队组台园团师]长)"
)
"""The last word of an office; 副, 代 and the body stand before it."""

_ALONE = (
    rf"(?:[{_HAN}]{{2,4}}|[{_HAN}]{_SPACE}{{1,4}}[{_HAN}]{{1,2}}|[{_HAN}]+(?:[{_DOT}][{_HAN}]+)+)"
)

SPEAKER_LINE = re.compile(
    rf"(?P<body>[^。；！？]{{0,30}}?)(?P<office>{OFFICE}){_SPACE}+(?P<name>{_ALONE})(?:同志)?"
    r"(?:[（(][^（）()]{1,6}[）)]?)?[）)]?$"
)
"""A line that is an office and, set apart from it, a name."""

_WITHIN = rf"(?:[{_HAN}]{{2,4}}?|[{_HAN}]{{1,12}}(?:[{_DOT}][{_HAN}]{{1,12}}?)+?)"
_SPEAKER_WITHIN = re.compile(
    rf"(?:^|[{_HAN}])(?:代理|代|副)?{OFFICE}{_SPACE}*(?P<name>{_WITHIN})(?:同志)?"
    rf"(?=$|在|作|向|代表|所作|[\s）)])"
)
_SPEAKER_BEFORE_OFFICE = re.compile(
    rf"(?:[日号]|^|{_SPACE})(?P<name>[{_HAN}]{{2,3}})(?:代理|代|副)?{OFFICE}(?=在|作|向|代表|$)"
)
_SPEAKER_WITHOUT_OFFICE = re.compile(
    rf"(?:[日号]|^){_SPACE}*(?P<name>{_WITHIN})(?:同志)?(?=在.{{2,40}}(?:会议?|大会|全会)上)"
)

_ROLE = re.compile(
    r"(?:(?:本报|本刊|本网|本台|全媒体|融媒体|首席|见习|实习|特约|特派)*(?:驻[一-鿿]{2,4})?)"
    r"(?:记者|通讯员|评论员|撰稿人?|实习生|作者|报道组)[:：]?|^(?:报告人|汇报人|述职人|主讲人)[:：]?"
)
_ASIDE = re.compile(r"[（(【\[〔][^（）()【】\[\]〔〕]*[）)】\]〕]")
_AFTER = re.compile(r"(?:同志|先生|女士|教授|等)$")
_OFFICE_END = re.compile(rf"{OFFICE}$|(?:教授|研究员|工程师|院士|委员|代表|干部|职工)$")
_BODY_END = re.compile(
    r"(?:[报社网台部局会室院处科委厅组校省市县区州镇乡村]|中心|公司|大学|集团|政府|频道|支队|单位)$"
)
_OTHER_WORD = re.compile(
    r"工作|同志|摄影?|供图|图文?|文图?|综合|整理|编辑|打印|关闭|分享|采写|撰[写文]|等|和|与|及"
    r"|.*(?:会议|大会|全会|座谈|讲话|报告|述职|会上|报道).*"
)
_LATIN = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.'’-]*")
_DOTTED = re.compile(
    rf"[{_HAN}]+(?:[{_DOT}．][{_HAN}]+)+|[A-Z](?:\.?[A-Z])*[{_DOT}.](?:[{_HAN}]+[{_DOT}]?)+(?<![{_DOT}])"
)

# Characters with which names of Mongolian, Tibetan, Uyghur, Kazakh and foreign people are written:
# of these alone a name may be longer than four characters without a dot.
_SOUNDS = frozenset(
    "阿艾安奥巴拔白班贝本比毕边彬波伯博布才策查朝次达代丹旦德登地迪顿多俄额恩尔凡夫甫嘎冈高戈格贡古哈海汗浩合和赫"
    "洪呼吉加嘉江杰金卡开克肯库拉来兰朗勒里力丽连林龙鲁伦罗洛麻马玛买曼毛美门蒙孟米明莫牧木那娜纳奈南尼农努诺帕培平"
    "片普其齐强恰钦青琼曲却热仁日如萨色森山珊沙桑生斯苏索塔泰特提图土吐托瓦娃万旺维温沃乌西希夏晓信雅亚扬耶也伊依益"
    "音英永尤玉云泽扎召照哲珠卓孜宗尊佐不都合力提尼亚孜帕提古丽其其格巴雅尔胡毕力格"
)

# The usual surnames: enough to tell a name that stands alone from a word.
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜"
    "倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成"
    "游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全"
    "褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚"
    "佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺水云昌凤酆皮俎茅麦逄历嘉端岭闻濮寿慕佘萨幸"
) | {"欧阳", "上官", "司马", "诸葛", "皇甫", "司徒", "慕容", "尉迟", "公孙", "令狐", "东方", "夏侯"}


def speaker_in(line: str) -> str | None:
    """Who gave a report, from the line that names the office or the meeting."""
    text = line.strip("—―─-（() 　")
    if match := SPEAKER_LINE.fullmatch(text):
        return _one(match["name"])
    for pattern in (_SPEAKER_BEFORE_OFFICE, _SPEAKER_WITHIN):
        for match in pattern.finditer(text):
            if name := _one(match["name"]):
                return name
    match = _SPEAKER_WITHOUT_OFFICE.search(text)
    name = _one(match["name"]) if match else None
    return name if name and is_name_alone(name) else None


def names_in(text: str) -> tuple[str, ...]:
    """The people in a list of names; roles, offices, bodies and asides are left out.

    A name of two characters that is set with a space between them (王　勇) is put together.
    """
    words = _words(_ROLE.sub(" ", _ASIDE.sub("", text)))
    names: list[str] = []
    for word in _joined([word for word in words if not _OTHER_WORD.fullmatch(word)]):
        name = _AFTER.sub("", word)
        if _is_name(name) and name not in names:
            names.append(name)
    return tuple(names)


def is_name_alone(text: str) -> bool:
    """Whether a line is a person's name and nothing else."""
    parts = text.split()
    if len(parts) == 2 and len(parts[0]) == 1 and len(parts[1]) <= 2:
        return text[0] in _SURNAMES
    if len(parts) != 1 or not _is_name(text):
        return False
    if _DOTTED.fullmatch(text):
        return True
    surname = text[:2] if text[:2] in _SURNAMES else text[:1]
    named = surname in _SURNAMES and len(text) <= len(surname) + 2
    return named and not _BODY_END.search(text) and text not in segmenter().FREQ


def are_names(text: str) -> bool:
    """Whether a line is one or more names and nothing else."""
    words = _joined(_words(text))
    return bool(words) and all(map(is_name_alone, words))


def _one(text: str) -> str | None:
    names = names_in(text)
    return names[0] if len(names) == 1 else None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s、，,;；/／|｜&]+", text) if word]


def _joined(words: list[str]) -> list[str]:
    """Words with the characters of a spaced name, and the parts of a Latin name, put together."""
    joined: list[str] = []
    for word in words:
        before = joined[-1] if joined else ""
        if len(before) == 1 and not before.isascii() and len(word) <= 2:
            joined[-1] = before + word
        elif _LATIN.fullmatch(before.split(" ")[-1]) and _LATIN.fullmatch(word):
            joined[-1] = f"{before} {word}"
        else:
            joined.append(word)
    return joined


def _is_name(text: str) -> bool:
    if _OTHER_WORD.fullmatch(text) or _OFFICE_END.search(text):
        return False
    if _DOTTED.fullmatch(text):
        return True
    if all(_LATIN.fullmatch(word) for word in text.split(" ")):
        return len(text) > 1
    return bool(re.fullmatch(rf"[{_HAN}]{{2,10}}", text)) and (
        len(text) <= 3
        or (len(text) == 4 and not _BODY_END.search(text))
        or _SOUNDS.issuperset(text)
    )
