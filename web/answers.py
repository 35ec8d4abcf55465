"""From an ``Answer`` to the contract's reply: places, locators and citations of its passages."""

from typing import Any

from qa import Answer, Figure, Passage

from .ask_models import (
    AnswerQuote,
    AskReply,
    ComparedItem,
    FigureItem,
    LackItem,
    PassageItem,
    PlaceItem,
    RespellingItem,
    SubjectItem,
    SynonymItem,
    UnderstoodItem,
    WhyItem,
    YearItem,
)
from .models import Message
from .passages import cited_fields, report_reference, report_url


def answer_reply(answer: Answer) -> dict[str, Any]:
    """An answer as JSON for the command line: the reply of ``POST /api/v1/ask``, untimed."""
    return ask_reply(answer, took_ms=0).model_dump(mode="json", exclude={"took_ms"})


def ask_reply(answer: Answer, *, took_ms: float) -> AskReply:
    """An answer as the HTTP contract gives it."""
    found = answer.quote
    return AskReply(
        question=answer.question,
        resolved_question=answer.resolved_question,
        answerable=answer.answerable,
        confidence=round(answer.confidence, 4),
        answer=None if found is None else AnswerQuote(text=found.text, passage=found.passage),
        passages=[_passage(passage) for passage in answer.passages],
        understood=_understood(answer),
        silent=list(answer.silent),
        lacks=[
            LackItem(
                kind=lack.kind,
                asked=list(lack.asked),
                found=list(lack.found),
                subject=lack.subject,
                message=Message(zh=lack.zh, en=lack.en),
            )
            for lack in answer.lacks
        ],
        comparison=_comparison(answer),
        snapshot=answer.snapshot,
        took_ms=round(took_ms, 1),
    )


def _comparison(answer: Answer) -> list[ComparedItem]:
    texts = {passage.rank: passage.text for passage in answer.passages}
    return [
        ComparedItem(
            subject=line.subject,
            passage=line.passage,
            figure=_figure(line.figure, texts[line.passage])
            if line.figure and line.passage
            else None,
            confidence=round(line.confidence, 4),
        )
        for line in answer.comparison
    ]


def _understood(answer: Answer) -> UnderstoodItem:
    query, understood = answer.query, answer.understood
    return UnderstoodItem(
        asks_for=understood.asked.kind,
        subjects=[
            SubjectItem(
                text=understood.text[mention.start : mention.end],
                name=mention.subject.name,
                reports=sorted(mention.subject.all_reports),
            )
            for mention in understood.mentions
        ],
        years=[
            YearItem(
                text=understood.text[time.start : time.end], year=time.year, offset=time.offset
            )
            for time in understood.times
        ],
        every_report=understood.every is not None,
        respellings=[
            RespellingItem(wrong=respelling.wrong, right=respelling.right)
            for respelling in query.respellings
        ],
        synonyms=[
            SynonymItem(word=expansion.word, synonyms=list(expansion.synonyms))
            for expansion in query.expansions
        ],
    )


def _passage(passage: Passage) -> PassageItem:
    return PassageItem(
        **cited_fields(passage),
        figures=[_figure(figure, passage.text) for figure in passage.figures],
        subject=passage.subject,
        why=WhyItem(
            words=list(passage.why.words),
            similarity=passage.why.similarity,
            named=passage.why.named,
        ),
        also=[
            PlaceItem(
                report=report_reference(place.report),
                paragraph=place.paragraph,
                url=report_url(place.report, place.paragraph),
            )
            for place in passage.also
        ],
    )


def _figure(figure: Figure, text: str) -> FigureItem:
    return FigureItem(
        start=figure.start,
        end=figure.end,
        text=text[figure.start : figure.end],
        value=None if figure.value is None else float(figure.value),
        upper=None if figure.upper is None else float(figure.upper),
        unit=figure.unit,
        quantity=figure.quantity,
        qualifiers=list(figure.qualifiers),
        bound=figure.bound,
        direction=figure.direction,
        iso=figure.iso,
    )
