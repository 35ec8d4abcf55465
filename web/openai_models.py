"""The contract of ``/v1``: OpenAI's Chat Completions, as far as quoting reports can fill it.

Unlike the rest of the contract it takes fields that it does not know: clients send temperature,
max_tokens, user and whatever comes next with every request, and none of them changes a quotation.
Refused is only what would change the form of the reply: several choices, a forced tool, JSON.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from .ask_models import EXAMPLE_QUESTION, AskReply
from .models import Output

MODEL: Final = "youju"
"""The one model there is."""


class Lenient(BaseModel):
    """What OpenAI clients send: unknown fields are left out, known ones have to fit."""

    model_config = ConfigDict(extra="ignore", strict=True)


# The limit is that of a body; with one, pydantic refuses half characters too (lone surrogates).
MessageText = Annotated[str, StringConstraints(max_length=1024 * 1024)]


class TextPart(Lenient):
    """A part of a message. Pictures, sound and files are refused by their type."""

    type: Literal["text"]
    text: MessageText


def _form(content: object) -> str:
    return "parts" if isinstance(content, list) else "text"


Content = Annotated[
    Annotated[MessageText, Tag("text")] | Annotated[list[TextPart], Tag("parts")],
    Discriminator(_form),
]


class ChatMessage(Lenient):
    """A message of the conversation.

    What a ``system`` or ``developer`` message asks for is not done, and what a tool said is left
    out: nothing is generated here that could follow it.
    """

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Content | None = None

    @property
    def text(self) -> str:
        """The content, its parts joined."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(Lenient):
    """What a stream holds besides the answer."""

    include_usage: bool | None = None


class ResponseFormat(Lenient):
    """The form of the answer, which is always text."""

    type: Literal["text"]


class ChatRequest(Lenient):
    """A conversation; its last user message is the question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": EXAMPLE_QUESTION}]},
                {
                    "model": MODEL,
                    "messages": [
                        {"role": "user", "content": EXAMPLE_QUESTION},
                        {"role": "assistant", "content": "粮食产量21.5万吨以上"},
                        {"role": "user", "content": "那城镇新增就业呢？"},
                    ],
                    "stream": True,
                },
            ]
        }
    )

    model: Annotated[str, StringConstraints(max_length=200)] = Field(
        description=f"`{MODEL}`; another one is unknown, with 404."
    )
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=2000,
        description="The last `user` message is the question, the turns before it its history.",
    )
    stream: bool | None = Field(
        default=None, description="Whether to reply with server-sent events."
    )
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(default=None, description="There is one choice.")
    tool_choice: Literal["none", "auto"] | None = Field(
        default=None, description="No tool is ever called, so none can be required."
    )
    response_format: ResponseFormat | None = None


class UrlCitation(Output):
    """The place in a report that a mark such as [1] stands for."""

    start_index: int = Field(description="Of the mark, in characters of `content`.")
    end_index: int
    title: str
    url: str


class Annotation(Output):
    """A citation, in the form that OpenAI gives those of a web search."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AssistantMessage(Output):
    """The answer in Markdown: what the reports say, verbatim, with numbered sources."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]
    youju: AskReply = Field(description="The reply of `POST /api/v1/ask`; the marks are its ranks.")


class Usage(Output):
    """Tokens of a language model, of which there is none here: nothing is generated."""

    prompt_tokens: Literal[0] = 0
    completion_tokens: Literal[0] = 0
    total_tokens: Literal[0] = 0


class Choice(Output):
    """The one answer."""

    index: Literal[0] = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(Output):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970.")
    model: Literal["youju"] = MODEL
    choices: list[Choice]
    usage: Usage = Usage()


class ChunkChoice(Output):
    """A piece of the one answer."""

    index: Literal[0] = 0
    delta: dict[str, Any] = Field(
        description="`role`, then pieces of `content`, then `annotations` and `youju`."
    )
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChatCompletionChunk(Output):
    """A piece of an answer, as one server-sent event; the last event is `[DONE]`."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: Literal["youju"] = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None


class ModelItem(Output):
    """A model that can be named in a request."""

    id: Literal["youju"] = MODEL
    object: Literal["model"] = "model"
    created: int = Field(description="When the service was started, in seconds since 1970.")
    owned_by: Literal["youju"] = "youju"


class ModelList(Output):
    """The models there are."""

    object: Literal["list"] = "list"
    data: list[ModelItem]


class OpenAIErrorDetails(Output):
    """What is wrong with a request, in OpenAI's terms."""

    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="The field that was refused.")
    code: str = Field(description="Stable, for programs: the last part of a problem's `type`.")


class OpenAIError(Output):
    """The body of every reply under `/v1` with a status of 400 or more."""

    error: OpenAIErrorDetails
