"""The contract of ``POST /api/v1/ask``: a question in, cited passages out."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from qa import MOST

from .models import WHOLE, Input, Message, Output

EXAMPLE_QUESTION = "青岚县2025年的粮食产量目标是多少？"

LONGEST_QUESTION = 2000
LONGEST_EARLIER_TEXT = 4000
"""In characters, as above."""
MOST_EARLIER_TURNS = 20

QuestionText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S"
    ),
]
EarlierText = Annotated[str, StringConstraints(max_length=LONGEST_EARLIER_TEXT)]


class EarlierTurn(Input):
    """An earlier question of the conversation and what was answered."""

    question: EarlierText
    answer: EarlierText = ""


class AskRequest(Input):
    """A question, and how it is to be answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": EXAMPLE_QUESTION},
                {
                    "question": "那城镇新增就业呢？",
                    "history": [{"question": EXAMPLE_QUESTION, "answer": "粮食产量稳定在……"}],
                    "top_k": 3,
                },
            ]
        }
    )

    question: QuestionText = Field(description="The question, in Chinese of either script.")
    history: list[EarlierTurn] | None = Field(
        default=None,
        max_length=MOST_EARLIER_TURNS,
        description="Earlier turns, oldest first.",
    )
    top_k: Annotated[int, Field(ge=1, le=MOST), WHOLE] | None = Field(
        default=None,
        description="How many passages to return. When left out, 5, or one for each report or "
        "region that the question asks for.",
    )
    reports: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="Ids of the reports to search; all when left out.",
    )
    group_by: Literal["report"] | None = Field(
        default=None, description="`report`: only the best passage of each report."
    )


class ReportReference(Output):
    """The report that a passage stands in. What it does not state is null."""

    id: str
    title: str
    date: str | None = Field(description="ISO 8601, as precise as the report is.")
    publisher: str | None
    file: str = Field(description="Path within the folder that was indexed.")


class SourceRange(Output):
    """Where a passage stands in the report's extracted text; a table's row without its head."""

    start: int
    end: int
    page: int | None = Field(description="From 1; null for files without pages.")


class TextQuoteSelector(Output):
    """W3C Web Annotation: text found by what it says and what stands around it.

    White space is to be left out of the comparison: the source may break lines inside a passage.
    """

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(Output):
    """W3C Web Annotation: text found by its place, in code points of the extracted text."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class SpecificResource(Output):
    """W3C Web Annotation: what `locator` selects from."""

    type: Literal["SpecificResource"] = "SpecificResource"
    source: str = Field(
        description="Name of the file's bytes, by their SHA-256: an `ni` URI of RFC 6920."
    )


class CitationTexts(Output):
    """A passage's citation, ready to paste."""

    gbt7714: str = Field(description="A reference as GB/T 7714-2025 asks for it.")
    markdown: str = Field(description="The quotation with its reference, in Markdown.")
    missing: list[str] = Field(
        description="Fields of the report that the reference asks for and the report does not "
        "state; `PATCH /api/v1/reports/{id}` fills them in."
    )


class FigureItem(Output):
    """A figure, a date or a rank, and its wording."""

    start: int = Field(description="Where it stands in the passage's `text`.")
    end: int
    text: str = Field(description="Its wording, with the words that bound it: 约5.5%左右.")
    value: float | None = Field(description="The number before `unit`; null for a date.")
    upper: float | None = Field(description="The highest number of a range.")
    unit: str = Field(description="With its scale: 亿元.")
    quantity: str = Field(description="What it measures: money, share, count, area, date, …")
    qualifiers: list[str] = Field(description="Words that qualify it, as they stand: 增长, 左右.")
    bound: str | None = Field(
        description="What they say of the amount: about, at least, at most, more than, less than."
    )
    direction: Literal["up", "down"] | None = Field(
        description="If it is the amount of a change, not what was reached."
    )
    iso: str | None = Field(description="A date in ISO 8601, as far as it is known.")


class WhyItem(Output):
    """Why a passage was found."""

    words: list[str] = Field(
        description="Words of the question that it holds, or its headings or its report's title."
    )
    similarity: float = Field(description="Cosine of the vectors of question and passage.")
    named: bool = Field(
        description="Whether the question names the region or body that its report is about."
    )


