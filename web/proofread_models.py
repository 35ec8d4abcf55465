"""The contract of ``POST /api/v1/proofread``: an article in, a verdict on each quotation out."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from qa import LONGEST_QUOTATION, SHORTEST_QUOTATION

from .models import Input, Output
from .verify_models import VerdictItem

LONGEST_ARTICLE = 150_000
"""Characters; in any JSON spelling they fit into the largest body."""


class ProofreadRequest(Input):
    """An article, as text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "县政府提出，“粮食产量22.5万吨以上”。\n\n"
                    "> 清晨五点半，汀南区滨江路驿站的灯先亮了。"
                }
            ]
        }
    )

    text: Annotated[
        str, StringConstraints(min_length=1, max_length=LONGEST_ARTICLE, pattern=r"\S")
    ] = Field(description="Plain or Markdown.")


class ProofItem(VerdictItem):
    """A quotation of the article, and what became of it."""

    quote: str = Field(description="Without the marks around it.")
    line: int | None = Field(description="Of a Markdown article, from 1; else null.")
    paragraph: int | None = Field(description="Of a Word article, from 1; else null.")
    block: bool = Field(description="Whether it is set apart, not in quotation marks.")


class ProofreadReply(Output):
    """The quotations of an article, in order, each checked against the reports."""

    items: list[ProofItem]
    total: int
    skipped: int = Field(
        description=f"Quotations of less than {SHORTEST_QUOTATION} letters, digits and "
        "characters: names and terms, which are not checked."
    )
    overlong: int = Field(
        description=f"Those of more than {LONGEST_QUOTATION} characters, not checked either."
    )
    snapshot: str = Field(description="Names the state of the index.")
    took_ms: float
