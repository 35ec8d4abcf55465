"""The contract of ``POST /api/v1/export``: a conversation in, a file out."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from .ask_models import EXAMPLE_QUESTION, EarlierText, QuestionText
from .models import Input, Offset, Ordinal

LONGEST_TITLE = 200

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Range = Annotated[list[Offset], Field(min_length=2, max_length=2)]

_ADDRESS = re.compile(r"https?://[!-;=?-\[\]-_a-~]{1,8000}")
"""Of ASCII, and without what would end a link in Markdown."""


def _checked(url: str) -> str:
    if not _ADDRESS.fullmatch(url):
        raise PydanticCustomError("url", "unusable")
    return url


Address = Annotated[
    str,
    AfterValidator(_checked),
    Field(json_schema_extra={"pattern": f"^{_ADDRESS.pattern}$"}),
]


class ExportSource(Input):
    """A passage as `POST /api/v1/ask` gave it."""

    text: Annotated[str, StringConstraints(max_length=20_000)]
    highlights: list[Range] = Field(
        default=[], max_length=100, description="Ranges of `text` to mark, in characters."
    )
    title: Line = Field(description="The report's title.")
    section: list[Line] = Field(default=[], max_length=20)
    paragraph: Ordinal
    reference: Line = Field(description="As `citation.gbt7714` of the passage.")
    url: Address | None = Field(
        default=None, description="Where the passage can be read, as a whole address."
    )


class ExportTurn(Input):
    """A question, and what was answered."""

    question: QuestionText
    answerable: bool
    answer: EarlierText | None = Field(default=None, description="The answering sentence.")
    sources: list[ExportSource] = Field(default=[], max_length=50)


class ExportRequest(Input):
    """A conversation, and the format of the file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "青岚县的目标",
                    "format": "markdown",
                    "turns": [
                        {
                            "question": EXAMPLE_QUESTION,
                            "answerable": True,
                            "answer": "粮食产量21.5万吨以上，城镇新增就业3800人以上；",
                            "sources": [
                                {
                                    "text": "粮食产量21.5万吨以上，城镇新增就业3800人以上；",
                                    "highlights": [[0, 27]],
                                    "title": "2025年青岚县政府工作报告",
                                    "section": ["二、2025年目标任务"],
                                    "paragraph": 28,
                                    "reference": "岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08.",
                                    "url": "http://127.0.0.1:8000/reports/3ac8e3aec848#p28",
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    title: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE, pattern=r"\S"
        ),
    ]
    format: Literal["markdown", "docx"]
    turns: list[ExportTurn] = Field(min_length=1, max_length=200)


def pieces(source: ExportSource) -> Iterator[tuple[str, bool]]:
    """The text in order, each piece with whether it is highlighted."""
    at = 0
    for start, end in sorted(source.highlights):
        first, last = max(at, start), min(end, len(source.text))
        if first < last:
            yield source.text[at:first], False
            yield source.text[first:last], True
            at = last
    yield source.text[at:], False