class PlaceItem(Output):
    """Where a paragraph stands."""

    report: ReportReference
    paragraph: int = Field(description="The paragraph's ordinal in the report.")
    url: str


class CitedItem(Output):
    """A passage, verbatim, with its place and its citation."""

    rank: int
    score: float = Field(ge=0, le=1)
    text: str
    kind: str = Field(
        description="As a paragraph's; the text of a `table` is one row in Markdown under its head."
    )
    highlights: list[tuple[int, int]] = Field(
        description="Character ranges of `text` that answer, or that match."
    )
    report: ReportReference
    section: list[str] = Field(description="Headings from the report's root to the passage.")
    paragraph: int = Field(description="The paragraph's ordinal in the report.")
    source: SourceRange
    locator: list[TextQuoteSelector | TextPositionSelector]
    target: SpecificResource
    citation: CitationTexts
    url: str = Field(description="The passage in its report, as a page of this service.")


class PassageItem(CitedItem):
    """A passage that answers, or comes nearest."""

    figures: list[FigureItem] = Field(
        description="Those in the first highlight that can be what is asked for, best first."
    )
    subject: str | None = Field(
        description="The region or body that it answers for, if the question names several."
    )
    why: WhyItem
    also: list[PlaceItem] = Field(description="Where the reports say the same once more.")


class AnswerQuote(Output):
    """The sentence that answers, verbatim."""

    text: str
    passage: int = Field(description="The `rank` of the passage that holds it.")


class SubjectItem(Output):
    """A region or body that the question names."""

    text: str = Field(description="As the question calls it.")
    name: str
    reports: list[str] = Field(description="Ids of the reports about it, or about something in it.")


class YearItem(Output):
    """A year that the question names."""

    text: str
    year: int | None = Field(description="Null for 今年 and the like.")
    offset: int | None = Field(
        description="For those: years from that in which a report was given, 0 for 今年."
    )


class RespellingItem(Output):
    """A slip in the question, and how the reports write it."""

    wrong: str
    right: str


class SynonymItem(Output):
    """A word of the question, and others for it that were searched for as well."""

    word: str
    synonyms: list[str]


class UnderstoodItem(Output):
    """What was taken from the question before anything was searched."""

    asks_for: str = Field(
        description="The kind of answer: number, share, money, rank, when, where, who, which, …"
    )
    subjects: list[SubjectItem]
    years: list[YearItem]
    every_report: bool = Field(description="Whether it is about all reports at once.")
    respellings: list[RespellingItem]
    synonyms: list[SynonymItem]


class LackItem(Output):
    """Something asked that the nearest passage does not have."""

    kind: Literal["other-year", "not-named", "no-figure"]
    asked: list[str] = Field(description="The words of the question that it is about.")
    found: list[str] = Field(description="What the passage has in their place: 2024年.")
    subject: str | None = Field(
        description="The region, body or report whose part of the question it is, if of several."
    )
    message: Message


class ComparedItem(Output):
    """A line of a comparison."""

    subject: str = Field(description="The region or body, or the report's title.")
    passage: int | None = Field(
        description="The `rank` of its best passage; null if the reports say nothing about it."
    )
    figure: FigureItem | None = Field(description="The figure asked for, if one is.")
    confidence: float = Field(ge=0, le=1)


class AskReply(Output):
    """An answer: the passages that hold it, or the nearest ones when none does."""

    question: str
    resolved_question: str = Field(
        description="As understood: with what a follow-up leaves to the earlier turns."
    )
    answerable: bool = Field(
        description="Whether the reports answer the question; if not, `passages` are the nearest."
    )
    confidence: float = Field(ge=0, le=1)
    answer: AnswerQuote | None
    passages: list[PassageItem]
    understood: UnderstoodItem
    silent: list[str] = Field(
        description="Those of whom the question asks and of whom the reports say nothing."
    )
    lacks: list[LackItem] = Field(
        description="What the nearest passages lack, where they do not answer."
    )
    comparison: list[ComparedItem] = Field(
        description="A line for each region, body or report, if the question is about several."
    )
    snapshot: str = Field(description="Names the state of the index that answered.")
    took_ms: float
