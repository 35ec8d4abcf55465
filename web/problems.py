"""Errors as clients see them: RFC 9457 problem details, in Chinese or English.

A problem says what is wrong and what to do. It never repeats what was sent: input that breaks one
program is apt to break the next one that logs or shows it. ``instance`` is the id of the request,
which the log of an unexpected error carries too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

Language = Literal["zh", "en"]

MEDIA_TYPE = "application/problem+json"
OPENAI_PATHS = "/v1/"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; ``{…}`` stand for figures of ours, never for input."""

    zh: str
    en: str

    def say(self, language: Language, **figures: object) -> str:
        """The text in a language, with its figures."""
        return (self.zh if language == "zh" else self.en).format(**figures)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name (stable, for programs), HTTP status and texts (for people)."""

    name: str
    status: int
    title: Text
    detail: Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one field of a request was refused."""

    field: str
    text: Text
    figures: tuple[tuple[str, object], ...] = ()

    def say(self, language: Language) -> str:
        """The reason in a language."""
        return self.text.say(language, **dict(self.figures))


class Problem(HTTPException):
    """A request that cannot be served, with all that its reply needs."""

    def __init__(
        self,
        kind: Kind,
        *,
        reasons: Sequence[Reason] = (),
        headers: Mapping[str, str] | None = None,
        **figures: object,
    ) -> None:
        super().__init__(status_code=kind.status, detail=kind.name, headers=headers)
        self.kind = kind
        self.reasons = tuple(reasons)
        self.figures = figures


