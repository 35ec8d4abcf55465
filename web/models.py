"""The HTTP contract: what goes in and comes out, as clients read it in the OpenAPI document.

Limits of the contract stand here. Input is strict: no unknown fields, no numbers written as text.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from corpus import (
    LONGEST_VALUE,
    MOST_AUTHORS,
    DocumentType,
    is_document_type,
    is_iso_date,
    is_line,
    is_period,
    is_url,
)
from index import Changes

from .tokens import Role


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""To JSON Schema, and to languages that have one kind of number, 5.0 is 5."""

Offset = Annotated[int, Field(ge=0, le=2**31 - 1), WHOLE]
Ordinal = Annotated[int, Field(ge=1), WHOLE]


class Input(BaseModel):
    """What clients send."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _stated(kind: str, is_valid: Callable[[str], bool]) -> AfterValidator:
    """A check of a text that may be empty; ``kind`` names what to say when it fails."""

    def check(text: str) -> str:
        if text and not is_valid(text):
            raise PydanticCustomError(kind, "unusable")
        return text

    return AfterValidator(check)


CorrectedText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_VALUE),
    _stated("one_line", is_line),
]
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
CorrectedDate = Annotated[
    CorrectedText,
    _stated("iso_date", is_iso_date),
    Field(json_schema_extra={"pattern": rf"^({_DATE})?$"}),
]
CorrectedPeriod = Annotated[
    CorrectedText,
    _stated("iso_period", is_period),
    Field(json_schema_extra={"pattern": rf"^({_DATE}(/{_DATE})?)?$"}),
]
CorrectedUrl = Annotated[
    CorrectedText,
    _stated("url", is_url),
    Field(json_schema_extra={"pattern": r"^(https?://\S+)?$"}),
]
CorrectedType = Annotated[
    CorrectedText,
    _stated("document_type", is_document_type),
    Field(json_schema_extra={"enum": ["", *get_args(DocumentType)]}),
]
CorrectedAuthor = Annotated[CorrectedText, StringConstraints(min_length=1)]


class CorrectionPatch(Input):
    """New values of fields; an empty one says that the report has none.

    Null takes a correction back: the field is again what was read.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"date": "2025-01-18", "authors": ["江砚秋", "陆知遥"]},
                {"title": "云汀市总工会2024年工作报告", "publisher": ""},
                {"date": None},
            ]
        }
    )

    title: CorrectedText | None = Field(
        default=None, description="If empty, the file's name is the title."
    )
    subtitle: CorrectedText | None = None
    date: CorrectedDate | None = Field(
        default=None, description="ISO 8601: `2025`, `2025-01` or `2025-01-18`."
    )
    publisher: CorrectedText | None = None
    authors: list[CorrectedAuthor] | None = Field(default=None, max_length=MOST_AUTHORS)
    organisation: CorrectedText | None = None
    period: CorrectedPeriod | None = Field(
        default=None, description="ISO 8601: `2024`, `2020/2024` or `2024-01/2024-06`."
    )

    edition: CorrectedText | None = Field(
        default=None, description="Page of a newspaper, as it numbers them: `15`, `A2`."
    )
    url: CorrectedUrl | None = Field(default=None, description="Where it stands on line.")
    document_type: CorrectedType | None = Field(
        default=None,
        description="`report`, `newspaper` or `webpage`. Without it, an edition makes a newspaper "
        "article; else, where the title does not say that it is a report, a newspaper as the "
        "publisher does, and an address makes a web page.",
    )

    def changes(self) -> Changes:
        """The fields that were sent, with their values."""
        values: dict[Any, Any] = self.model_dump(exclude_unset=True)
        return {
            field: tuple(value) if isinstance(value, list) else value
            for field, value in values.items()
        }


class Output(BaseModel):
    """What the service replies."""

    model_config = ConfigDict(frozen=True)


class Message(Output):
    """What something means to people, in two languages."""

    zh: str
    en: str


