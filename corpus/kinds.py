"""Lines that are not the report's own text: bylines, source lines, salutations, captions."""

import re

from .dates import DATE, is_date_line
from .labels import SOURCE_LINE
from .names import SPEAKER_LINE, are_names
from .organisations import signed_by
from .source import Block
from .types import Kind

SHORT = 40
"""Characters of a line that may be a heading or a caption rather than a paragraph."""

_BYLINE = re.compile(
    r"[（(【\[]?\s*[□■◎○●◆▲△]?\s*(?:"
    r"(?:本报|本刊|本网|见习|实习|特约|首席)?(?:记者|通讯员|评论员|撰稿人?)\s*[:：]?\s*(?P<names>\S.{0,40})"
    r"|(?:作者|撰稿|撰文|文|编辑|责任编辑|责编|审核|校对|编审|统筹|策划|报告人|主讲人|汇报人|述职人|执笔人?|起草人"
    r"|图文|文图)\s*[:：/／].{1,60}"
    r"|作者(?:单位|简介)\s*[:：].{1,60}"
    r")$"
    r"|.*[一-鿿]\s*[/／](?:文|图|摄|文图|图文|摄影)[\s）)】].*$"
    r"|.{2,60}[/／](?:文|图|摄|文图|图文|摄影)[）)】]?$"
)
_SALUTATION = re.compile(
    r"(?:尊敬的|各位|同志们|朋友们|女士们|先生们|代表们|委员们)[^。；0-9]{0,40}[:：!！]$"
)
_DATED = re.compile(DATE)
_DATE_AT_END = re.compile(rf"[（(]{DATE}[）)]?$")
_MEETING = re.compile(r"会议|大会|全会|代表会|座谈会|讲话|报告会|发布会|论坛|研讨会|报告|人民代表")
_CAPTION = re.compile(
    r"(?:图为|上图|下图|左图|右图|题图|配图|资料图|[（(]?资料图片|图片说明)"
    r"|[图表]\s*[\d一二三四五六七八九十]{1,3}(?:[-—.]\d+)?[\s:：]\s*\S"
    # Words of the picture, then who took it; names alone are a byline.
    r"|(?=\S{6})[^/／]{6,100}?[\s（(][一-鿿]{2,4}\s?[/／]?\s?(?:摄|摄影|图)[。）)]?$"
    r"|.{4,60}[（(](?:右|左|前排|后排|中)[一二三四五六七八九十0-9]?[）)]"
)
# The mark of a note may follow the full stop.
_ENDS = re.compile(r"[。！？!?…][”’」』）)》】\]]*[⁰¹²³⁴-⁹①-⑳]*$")


def kind_of_line(text: str) -> Kind | None:
    """The kind of a line whose words alone tell that it is not the report's own text."""
    if len(text) > 120:
        return None
    if _SALUTATION.match(text):
        return "salutation"
    if SOURCE_LINE.match(text):
        return "source"
    if len(text) <= 80 and _CAPTION.match(text):
        return "caption"
    signed = is_date_line(text) or _BYLINE.match(text) or signed_by(text)
    return "byline" if signed or (text[0] in "□■" and are_names(text[1:])) else None


def is_delivery(text: str) -> bool:
    """Whether a line under the title says when, where and by whom the report was given."""
    line = _DATE_AT_END.sub("", text.strip("—―─-（() ")).rstrip("）)")
    if len(line) > 80 or (_ENDS.search(line) and len(line) > 60):
        return False
    if SPEAKER_LINE.fullmatch(line):
        return True
    return bool(_DATED.match(line) and _MEETING.search(line)) or (
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
