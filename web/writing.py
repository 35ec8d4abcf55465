"""``POST /api/v1/write``: an answer with its passages, and what a language model writes over them.

An endpoint of its own, beside ``/api/v1/ask``: that one stays a plain reply in a tenth of a second,
with no language model near it. Here the same reply comes first, at the same speed, as the first
of a stream of events; whatever becomes of the language model, the passages are there already.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from qa import Answer, Answerer, Passage, faults_of

from . import problems
from .answers import ask_reply
from .ask import answer_question, check_reports, json_only
from .ask_models import AskRequest
from .cited_sentences import CitedSentence, CitedSentences
from .llm import MOST_PASSAGES, NONSENSE, LanguageModel, LanguageModelFailed
from .loading import loaded
from .models import Message
from .observing import note_question
from .openapi import event_stream, problem_replies
from .problems import Problem
from .slots import RequestSlots, slots
from .write_models import FaultItem, Unwritten, WriteEnd, WrittenSentence

router = APIRouter(prefix="/api/v1", tags=["ask"])

LONGEST_SENTENCE = 2000
"""Characters; what goes on longer is no answer."""

NOT_ANSWERABLE = Message(
    zh="报告里没有找到答案，所以没有写。",
    en="The reports do not answer this, so nothing is written.",
)
NOTHING = Message(
    zh="大语言模型认为这些段落没有回答问题。",
    en="The language model finds no answer in these passages.",
)
_NOTHING = "没有"
"""What the model is told to write where the passages do not answer."""


def language_model(request: Request) -> LanguageModel:
    """The language model of the application, as a dependency of its routes.

    Raises:
        Problem: there is none.
    """
    model: LanguageModel | None = request.app.state.language_model
    if model is None:
        raise Problem(problems.WRITING_OFF)
    return model


@router.post(
    "/write",
    operation_id="write",
    summary="Ask the reports and have an answer written",
    dependencies=[Depends(json_only)],
    response_class=StreamingResponse,
    responses={
        200: event_stream(
            "Events: `answer` (an `AskReply`), then `sentence` (a `WrittenSentence`) for each "
            "that is written, `unwritten` (an `Unwritten`) if nothing or nothing more is, and "
            "`end` (a `WriteEnd`)."
        ),
        **problem_replies(400, 403, 409, 413, 415, 421, 422, 503, 504),
    },
)
async def write(
    request: Request,
    body: AskRequest,
    model: Annotated[LanguageModel, Depends(language_model)],
    answerer: Annotated[Answerer, Depends(loaded)],
    free: Annotated[RequestSlots, Depends(slots)],
) -> StreamingResponse:
    """Ask, and have the configured language model write an answer over the passages.

    Each sentence says which passages it cites. One whose quotations, figures or addresses are not
    in those, or that cites none, is marked as unsupported. Where the reports do not answer, nothing
    is written.
    """
    started = time.perf_counter()
    note_question(request, body.question)
    check_reports(answerer, body.reports)
    answer = await free.run(lambda: answer_question(answerer, body))
    return StreamingResponse(_events(answer, model, started), media_type="text/event-stream")


async def _events(answer: Answer, model: LanguageModel, started: float) -> AsyncIterator[str]:
    yield _event("answer", ask_reply(answer, took_ms=_since(started)))
    sentences = unsupported = 0
    try:
        async with aclosing(_written(answer, model)) as written:
            async for item in written:
                if isinstance(item, WrittenSentence):
                    sentences, unsupported = item.number, unsupported + (not item.supported)
                    yield _event("sentence", item)
                else:
                    yield _event("unwritten", item)
    except LanguageModelFailed as failure:
        message = Message(zh=failure.text.zh, en=failure.text.en)
        yield _event("unwritten", Unwritten(code=failure.code, message=message))
    end = WriteEnd(sentences=sentences, unsupported=unsupported, took_ms=_since(started))
    yield _event("end", end)


async def _written(
    answer: Answer, model: LanguageModel
) -> AsyncGenerator[WrittenSentence | Unwritten, None]:
    """What is written, sentence by sentence, each judged."""
    if not answer.answerable:
        yield Unwritten(code="not-answerable", message=NOT_ANSWERABLE)
        return
    number = 0
    async with aclosing(_sentences(answer, model)) as sentences:
        async for sentence in sentences:
            if sentence.text.rstrip("。") == _NOTHING and not number:
                yield Unwritten(code="nothing", message=NOTHING)
                return
            number += 1
            yield _judged(number, sentence, answer.passages)
    if not number:
        raise LanguageModelFailed("nonsense", NONSENSE)


async def _sentences(answer: Answer, model: LanguageModel) -> AsyncGenerator[CitedSentence, None]:
    parted = CitedSentences()
    async with aclosing(model.write(answer.resolved_question, answer.passages)) as pieces:
        async for piece in pieces:
            for sentence in parted.add(piece):
                yield sentence
            if parted.pending > LONGEST_SENTENCE:
                raise LanguageModelFailed("nonsense", NONSENSE)
    for sentence in parted.rest():
        yield sentence


def _judged(number: int, sentence: CitedSentence, passages: Sequence[Passage]) -> WrittenSentence:
    """A sentence with its faults. A source that was not given to the model counts as none."""
    given = {passage.rank: passage for passage in passages[:MOST_PASSAGES]}
    cited = [given[rank] for rank in sentence.sources if rank in given]
    faults = [
        FaultItem(kind=fault.kind, text=fault.text, message=Message(zh=fault.zh, en=fault.en))
        for fault in faults_of(sentence.text, cited)
    ]
    return WrittenSentence(
        number=number,
        text=sentence.text,
        sources=[passage.rank for passage in cited],
        supported=not faults,
        faults=faults,
    )


def _event(name: str, data: BaseModel) -> str:
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n"


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
