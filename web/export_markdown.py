"""A conversation as Markdown (CommonMark), in which no text of a report becomes markup."""

import re

from .export_models import ExportRequest, ExportSource, ExportTurn, pieces
from .export_words import (
    ANSWER,
    EXPORTED,
    NEAREST,
    NOT_ANSWERED,
    NOTHING_NEAR,
    OPEN,
    SOURCES,
    place,
)
from .problems import Language

# Besides what has a meaning anywhere in CommonMark and its common extensions: what begins a bare
# address, which many programs make a link.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#&$!^={}@]|:(?=//)|(?<=[Ww]{3})\.")
_LINE_START = re.compile(r"^([-+:]|\d{1,9}(?=[.)]))", re.MULTILINE)
_ENDS = re.compile(r"^([\W_]*)(.*?)([\W_]*)$", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def conversation_markdown(conversation: ExportRequest, day: str, language: Language) -> str:
    """Write a conversation: each question as a heading, then its answer and numbered sources.

    Args:
        conversation: as it was sent.
        day: of the export, ISO 8601.
        language: of our own words.
    """
    parts = [f"# {_line(conversation.title)}", EXPORTED.say(language, day=day)]
    for turn in conversation.turns:
        parts += _turn(turn, language)
    return "\n\n".join(parts) + "\n"


def _turn(turn: ExportTurn, language: Language) -> list[str]:
    parts = [f"## {_line(turn.question)}"]
    if not turn.answerable:
        parts.append((NOT_ANSWERED if turn.sources else NOTHING_NEAR).say(language))
    elif turn.answer:
        parts.append(f"**{ANSWER.say(language).strip()}** {_line(turn.answer)}")
    if turn.sources:
        parts.append(f"### {(SOURCES if turn.answerable else NEAREST).say(language)}")
    for number, source in enumerate(turn.sources, 1):
        parts.append(_source(source, number, language))
    return parts


def _source(source: ExportSource, number: int, language: Language) -> str:
    quoted = "".join(_bold(piece) if marked else _block(piece) for piece, marked in pieces(source))
    lines = [_escape_starts(line.strip()) for line in quoted.strip().splitlines()]
    blocks = [
        _line(place(source, language)),
        "\n".join(f"> {line}\\" for line in lines if line).removesuffix("\\"),
        _line(source.reference),
    ]
    if source.url is not None:
        blocks.append(f"[{OPEN.say(language)}](<{source.url.replace('&', '&amp;')}>)")
    indent = " " * len(f"{number}. ")
    body = "\n\n".join(block for block in blocks if block)
    return f"{number}. " + body.replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")


def _bold(text: str) -> str:
    """Bold from the first letter or digit to the last of each line.

    Beside punctuation CommonMark takes `**` for no delimiter where Chinese has no spaces.
    """
    return "\n".join(map(_bold_line, text.split("\n")))


def _bold_line(text: str) -> str:
    match = _ENDS.match(text)
    before, inner, after = match.groups() if match else ("", "", text)
    return _block(before) + (f"**{_block(inner)}**" if inner else "") + _block(after)


def _line(text: str) -> str:
    """Text on one line of its own."""
    return _escape_starts(_block(" ".join(text.split())))


def _block(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _CONTROL.sub("", text))


def _escape_starts(line: str) -> str:
    """What would begin a list or a heading's underline, taken literally."""
    return _LINE_START.sub(
        lambda match: f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}", line
    )