class ReportItem(Output):
    """A report. What it does not state is null or empty."""

    id: str = Field(description="Stays the same when the file is edited and read again.")
    file: str
    sha256: str = Field(description="Of the file's bytes.")
    title: str
    subtitle: str | None
    date: str | None = Field(description="ISO 8601, as precise as the report is.")
    publisher: str | None
    authors: list[str]
    organisation: str | None
    period: str | None = Field(
        description="The time it looks back on: a year, or an ISO 8601 interval of years."
    )
    edition: str | None = Field(description="Page of a newspaper.")
    url: str | None = Field(description="Where it stands on line.")
    document_type: DocumentType = Field(description="What a reference calls it.")
    paragraph_count: int


class OutlineItem(Output):
    """A heading of a report and where it leads."""

    heading: str
    level: int = Field(description="1 for the outermost.")
    path: list[str]
    first_paragraph: int = Field(description="Ordinal of the first paragraph after the heading.")


class OriginItem(Output):
    """Where a field of a report's metadata was read."""

    field: str = Field(description="`title`, `subtitle`, `date` and the like.")
    place: Literal["text", "file", "name", "correction"] = Field(
        description="The report's text, a statement in the file beside it, the file's name, a user."
    )
    quote: str = Field(description="The line, the statement or the name itself.")


class DoubtItem(Output):
    """Something that could be meant otherwise, or was lost."""

    code: str = Field(description="Stable, for programs.")
    quote: str = Field(description="The words in question.")
    paragraph: int | None = Field(
        description="Ordinal of the paragraph it is about, or of the one that follows the place."
    )
    message: Message


class ReportDetail(ReportItem):
    """A report with its outline, where its metadata was read, and what is in doubt about it."""

    outline: list[OutlineItem]
    origins: list[OriginItem]
    doubts: list[DoubtItem]


class ReportList(Output):
    """A page of the reports, in the order they were indexed."""

    items: list[ReportItem]
    total: int


class SpanItem(Output):
    """A stretch of the report's extracted text."""

    start: int
    end: int
    page: int | None
    box: tuple[float, float, float, float] | None = Field(
        description="Left, top, right, bottom in points from the page's upper left corner."
    )


class ParagraphItem(Output):
    """A paragraph as its author meant it, with line and page breaks joined."""

    ordinal: int
    text: str
    kind: str = Field(description="`body`, `list`, `table`, `caption`, `byline` and the like.")
    section: list[str] = Field(description="Headings from the report's root to the paragraph.")
    spans: list[SpanItem]
    torn: bool = Field(description="Whether it stops in mid sentence: the file lacks the rest.")


class ParagraphList(Output):
    """A page of a report's paragraphs, in order."""

    items: list[ParagraphItem]
    total: int


class PageItem(Output):
    """A page as it is printed, in points (1/72 inch); a broken one has no size."""

    number: int
    width: float | None
    height: float | None


class PageList(Output):
    """Some of a report's pages, in order."""

    items: list[PageItem]
    total: int


class Alive(Output):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Ready(Output):
    """Questions are answered."""

    status: Literal["ready"] = "ready"
    snapshot: str
    reports: int


class Features(Output):
    """What is not on everywhere."""

    writing: bool = Field(
        description="Whether `POST /api/v1/write` has a language model to write with."
    )


class AccessItem(Output):
    """What the sender of this request may do."""

    required: bool = Field(description="Whether a token is needed here.")
    role: Role | None = Field(
        description="What the token or session allows; null where one is needed and there is none."
    )


class Service(Output):
    """What runs here."""

    name: Literal["youju"] = "youju"
    version: str
    features: Features
    access: AccessItem


class FieldError(Output):
    """Why one field was refused."""

    field: str
    reason: str


class ProblemDetails(Output):
    """RFC 9457 problem details: the body of every reply with a status of 400 or more."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's id, also in the X-Request-ID header.")
    errors: list[FieldError] | None = Field(
        default=None, description="With 422: the fields that were refused."
    )
