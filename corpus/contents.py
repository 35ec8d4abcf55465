"""The table of contents (目录): its lines look like the headings that they name, and are none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from .source import Block

_TITLE = re.compile(r"(?:目\s*[录錄次]|CONTENTS)$", re.IGNORECASE)
_PAGE = re.compile(r"[\s.…·•．‥⋯—-]*[（(]?\s*\d{1,3}\s*[）)]?$")
_LED = re.compile(r"\S.*?(?:[…‥⋯]{2,}|(?:[.·•．]\s?){3,})\s*[（(]?\d{1,3}[）)]?$")
"""A line led by dots to the number of a page."""

_LONGEST = 80
_ENOUGH = 2


def mark_contents(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those of a table of contents marked as such.

    Lines led by dots to a page number are, two in a row at least; so are the lines after the word
    目录, as long as each names something that stands further down.
    """
    inside = _led(blocks) | _after_title(blocks)
    return [
        replace(block, style=replace(block.style, kind="contents")) if position in inside else block
        for position, block in enumerate(blocks)
    ]


def _led(blocks: Sequence[Block]) -> set[int]:
    found: set[int] = set()
    run: list[int] = []
    for position, block in enumerate([*blocks, None]):
        if block is not None and len(block.text) <= _LONGEST and _LED.match(block.text):
            run.append(position)
            continue
        found.update(run if len(run) >= _ENOUGH else ())
        run = []
    return found


def _after_title(blocks: Sequence[Block]) -> set[int]:
    title = next((p for p, block in enumerate(blocks) if _TITLE.match(block.text)), None)
    if title is None:
        return set()
    starts = [_squashed(block.text[: 2 * _LONGEST]) for block in blocks]
    end = title + 1
    while end < len(blocks) and _names_what_follows(blocks[end].text, starts, end):
        end += 1
    return set(range(title, end)) if end > title + 1 else set()


def _names_what_follows(text: str, starts: Sequence[str], position: int) -> bool:
    """Whether the line at a position names one further down; ``starts`` are those of all lines."""
    if len(text) > _LONGEST:
        return False
    if _LED.match(text):
        return True
    entry = _squashed(_PAGE.sub("", text))
    # A number may stand on a line of its own: 第一章 | 总则.
    return len(entry) > 1 and any(
        "".join(starts[at : at + 2]).startswith(entry) for at in range(position + 1, len(starts))
    )


def _squashed(text: str) -> str:
    return "".join(text.split())