INVALID = Kind(
    "invalid-request",
    422,
    Text("请求内容不合要求", "The request does not fit the contract"),
    Text("请按 errors 中的说明修改后再试。", "Correct what `errors` lists and try again."),
)
MALFORMED = Kind(
    "malformed-json",
    400,
    Text("请求不是有效的 JSON", "The request is not valid JSON"),
    Text(
        "请求正文须为 UTF-8 编码的 JSON，且嵌套不能过深。",
        "Send a JSON body in UTF-8 that is not nested too deeply.",
    ),
)
MALFORMED_FORM = Kind(
    "malformed-form",
    400,
    Text("请求不是有效的表单", "The request is not a valid form"),
    Text(
        "请以 multipart/form-data 发送文件，每个文件一个部分。",
        "Send files as multipart/form-data, each as a part of its own.",
    ),
)
NOT_JSON = Kind(
    "unsupported-media-type",
    415,
    Text("不支持这种内容类型", "Unsupported media type"),
    Text("请以 Content-Type: application/json 发送。", "Send Content-Type: application/json."),
)
NOT_MERGE_PATCH = Kind(
    "unsupported-media-type",
    415,
    Text("不支持这种内容类型", "Unsupported media type"),
    Text(
        "请以 Content-Type: application/merge-patch+json 发送。",
        "Send Content-Type: application/merge-patch+json.",
    ),
)
TOO_LARGE = Kind(
    "body-too-large",
    413,
    Text("请求太大", "The request is too large"),
    Text("请求正文最多 {kib} KiB。", "A request body may have {kib} KiB at most."),
)
UNKNOWN_REPORT = Kind(
    "unknown-report",
    404,
    Text("没有这份报告", "No such report"),
    Text(
        "报告可能已移走或改名；现有报告见 /api/v1/reports。",
        "It may have been moved or renamed; /api/v1/reports lists those at hand.",
    ),
)
CHANGED_MEANWHILE = Kind(
    "changed-meanwhile",
    412,
    Text("报告已经改过", "The report has changed"),
    Text(
        "别人刚改过这份报告，没有覆盖。请重新读取后再改。",
        "Someone has changed this report meanwhile; nothing was overwritten. "
        "Read it again before you change it.",
    ),
)
UNKNOWN_MODEL = Kind(
    "model_not_found",  # OpenAI's own name for it
    404,
    Text("没有这个模型", "No such model"),
    Text("可用的模型只有 youju。", "The only model here is youju."),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    Text("没有这个地址", "No such address"),
    Text("可用的地址见 /openapi.json。", "/openapi.json lists the addresses there are."),
)
NO_SUCH_METHOD = Kind(
    "method-not-allowed",
    405,
    Text("这个地址不支持该方法", "Method not allowed here"),
    Text("可用的方法见 Allow 标头。", "The Allow header lists the methods that are."),
)
WRONG_HOST = Kind(
    "wrong-host",
    421,
    Text("不认识这个主机名", "Unknown host name"),
    Text(
        "请用本机地址访问，或在 YOUJU_ALLOWED_HOSTS 中加入这个名称。",
        "Use this machine's address, or add the name to YOUJU_ALLOWED_HOSTS.",
    ),
)
WRITING_OFF = Kind(
    "writing-off",
    409,
    Text("没有开启写作", "Writing is not turned on"),
    Text(
        "启动服务时用 YOUJU_LLM_URL 和 YOUJU_LLM_MODEL 指定大语言模型；只要原文，用 /api/v1/ask。",
        "Name a language model with YOUJU_LLM_URL and YOUJU_LLM_MODEL when the service starts; "
        "/api/v1/ask quotes without one.",
    ),
)
LOADING = Kind(
    "loading",
    503,
    Text("正在装载报告", "Reports are being loaded"),
    Text("服务刚启动，请稍候再试。", "The service has just started; try again shortly."),
)
LOAD_FAILED = Kind(
    "load-failed",
    503,
    Text("报告装载失败", "Reports could not be loaded"),
    Text("{reason}", "{reason}"),
)
TOO_SLOW = Kind(
    "too-slow",
    504,
    Text("没有及时完成", "This took too long"),
    Text(
        "{seconds} 秒内没有完成。请缩短或拆开后再试；管理员可以用 YOUJU_QUESTION_SECONDS 放宽。",
        "It was not done within {seconds} seconds. Send less at once; whoever runs the service can "
        "allow more with YOUJU_QUESTION_SECONDS.",
    ),
)
CLIENT_GONE = Kind(  # nobody hears this; the number is nginx's, for logs
    "client-gone",
    499,
    Text("对方已离开", "The client went away"),
    Text("请求没有处理。", "The request was not served."),
)
BODY_TOO_SLOW = Kind(
    "body-too-slow",
    408,
    Text("请求发送得太慢", "The request came too slowly"),
    Text(
        "{seconds} 秒内没有收到其余内容，请检查网络后再试。",
        "The rest did not come within {seconds} seconds; check the network and try again.",
    ),
)
BUSY = Kind(
    "busy",
    503,
    Text("请求太多", "Too many requests at once"),
    Text("请稍候再试。", "Try again shortly."),
)
INDEXING = Kind(
    "indexing",
    503,
    Text("正在更新索引", "The index is being updated"),
    Text(
        "另一项更正或索引还没有完成，请稍候再试。",
        "Another change is under way; try again shortly.",
    ),
)
STORE_UNAVAILABLE = Kind(
    "store-unavailable",
    503,
    Text("暂时连不上存放报告的 Milvus", "The Milvus that has the reports cannot be reached"),
    Text(
        "请稍候再试。一直如此的话，请管理员检查 Milvus 是否在运行，原因在服务的日志里。",
        "Try again shortly. If this goes on, whoever runs the service should look at Milvus and at "
        "the service's log.",
    ),
)
NOT_KEPT = Kind(
    "not-kept",
    503,
    Text("没有保存", "Nothing was kept"),
    Text("{reason}", "{reason}"),
)
LAST_REPORT = Kind(
    "last-report",
    409,
    Text("这是最后一份报告", "This is the last report"),
    Text(
        "至少要留一份报告。请先上传别的报告，再移除它。",
        "One report must stay. Upload another one first.",
    ),
)
NO_ORIGINAL = Kind(
    "no-original",
    404,
    Text("没有留存原文件，或已损坏", "The file was not kept, or is damaged"),
    Text(
        "请重新上传这份报告，或重新运行 youju index 报告文件夹。",
        "Upload the report again, or run youju index on its folder again.",
    ),
)
UNKNOWN_IMPORT = Kind(
    "unknown-import",
    404,
    Text("没有这次上传", "No such upload"),
    Text(
        "上传的文件处理完一段时间后不再列出；现有的见 /api/v1/imports。",
        "Uploads are listed for a while after they are settled; /api/v1/imports has them.",
    ),
)
NO_PAGES = Kind(
    "no-pages",
    404,
    Text("这份报告没有固定的页", "This report has no pages"),
    Text(
        "只有 PDF 文件和图片有原页可看；请查看报告的文字。",
        "Only PDF files and pictures have pages to be seen; see the report's text.",
    ),
)
NO_SUCH_PAGE = Kind(
    "no-such-page",
    404,
    Text("没有这一页", "No such page"),
    Text(
        "原文件没有这一页，或者这一页已损坏。各页见 pages。",
        "The file has no such page, or the page is broken; `pages` lists them.",
    ),
)
NOT_DRAWN = Kind(
    "not-drawn",
    503,
    Text("原页无法显示", "The page cannot be shown"),
    Text("{reason}", "{reason}"),
)
UNREADABLE_ARTICLE = Kind(
    "unreadable-article",
    422,
    Text("文稿读不了", "The article cannot be read"),
    Text("{reason}", "{reason}"),
)
NOT_READ = Kind(
    "not-read",
    503,
    Text("文稿没有读成", "The article was not read"),
    Text("{reason}", "{reason}"),
)
TOKEN_NEEDED = Kind(
    "token-needed",
    401,
    Text("需要令牌", "A token is needed"),
    Text(
        "请发送 Authorization: Bearer 令牌，或在网页上登录。令牌向管理员索取（youju token add）。",
        "Send `Authorization: Bearer …`, or sign in on the page. Whoever runs the service makes "
        "tokens with `youju token add`.",
    ),
)
TOKEN_WRONG = Kind(
    "token-wrong",
    401,
    Text("令牌无效", "The token is not valid"),
    Text(
        "请检查是否完整；也可能已被收回，请向管理员索取新的。",
        "Check that it is whole. It may also have been taken back; ask for a new one.",
    ),
)
ROLE_NEEDED = Kind(
    "role-needed",
    403,
    Text("这个令牌不能管理报告", "This token may not manage reports"),
    Text(
        "添加、更正、移除报告须用角色为 manage 的令牌。",
        "Adding, correcting and removing reports needs a token with the role `manage`.",
    ),
)
TOKENS_UNREADABLE = Kind(
    "tokens-unreadable",
    503,
    Text("令牌文件无法读取", "The file of tokens cannot be read"),
    Text(
        "请管理员运行 youju token list 查看原因。",
        "Whoever runs the service: `youju token list` says why.",
    ),
)
FOREIGN_ORIGIN = Kind(
    "foreign-origin",
    403,
    Text("请求来自别的网站", "The request comes from another site"),
    Text(
        "只有本服务自己的页面和程序可以改动报告。",
        "Only this service's own pages, and programs, may change anything.",
    ),
)
UNEXPECTED = Kind(
    "unexpected",
    500,
    Text("服务出错了", "Something went wrong here"),
    Text(
        "错误已记入日志；报告问题时请附上请求编号。",
        "The error is logged; quote the request id when you report it.",
    ),
)
OTHER = Kind(
    "refused",
    400,
    Text("请求被拒绝", "The request was refused"),
    Text("请求不符合 HTTP 的要求。", "The request breaks a rule of HTTP."),
)

