"""The contract of ``POST /api/v1/verify``: a quotation or a locator in, a verdict out."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from .ask_models import CitedItem
from .models import Input, Offset, Output

LONGEST_QUOTE = 2000

QuoteText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUOTE, pattern=r"\S")]
ContextText = Annotated[str, StringConstraints(max_length=1000)]


class QuoteSelectorInput(Input):
    """W3C Web Annotation: text found by what it says and what stands around it."""

    type: Literal["TextQuoteSelector"]
    exact: QuoteText
    prefix: ContextText = ""
    suffix: ContextText = ""


class PositionSelectorInput(Input):
    """W3C Web Annotation: text found by its place, in code points of the extracted text."""

    type: Literal["TextPositionSelector"]
    start: Offset
    end: Offset


Selector = Annotated[QuoteSelectorInput | PositionSelectorInput, Field(discriminator="type")]


def _with_quote(selectors: list[Selector]) -> list[Selector]:
    if not any(isinstance(selector, QuoteSelectorInput) for selector in selectors):
        raise PydanticCustomError("no_quote_selector", "unusable")
    return selectors


class VerifyRequest(Input):
    """A quotation, or the locator of a passage in a report."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["quote"],
                    "properties": {"quote": {"type": "string"}, "locator": {"type": "null"}},
                },
                {
                    "required": ["locator", "report"],
                    "properties": {
                        "quote": {"type": "null"},
                        "locator": {"type": "array"},
                        "report": {"type": "string"},
                    },
                },
            ],
            "examples": [
                {"quote": "粮食产量21.5万吨以上"},
                {
                    "locator": [
                        {
                            "type": "TextQuoteSelector",
                            "exact": "粮食产量21.5万吨以上",
                            "prefix": "农村居民人均可支配收入增长7%；",
                            "suffix": "，城镇新增就业",
                        },
                        {"type": "TextPositionSelector", "start": 1807, "end": 1818},
                    ],
                    "report": "3ac8e3aec848",
                },
            ],
        }
    )

    quote: QuoteText | None = Field(
        default=None,
        description="As it is quoted, without quotation marks around it; `……` and `...` part it.",
    )
    locator: Annotated[list[Selector], AfterValidator(_with_quote)] | None = Field(
        default=None,
        min_length=1,
        max_length=10,
        description="As a passage gives it; one of the selectors is a TextQuoteSelector.",
    )
    report: str | None = Field(
        default=None, max_length=100, description="Id of the only report to look in."
    )

    @model_validator(mode="after")
    def _either(self) -> "VerifyRequest":
        located = self.locator is not None and self.report is not None
        if (self.quote is None) != located or (self.quote is not None and self.locator is not None):
            raise PydanticCustomError("quote_or_locator", "unusable")
        return self


class PieceItem(Output):
    """A stretch of the quotation, and what the report has in its place."""

    operation: Literal["equal", "insert", "delete", "replace"] = Field(
        description="`insert`: in the quotation only; `delete`: in the report only."
    )
    quote: str
    report: str
    figure: bool = Field(description="Whether a figure is another in it.")


class CheckedItem(CitedItem):
    """A place where the quotation stands, or a part of it between ellipses, and how it differs.

    `highlights` is what was found of it in `text`.
    """

    similarity: float = Field(
        ge=0, le=1, description="1 − Levenshtein distance / length; 1 where it is verbatim."
    )
    folded: list[Literal["white-space", "width", "script", "marks", "case"]] = Field(
        description="What differs without changing a word: half and full width, Traditional and "
        "Simplified script, quotation marks and dashes."
    )
    difference: list[PieceItem]
    figures_differ: bool


class VerdictItem(Output):
    """Whether the reports say what is quoted."""

    status: Literal["verbatim", "changed", "missing"]
    figures_differ: bool = Field(description="Whether a figure is not the report's.")
    passages: list[CheckedItem] = Field(
        description="Where it stands: each place if it is verbatim, the nearest if it is changed; "
        "of a quotation with ellipses each part in its turn."
    )


class VerifyReply(VerdictItem):
    """The verdict on one quotation."""

    snapshot: str = Field(description="Names the state of the index.")
    took_ms: float
