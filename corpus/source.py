"""What every reader returns: the text of a file, and the blocks it is made of.

Readers know file formats and nothing of reports; the structure is read from blocks and knows
nothing of file formats. A new format is one more function from bytes to `Extraction`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .types import Span


@dataclass(frozen=True, slots=True)
class Style:
    """What the format says about a block beside its text.

    ``level`` is a heading style or outline level, from 1; ``title`` and ``subtitle`` are styles of
    that name. ``bold`` counts the characters at the start that are bold. ``size`` is in points.
    ``figure`` is whether a picture stands directly before or in the block.
    """

    level: int | None = None
    title: bool = False
    subtitle: bool = False
    bold: int = 0
    centred: bool = False
    indented: bool = False
    size: float | None = None
    figure: bool = False
    listed: bool = False
    table: bool = False


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Block:
    """A line or paragraph as it stands in the file, white space at both ends left out.

    ``gap`` counts the blank lines before it. White space aside, the source at ``spans`` equals
    ``text``.
    """

    text: str
    spans: tuple[Span, ...]
    gap: int = 0
    style: Style = PLAIN

    @property
    def all_bold(self) -> bool:
        """Whether the whole block is bold."""
        return self.style.bold >= len(self.text)


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a file, and its blocks in reading order.

    Together the blocks hold every character of ``source`` that is not white space.
    ``sees_pictures`` is whether the format tells where pictures stand (plain text does not, so
    there a short line may be the caption of a picture that is gone).
    """

    source: str
    blocks: tuple[Block, ...]
    sees_pictures: bool


def join(first: Block, second: Block) -> Block:
    """One block of two that were torn apart; between two Latin words a space is put back."""
    before, after = first.text[-1:], second.text[:1]
    latin = (before + after).isascii() and before.isalpha() and after.isalpha()
    text = first.text + (" " if latin else "") + second.text
    return replace(first, text=text, spans=first.spans + second.spans)


# Zero-width spaces and joiners, soft hyphens and stray byte order marks are seen by nobody, and
# would part words from the same words elsewhere.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def clean(text: str) -> str:
    """Text without the characters that nobody sees."""
    return text.translate(_UNSEEN)


class SourceWriter:
    """Builds the source text of formats that are not plain text, block by block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(
        self, text: str, style: Style = PLAIN, *, gap: int = 0, page: int | None = None
    ) -> None:
        """Append a paragraph; each of its lines becomes a block of its own."""
        for line in clean(text).splitlines():
            self._add_line(line, style, gap, page)
            gap = 0

    def _add_line(self, line: str, style: Style, gap: int, page: int | None) -> None:
        stripped = line.strip()
        if not stripped:
            return
        if self._blocks:
            self._write("\n" * (gap + 1))
        lead = len(line) - len(line.lstrip())
        start = self._length + lead
        self._write(line.rstrip())
        style = replace(style, bold=max(0, style.bold - lead), indented=style.indented or lead > 0)
        spans = (Span(start, start + len(stripped), page),)
        self._blocks.append(Block(stripped, spans, gap, style))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def extraction(self, *, sees_pictures: bool = True) -> Extraction:
        """What was written so far."""
        return Extraction("".join(self._parts), tuple(self._blocks), sees_pictures)


def lines(text: str) -> Iterable[tuple[int, int, int]]:
    """The lines of a plain text that are not blank: start, end, and blank lines before."""
    gap = position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + len(line) - len(line.lstrip())
            yield start, start + len(stripped), gap
            gap = 0
        else:
            gap += 1
        position += len(line) + 1
