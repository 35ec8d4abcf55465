"""What stands before the text: title, subtitle, bylines, where and when the report was given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .authors import writer_of_body
from .kinds import is_delivery, kind_of_line
from .names import is_name_alone
from .numbering import label_of
from .organisations import is_body
from .source import Block
from .types import Kind

_LOOKED_AT = 14
_LONGEST_TITLE = 60
_LONGEST_NAME = 25
_LARGE = 16.0
"""Points from which centred lines of one size are a title set in two lines."""

_DASHES = "—―─-–"
_SPEECH = re.compile(r"在[^。，；：]{4,50}(?:上|中)的(?:工作)?(?:报告|讲话|发言|致辞)")
_WORK = re.compile(
    r"[^。，；：—―─-][^。，；：]{1,40}(?:报告|总结|年报|公报|汇报|白皮书|纪实)(?:[（(][^（）()]+[）)])?"
)


@dataclass(frozen=True, slots=True)
class Front:
    """Positions of the blocks of the title and subtitle, and the kinds of the other front lines."""

    title: tuple[int, ...]
    subtitle: tuple[int, ...]
    roles: dict[int, Kind]


def read_front(blocks: Sequence[Block]) -> Front:
    """The front lines of a report; they end with the first heading or paragraph."""
    front = list(blocks[:_LOOKED_AT])
    title: list[int] = []
    subtitle: list[int] = []
    roles: dict[int, Kind] = {}
    for position, block in enumerate(front):
        kind = _kind(block) or (_name_line(front, position, roles) if title else None)
        if _is_title_for_certain(blocks, position, title):
            title.append(position)
        elif kind is not None:
            roles[position] = kind
        elif not title and _can_be_title(blocks, position):
            title.append(position)
        elif title and not subtitle and _is_subtitle(block):
            subtitle.append(position)
        elif title and position == title[-1] + 1 and _continues_title(blocks, position):
            title.append(position)
        else:
            break
    return Front(tuple(title), tuple(subtitle), roles)


def _kind(block: Block) -> Kind | None:
    if block.style.kind:
        return None if block.style.kind == "table" else block.style.kind
    if is_delivery(block.text):
        return "byline"
    kind = kind_of_line(block.text)
    return kind if kind != "caption" else None


def _name_line(front: Sequence[Block], position: int, roles: dict[int, Kind]) -> Kind | None:
    """A name alone (an office, a writer) between the title and a date or another front line.

    A person's name may also be the last of the front lines, or stand after that of a body.
    """
    text = front[position].text
    if writer_of_body(text) or (roles.get(position - 1) == "byline" and is_name_alone(text)):
        return "byline"
    if len(text) > _LONGEST_NAME or text[0] in _DASHES or text[-1] in "。；，：！？、":
        return None
    following = front[position + 1] if position + 1 < len(front) else None
    if following is None or following.style.kind or label_of(text):
        return None
    return "byline" if kind_of_line(following.text) == "byline" else None


def _is_title_for_certain(blocks: Sequence[Block], position: int, title: Sequence[int]) -> bool:
    """A speech named for its occasion (在…上的报告), or a body and under it what it reports."""
    text = blocks[position].text
    if not title:
        return bool(_SPEECH.fullmatch(text))
    after_body = title[-1] == position - 1 and is_body(blocks[position - 1].text)
    return after_body and bool(_WORK.fullmatch(text))


def _can_be_title(blocks: Sequence[Block], position: int) -> bool:
    block = blocks[position]
    text, level = block.text, block.style.level
    if block.style.title:
        return True
    if level is not None and (level > 1 or _heads_a_section(blocks, position)):
        return False
    unfinished = text[-1] in "。；，：、;,:" or text[0] in _DASHES or block.style.kind is not None
    return len(text) <= _LONGEST_TITLE and not unfinished and label_of(text) is None


def _heads_a_section(blocks: Sequence[Block], position: int) -> bool:
    """Whether a first heading of the outermost level is one section among others of that level."""
    others = any(block.style.level == 1 for block in blocks[position + 1 :])
    following = blocks[position + 1] if position + 1 < len(blocks) else None
    return others and following is not None and len(following.text) > _LONGEST_TITLE


def _is_subtitle(block: Block) -> bool:
    text = block.text
    dashed = text[0] in _DASHES and 0 < len(text.lstrip(_DASHES)) <= _LONGEST_TITLE
    return block.style.subtitle or (dashed and text[-1] not in "。；")


def _continues_title(blocks: Sequence[Block], position: int) -> bool:
    """A title set in two lines: both centred, in the same large size."""
    first, second = blocks[position - 1].style, blocks[position].style
    alike = first.centred and second.centred and first.size == second.size
    return alike and (first.size or 0) >= _LARGE and _can_be_title(blocks, position)
