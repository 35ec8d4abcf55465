"""From what FastAPI and Starlette raise to problems that name the field and the reason."""

import re
from collections.abc import Mapping, Sequence

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from . import problems
from .problems import Problem, Reason, Text

REASONS: Mapping[str, Text] = {
    "missing": Text("缺少这一项。", "This field is missing."),
    "extra_forbidden": Text("没有这一项。", "There is no such field."),
    "string_type": Text("须为文字。", "This must be text."),
    "string_unicode": Text("含有无效的字符。", "This holds invalid characters."),
    "string_too_short": Text("不能为空。", "This must not be empty."),
    "string_pattern_mismatch": Text("不能为空。", "This must not be empty."),
    "string_too_long": Text("最多 {max_length} 个字。", "At most {max_length} characters."),
    "date_from_datetime_parsing": Text(
        "须为 2026-07-01 这样的日期。", "This must be a date such as 2026-07-01."
    ),
    "date_parsing": Text("须为 2026-07-01 这样的日期。", "This must be a date such as 2026-07-01."),
    "int_type": Text("须为整数。", "This must be a whole number."),
    "int_parsing": Text("须为整数。", "This must be a whole number."),
    "int_parsing_size": Text("数太大。", "This number is too large."),
    "int_from_float": Text("须为整数。", "This must be a whole number."),
    "finite_number": Text("须为有限的数。", "This must be a finite number."),
    "greater_than_equal": Text("不能小于 {ge}。", "This must be {ge} or more."),
    "less_than_equal": Text("不能大于 {le}。", "This must be {le} or less."),
    "list_type": Text("须为列表。", "This must be a list."),
    "too_short": Text("至少 {min_length} 项。", "At least {min_length} items."),
    "too_long": Text("最多 {max_length} 项。", "At most {max_length} items."),
    "literal_error": Text("只能是 {expected}。", "This can only be {expected}."),
    "iso_date": Text(
        "须为 2025、2025-01 或 2025-01-18 这样的日期。",
        "This must be a date such as 2025, 2025-01 or 2025-01-18.",
    ),
    "iso_period": Text(
        "须为 2024、2020/2024 或 2024-01/2024-06 这样的时间。",
        "This must be a time such as 2024, 2020/2024 or 2024-01/2024-06.",
    ),
    "url": Text(
        "须为 https://www.example.cn/1.html 这样的网址。",
        "This must be an address such as https://www.example.cn/1.html.",
    ),
    "document_type": Text(
        "只能是 report、newspaper 或 webpage。",
        "This can only be report, newspaper or webpage.",
    ),
    "passage_name": Text(
        "须为 报告编号:段号，如 3ac8e3aec848:28。",
        "This must be a report's id, a colon and a paragraph's ordinal: 3ac8e3aec848:28.",
    ),
    "import_id": Text(
        "须为上传的编号，见 GET /api/v1/imports。",
        "This must be the id of an upload; GET /api/v1/imports lists them.",
    ),
    "quote_or_locator": Text(
        "须给出 quote，或者给出 locator 和 report。",
        "Send either `quote`, or `locator` and `report`.",
    ),
    "no_quote_selector": Text(
        "其中须有一个 TextQuoteSelector。", "One of these must be a TextQuoteSelector."
    ),
    "union_tag_invalid": Text(
        "type 须为 TextQuoteSelector 或 TextPositionSelector。",
        "`type` must be TextQuoteSelector or TextPositionSelector.",
    ),
    "union_tag_not_found": Text("缺少 type。", "`type` is missing."),
    "one_line": Text("须为一行文字。", "This must be one line of text."),
    "model_attributes_type": Text("须为 JSON 对象。", "This must be a JSON object."),
    "model_type": Text("须为 JSON 对象。", "This must be a JSON object."),
}
"""What to say for pydantic's error types; the figures are limits of ours, never input."""

UNREADABLE = Text("无法识别。", "This cannot be understood.")
NO_SUCH_PARAGRAPH = Text("这份报告没有这么多段。", "The report does not have that many paragraphs.")
NO_SUCH_QUOTE = Text("报告里没有这段话。", "The report does not have these words.")
NO_SUCH_REPORT = Text("没有这份报告。", "There is no such report.")

_FIGURES = ("max_length", "min_length", "ge", "le", "expected")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def from_validation(error: RequestValidationError) -> Problem:
    """The problem of a request that does not fit its model, or is no JSON at all."""
    details: Sequence[Mapping[str, object]] = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return Problem(problems.MALFORMED)
    return Problem(problems.INVALID, reasons=[_reason(detail) for detail in details])


def reasons_in(error: ValidationError) -> list[Reason]:
    """Why input was refused that did not come as the body of an HTTP request."""
    return [_reason({**detail, "loc": ("body", *detail["loc"])}) for detail in error.errors()]


def from_http(error: HTTPException, content_type: str = "") -> Problem:
    """The problem of an error that the framework raised: unknown path, method, unreadable body."""
    is_form = content_type.strip().lower().startswith("multipart/")
    kind = {
        400: problems.MALFORMED_FORM if is_form else problems.MALFORMED,
        404: problems.NOT_FOUND,
        405: problems.NO_SUCH_METHOD,
    }.get(error.status_code, problems.OTHER)
    problem = Problem(kind, headers=error.headers)
    problem.status_code = error.status_code
    return problem


def _reason(detail: Mapping[str, object]) -> Reason:
    context = detail.get("ctx")
    figures = context if isinstance(context, Mapping) else {}
    return Reason(
        field=_field(detail["loc"]),
        text=REASONS.get(str(detail["type"]), UNREADABLE),
        figures=tuple((name, figures.get(name, "")) for name in _FIGURES),
    )


def _field(location: object) -> str:
    """``history[0].question`` for ``("body", "history", 0, "question")``.

    Names that clients made up are shown only where they are plain: anything else could carry what
    was sent into a page or a terminal.
    """
    field = ""
    for part in location[1:] if isinstance(location, tuple) else ():
        if isinstance(part, int):
            field += f"[{part}]"
        else:
            name = part if _PLAIN_NAME.fullmatch(str(part)) else "?"
            field += f".{name}" if field else str(name)
    return field or "body"
