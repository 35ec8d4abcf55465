"""``GET /api/v1/citations``: references to passages, in the style and the format asked for."""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from qa import Answerer, Format, Reference, Style, reference, reference_list, today

from . import problems
from .loading import loaded
from .openapi import problem_replies
from .problems import Problem, Reason
from .validation import NO_SUCH_PARAGRAPH, NO_SUCH_REPORT

router = APIRouter(prefix="/api/v1", tags=["citations"])

MOST_PASSAGES = 200

FORMATS: dict[Format, tuple[str, str]] = {
    "text": ("text/plain; charset=utf-8", "txt"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "bibtex": ("application/x-bibtex; charset=utf-8", "bib"),
    "ris": ("application/x-research-info-systems; charset=utf-8", "ris"),
    "csl-json": ("application/vnd.citationstyles.csl+json", "json"),
}
"""Content type and suffix of each format."""

_CSL = {"type": "array", "items": {"type": "object"}}

_EXAMPLES: dict[Format, object] = {
    "text": "[1] 岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08.\n",
    "markdown": "1. 岑叙白. 2025年青岚县政府工作报告\\[R\\]. 2025-01-08.\n",
    "bibtex": "@techreport{3ac8e3aec848,\n  author = {{岑叙白}},\n  …\n}\n",
    "ris": "TY  - RPRT\r\nAU  - 岑叙白\r\n…\r\nER  - \r\n",
    "csl-json": [{"id": "3ac8e3aec848", "type": "report", "title": "2025年青岚县政府工作报告"}],
}

_NAME = re.compile(r"[^:\s]{1,80}:[1-9][0-9]{0,8}", re.ASCII)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise PydanticCustomError("passage_name", "unusable")
    return name


PassageName = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "pattern": f"^{_NAME.pattern}$"}),
]


@router.get(
    "/citations",
    operation_id="cite",
    summary="References to passages",
    response_class=Response,
    responses={
        200: {
            "description": "The references, in the format asked for, as a file to download.",
            "content": {
                media_type.partition(";")[0]: {
                    "schema": _CSL if form == "csl-json" else {"type": "string"},
                    "example": _EXAMPLES[form],
                }
                for form, (media_type, _) in FORMATS.items()
            },
        },
        **problem_replies(421, 422, 503),
    },
)
def get_citations(
    answerer: Annotated[Answerer, Depends(loaded)],
    passage: Annotated[
        list[PassageName],
        Query(
            min_length=1,
            max_length=MOST_PASSAGES,
            description="Id of a report and ordinal of a paragraph in it, with a colon between; "
            "several in the order in which they are cited.",
            openapi_examples={"one": {"value": ["3ac8e3aec848:28"]}},
        ),
    ],
    style: Annotated[
        Style, Query(description="Of `text` and `markdown`; the other formats have none.")
    ] = "gbt7714-2025",
    form: Annotated[Format, Query(alias="format")] = "text",
    accessed: Annotated[
        date | None, Query(description="The day of citing, for web pages; today if left out.")
    ] = None,
) -> Response:
    """Cite passages: a numbered list in which equal references stand once, or a file to import.

    What a report does not state is left out; `citation.missing` of a passage names it.
    """
    day = accessed or today()
    references = _references(answerer, passage, day)
    media_type, suffix = FORMATS[form]
    return Response(
        reference_list(references, style=style, form=form, accessed=day),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="references.{suffix}"'},
    )


def _references(answerer: Answerer, passages: list[str], accessed: date) -> list[Reference]:
    """The references to passages.

    Raises:
        Problem: a report or a paragraph does not exist.
    """
    reports = {report.id: report for report in answerer.reports}
    references = []
    reasons = []
    for number, name in enumerate(passages):
        identity, _, ordinal = name.partition(":")
        report = reports.get(identity)
        if report is None:
            reasons.append(Reason(f"passage[{number}]", NO_SUCH_REPORT))
        elif int(ordinal) > len(report.paragraphs):
            reasons.append(Reason(f"passage[{number}]", NO_SUCH_PARAGRAPH))
        else:
            paragraph = report.paragraphs[int(ordinal) - 1]
            references.append(
                reference(
                    report,
                    section=paragraph.section,
                    paragraph=paragraph.ordinal,
                    spans=paragraph.spans,
                    accessed=accessed,
                )
            )
    if reasons:
        raise Problem(problems.INVALID, reasons=reasons)
    return references
