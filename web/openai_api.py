"""``/v1``: Youju as a model for whatever speaks OpenAI's Chat Completions.

The answer is what the reports say, quoted, with numbered sources; no language model writes here.
Errors have OpenAI's form (see ``problems.reply``), because its clients read no other.
"""

import time
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from qa import Answerer

from . import problems
from .answer_markdown import MarkedText, answer_markdown, source_title
from .answers import ask_reply
from .ask import answer_question, json_only
from .ask_models import (
    LONGEST_EARLIER_TEXT,
    LONGEST_QUESTION,
    MOST_EARLIER_TURNS,
    AskReply,
    AskRequest,
    EarlierTurn,
)
from .loading import loaded
from .observing import note_question
from .openai_models import (
    MODEL,
    Annotation,
    AssistantMessage,
    ChatCompletion,
    ChatCompletionChunk,
    ChatMessage,
    ChatRequest,
    Choice,
    ChunkChoice,
    ModelItem,
    ModelList,
    UrlCitation,
    Usage,
)
from .openapi import event_stream, openai_replies
from .problems import Problem, Reason, Text
from .slots import RequestSlots, slots

router = APIRouter(prefix="/v1", tags=["openai"])

STARTED = int(time.time())

NO_QUESTION = Text("缺少 user 消息。", "There is no user message.")
EMPTY = Text("不能为空。", "This must not be empty.")
TOO_LONG = Text("最多 {max_length} 个字。", "At most {max_length} characters.")


@router.get(
    "/models",
    operation_id="listModels",
    summary="The models there are",
    responses=openai_replies(421),
)
async def list_models() -> ModelList:
    """One: the reports."""
    return ModelList(data=[ModelItem(created=STARTED)])


@router.get(
    "/models/{model}",
    operation_id="getModel",
    summary="One model",
    responses=openai_replies(404, 421),
)
async def get_model(model: str) -> ModelItem:
    """The model, if it is the one there is."""
    _check_model(model)
    return ModelItem(created=STARTED)


@router.post(
    "/chat/completions",
    operation_id="createChatCompletion",
    summary="Ask the reports as OpenAI's clients do",
    dependencies=[Depends(json_only)],
    response_model=ChatCompletion,
    responses={
        200: event_stream("With `stream`: chunks, each a `ChatCompletionChunk`, then `[DONE]`."),
        **openai_replies(400, 403, 404, 413, 415, 421, 503, 504),
    },
)
async def create_chat_completion(
    request: Request,
    body: ChatRequest,
    answerer: Annotated[Answerer, Depends(loaded)],
    free: Annotated[RequestSlots, Depends(slots)],
) -> ChatCompletion | Response:
    """Answer the last user message from the reports, with numbered sources, whole or as a stream.

    Citations stand beside the text twice: in `annotations`, as OpenAI gives those of a web search,
    and in `youju`, which is the whole reply of `POST /api/v1/ask`.
    """
    _check_model(body.model)
    asked = _asked(body.messages)
    note_question(request, asked.question)
    started = time.perf_counter()
    answer = await free.run(lambda: answer_question(answerer, asked))
    reply = ask_reply(answer, took_ms=(time.perf_counter() - started) * 1000)
    base = str(request.base_url).rstrip("/")
    written = answer_markdown(reply, base)
    completion = _completion(request.state.request_id, written, reply, base)
    if not body.stream:
        return completion
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    events = _events(completion, with_usage=with_usage)
    return StreamingResponse(events, media_type="text/event-stream")


def _check_model(name: str) -> None:
    if name != MODEL:
        raise Problem(problems.UNKNOWN_MODEL)


def _asked(messages: Sequence[ChatMessage]) -> AskRequest:
    """The question and its history; of a long history what the contract of asking takes.

    Raises:
        Problem: there is no question, or it is too long.
    """
    last = max((i for i, message in enumerate(messages) if message.role == "user"), default=None)
    if last is None:
        raise Problem(problems.INVALID, reasons=[Reason("messages", NO_QUESTION)])
    question = messages[last].text.strip()
    if not question or len(question) > LONGEST_QUESTION:
        figures = (("max_length", LONGEST_QUESTION),)
        reason = Reason(f"messages[{last}].content", TOO_LONG if question else EMPTY, figures)
        raise Problem(problems.INVALID, reasons=[reason])
    return AskRequest(question=question, history=_history(messages[:last]))


def _history(messages: Sequence[ChatMessage]) -> list[EarlierTurn]:
    """Earlier questions, each with what was answered up to the next one."""
    turns: list[tuple[str, str]] = []
    for message in messages:
        if message.role == "user":
            turns.append((message.text, ""))
        elif message.role == "assistant" and turns:
            question, answer = turns[-1]
            turns[-1] = (question, f"{answer}\n{message.text}".strip())
    return [
        EarlierTurn(question=question[:LONGEST_EARLIER_TEXT], answer=answer[:LONGEST_EARLIER_TEXT])
        for question, answer in turns[-MOST_EARLIER_TURNS:]
    ]


def _completion(identity: str, written: MarkedText, reply: AskReply, base: str) -> ChatCompletion:
    message = AssistantMessage(
        content=written.text,
        annotations=[
            Annotation(
                url_citation=UrlCitation(
                    start_index=mark.start,
                    end_index=mark.end,
                    title=source_title(mark.passage),
                    url=f"{base}{mark.passage.url}",
                )
            )
            for mark in written.marks
        ],
        youju=reply,
    )
    return ChatCompletion(
        id=f"chatcmpl-{identity}", created=int(time.time()), choices=[Choice(message=message)]
    )


async def _events(completion: ChatCompletion, *, with_usage: bool) -> AsyncIterator[str]:
    """A completion as server-sent events: role, lines, citations, end, and usage if asked for."""
    message = completion.choices[0].message
    deltas: list[dict[str, object]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": line} for line in message.content.splitlines(keepends=True)]
    deltas.append(message.model_dump(mode="json", include={"annotations", "youju"}))
    for delta in deltas:
        yield _event(_chunk(completion, [ChunkChoice(delta=delta)]))
    yield _event(_chunk(completion, [ChunkChoice(delta={}, finish_reason="stop")]))
    if with_usage:
        yield _event(_chunk(completion, [], Usage()))
    yield "data: [DONE]\n\n"


def _chunk(
    completion: ChatCompletion, choices: list[ChunkChoice], usage: Usage | None = None
) -> ChatCompletionChunk:
    return ChatCompletionChunk(
        id=completion.id, created=completion.created, choices=choices, usage=usage
    )


def _event(chunk: ChatCompletionChunk) -> str:
    return f"data: {chunk.model_dump_json()}\n\n"
