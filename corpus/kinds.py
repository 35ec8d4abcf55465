"""Lines that are not the report's own text: bylines, source lines, salutations, captions."""

import re

from .source import Block
from .types import Kind

SHORT = 40
"""Characters of a line that may be a heading or a caption rather than a paragraph."""

_SOURCE = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|内容)?来源|转自|转载自|摘自|原载|发布(?:机构|单位|部门)|供稿(?:单位)?)\s*[:：]"
    r"|(?:发布|发表|更新|成文|发文|公开)(?:时间|日期)\s*[:：]|(?:浏览|阅读)(?:次数|量)\s*[:：]"
)
_BYLINE = re.compile(
    r"[（(【\[]?\s*[□■◎○●◆▲△]?\s*(?:"
    r"(?:本报|本刊|本网|见习|实习|特约|首席)?(?:记者|通讯员|评论员|撰稿人?)\s*[:：]?\s*(?P<names>\S.{0,40})"
    r"|(?:作者|撰稿|撰文|文|编辑|责任编辑|责编|审核|校对|编审|统筹|策划|报告人|主讲人)\s*[:：/／].{1,60}"
    r")$"
    r"|.*[一-鿿]\s*[/／](?:文|图|摄|文图|图文|摄影)[\s）)】].*$"
    r"|.{2,60}[/／](?:文|图|摄|文图|图文|摄影)[）)】]?$"
)
_SALUTATION = re.compile(
    r"(?:尊敬的|各位|同志们|朋友们|女士们|先生们|代表们|委员们)[^。；0-9]{0,40}[:：!！]$"
)
_DATE = (
    r"(?:(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"
    r"|[二一][〇○零九０]{1}[〇○零一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月"
    r"(?:[一二三四五六七八九十]{1,3}日)?"
    r"|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2})"
)
DATE = re.compile(_DATE)
_DATE_LINE = re.compile(rf"[（(]?\s*{_DATE}\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*[）)]?$")
_MEETING = re.compile(r"会议|大会|全会|代表会|座谈会|讲话|报告会|发布会|论坛|研讨会|报告|人民代表")
_OFFICE = (
    r"(?:主席|省长|市长|区长|县长|州长|盟长|镇长|乡长|主任|书记|部长|厅长|局长|处长|院长|校长|会长"
    r"|理事长|董事长|总经理|总裁|秘书长|检察长|组长|行长|社长)"
)
SPEAKER = re.compile(
    rf"(?:^|[一-鿿])(?:代理|代|副)?{_OFFICE}[\s\u3000\xa0]*(?P<name>[一-鿿·]{{2,6}}?)(?:同志)?"
    r"(?=$|在|作|向|代表|[\s）)])"
)
SPEAKER_BEFORE_OFFICE = re.compile(
    rf"(?:日|^|[\s\u3000])(?P<name>[一-鿿]{{2,3}})(?:代理|代|副)?{_OFFICE}(?=在|作|$)"
)
_SPEAKER_LINE = re.compile(
    rf".{{0,24}}{_OFFICE}[\s\u3000\xa0]+[一-鿿·]{{1,4}}(?:[\s\u3000][一-鿿])?$"
)
_CAPTION = re.compile(
    r"(?:图为|上图|下图|左图|右图|题图|配图|资料图|[（(]?资料图片|图片说明)"
    r"|[图表]\s*[\d一二三四五六七八九十]{1,3}(?:[-—.]\d+)?[\s:：]\s*\S"
    # Words of the picture, then who took it; names alone are a byline.
    r"|(?=\S{6})[^/／]{6,100}?[\s（(][一-鿿]{2,4}\s?[/／]?\s?(?:摄|摄影|图)[。）)]?$"
    r"|.{4,60}[（(](?:右|左|前排|后排|中)[一二三四五六七八九十0-9]?[）)]"
)
_ENDS = re.compile(r"[。！？!?…][”’」』）)》】\]]*$")


def kind_of_line(text: str) -> Kind | None:
    """The kind of a line whose words alone tell that it is not the report's own text."""
    if len(text) > 120:
        return None
    if _SALUTATION.match(text):
        return "salutation"
    if _SOURCE.match(text):
        return "source"
    if len(text) <= 80 and _CAPTION.match(text):
        return "caption"
    return "byline" if _DATE_LINE.match(text) or _BYLINE.match(text) else None


def is_delivery(text: str) -> bool:
    """Whether a line under the title says when, where and by whom the report was given."""
    line = text.lstrip("—―─-（( ")
    if len(line) > 80 or (_ENDS.search(line) and len(line) > 60):
        return False
    if _SPEAKER_LINE.match(line):
        return True
    date = DATE.match(line)
    return bool(date and _MEETING.search(line)) or (
        line.startswith("在") and "会" in line and line.endswith(("上", "讲话", "报告"))
    )


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence does."""
    return bool(_ENDS.search(text))


def is_short(block: Block) -> bool:
    """Whether a block is a line of few words without the end of a sentence."""
    return (
        len(block.text) <= SHORT
        and block.style.kind is None
        and block.text[-1] not in "。；，、：;,:！!？?…"
    )
