"""Who wrote a report or gave it, from the lines around its text."""

import re
from collections.abc import Iterable, Sequence

from .labels import fields_in
from .names import is_name_alone, names_in, speaker_in
from .organisations import is_body

_REPORTERS = re.compile(
    r"^[（(【\[□■◎○●◆▲△\s]*(?:本报|本刊|本网|本台|全媒体|融媒体|首席|见习|实习|特约|特派)*(?:驻[一-鿿]{2,4})?"
    r"(?:记者|通讯员|评论员|撰稿人?|作者|撰文|执笔)(?P<names>[\s:：/／]?.+)$"
)
_SQUARE = re.compile(r"[□■]\s*(?P<names>.+)$")
_WORDS, _PICTURES = r"(?:撰?文|文\s*[/／、]?\s*图|图\s*[/／、]?\s*文)", r"(?:图|摄影|摄|制图|供图)"
_CREDIT_BEFORE = re.compile(
    rf"^{_WORDS}\s*[/／:：\s]\s*(?P<names>.+?)(?=\s+(?:{_PICTURES}|编辑|责编)\s*[/／:：\s]|$)"
)
_CREDIT_AFTER = re.compile(
    rf"(?P<names>[^/／:：]+?)\s*[/／\s]\s*(?:(?P<words>{_WORDS})|{_PICTURES})(?=[\s、，；]|$)"
)
_DISPATCH = re.compile(r"^[^。]{0,14}[讯电]\s*[（(](?P<by>[^（）()]{2,40})[）)]")
_AT_THE_END = re.compile(r"[（(](?P<by>[^（）()]{2,40})[）)]$")
_BODY = re.compile(r"[一-鿿]{3,20}(?:[部局会室院处科组社]|中心|公司|大学|办公厅|课题组|编辑部)")
_BRACKETS = "（）()【】[]□■◎○●◆▲△ \t\u3000\xa0"


def read_authors(
    front: Sequence[str], opening: str, closing: str, end: Sequence[str]
) -> tuple[tuple[str, ...], str] | None:
    """The authors of a report and the line that names the first of them.

    Whoever gave the report as a speech comes first, then those who are named as its writers.

    Args:
        front: the lines between the title and the text.
        opening: the first paragraph, which may begin with a dispatch line (本报讯（记者 …）).
        closing: the last paragraph, which may end with the writer in brackets.
        end: the lines after the text.
    """
    within = [m["by"] for m in (_DISPATCH.match(opening), _AT_THE_END.search(closing)) if m]
    return (
        _first(_speakers(front))
        or _all(map(_written_by, front), front)
        or _first((names_in(line), line) for line in front if is_name_alone(line))
        or _all(map(_written_by, end), end)
        or _all([_reporters(by) for by in within], within)
        or _first(_speakers(end))
    )


def writer_of_body(line: str) -> str | None:
    """The person whom a line names after a body, with nothing else (柳溪市总工会　温如初)."""
    body, *names = line.split(maxsplit=1)
    return (
        "".join(names[0].split()) if names and is_body(body) and is_name_alone(names[0]) else None
    )


def _first(
    found: Iterable[tuple[tuple[str, ...], str]],
) -> tuple[tuple[str, ...], str] | None:
    return next(((names, line) for names, line in found if names), None)


def _all(
    found: Iterable[tuple[str, ...]], lines: Sequence[str]
) -> tuple[tuple[str, ...], str] | None:
    """The names of all lines, each once, and the first line that has any."""
    named = [(names, line) for names, line in zip(found, lines, strict=True) if names]
    if not named:
        return None
    return tuple(dict.fromkeys(name for names, _ in named for name in names)), named[0][1]


def _speakers(lines: Sequence[str]) -> Iterable[tuple[tuple[str, ...], str]]:
    for line in lines:
        labelled = [field.value for field in fields_in(line) if field.role == "speaker"]
        for value in labelled:
            yield names_in(value), line
        if not labelled and (speaker := speaker_in(line)):
            yield (speaker,), line


def _written_by(line: str) -> tuple[str, ...]:
    """The writers that a line names."""
    labelled = [field.value for field in fields_in(line) if field.role == "author"]
    found = [name for value in labelled for name in names_in(value) or _bodies(value)]
    credited = tuple(dict.fromkeys(found)) or _credited(line.strip(_BRACKETS)) or _reporters(line)
    return credited or tuple(filter(None, [writer_of_body(line)]))


def _credited(line: str) -> tuple[str, ...]:
    """The writers among those who wrote and those who took the pictures (张三/文 李四/图)."""
    if before := _CREDIT_BEFORE.match(line):
        return names_in(before["names"])
    credits_ = _CREDIT_AFTER.finditer(line)
    return next((names_in(match["names"]) for match in credits_ if match["words"]), ())


def _reporters(line: str) -> tuple[str, ...]:
    match = _REPORTERS.match(line.strip(_BRACKETS)) or _SQUARE.match(line)
    return names_in(match["names"]) if match else ()


def _bodies(value: str) -> tuple[str, ...]:
    """An office or a working group that is named as the author."""
    return (value,) if _BODY.fullmatch(value) else ()