SHOWN_REASONS = 8
"""More reasons than this are left out: a problem stays under 2 kB."""


def reply(problem: Problem, scope: Scope) -> Response:
    """The HTTP reply to a problem, in the language that the client asked for.

    Under ``/v1`` it has OpenAI's form and statuses, because OpenAI's clients read no other.
    """
    language = language_of(Headers(scope=scope))
    if scope["path"].startswith(OPENAI_PATHS):
        status = 400 if problem.status_code == INVALID.status else problem.status_code
        body, media_type = _openai_body(problem, language), "application/json"
    else:
        status = problem.status_code
        body, media_type = _problem_body(problem, language, scope), MEDIA_TYPE
    return Response(
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status_code=status,
        headers={
            **(problem.headers or {}),
            "Content-Language": "zh-CN" if language == "zh" else "en",
            "Vary": "Accept-Language",
        },
        media_type=media_type,
    )


def _problem_body(problem: Problem, language: Language, scope: Scope) -> dict[str, object]:
    kind = problem.kind
    body: dict[str, object] = {
        "type": f"urn:youju:problem:{kind.name}",
        "title": kind.title.say(language),
        "status": problem.status_code,
        "detail": kind.detail.say(language, **problem.figures),
        "instance": f"urn:uuid:{scope['state']['request_id']}",
    }
    if problem.reasons:
        body["errors"] = [
            {"field": field, "reason": reason} for field, reason in _reasons(problem, language)
        ]
    return body


def _openai_body(problem: Problem, language: Language) -> dict[str, object]:
    """As OpenAI's API describes errors; its clients show the message as it stands."""
    kind, colon = problem.kind, "：" if language == "zh" else ": "
    reasons = _reasons(problem, language)
    said = [f"{field}{colon}{reason}" for field, reason in reasons]
    detail = kind.detail.say(language, **problem.figures)
    message = f"{kind.title.say(language)}{colon}{' '.join(said) or detail}"
    return {
        "error": {
            "message": message,
            "type": "server_error" if problem.status_code >= 500 else "invalid_request_error",
            "param": reasons[0][0] if reasons else None,
            "code": kind.name,
        }
    }


def _reasons(problem: Problem, language: Language) -> list[tuple[str, str]]:
    return [(reason.field, reason.say(language)) for reason in problem.reasons[:SHOWN_REASONS]]


def language_of(headers: Headers) -> Language:
    """English where ``Accept-Language`` prefers it to Chinese, else Chinese."""
    weights = {"zh": 0.0, "en": 0.0}
    for item in headers.get("accept-language", "").split(","):
        tag, _, weight = item.partition(";")
        name = tag.strip().lower().split("-")[0]
        if name in weights:
            weights[name] = max(weights[name], _quality(weight))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameter: str) -> float:
    """The number of ``q=0.8``; 1 where there is none, 0 where it is none."""
    _, equals, number = parameter.partition("=")
    try:
        return float(number) if equals else 1.0
    except ValueError:
        return 0.0
