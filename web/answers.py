"""From an ``Answer`` to the contract's reply: places, locators and citations of its passages."""

from base64 import urlsafe_b64encode
from urllib.parse import quote

from corpus import Report, row_of
from qa import Answer, Figure, Passage, cite

from .ask_models import (
    AnswerQuote,
    AskReply,
    CitationTexts,
    ComparedItem,
    FigureItem,
    LackItem,
    PassageItem,
    PlaceItem,
    ReportReference,
    RespellingItem,
    SourceRange,
    SpecificResource,
    SubjectItem,
    SynonymItem,
    TextPositionSelector,
    TextQuoteSelector,
    UnderstoodItem,
    WhyItem,
    YearItem,
)
from .models import Message

CONTEXT = 32
"""Characters of prefix and suffix: enough to tell apart the stock phrases of work reports."""


def answer_json(answer: Answer) -> str:
    """An answer as JSON for the command line: the reply of ``POST /api/v1/ask``, untimed."""
    return ask_reply(answer, took_ms=0).model_dump_json(exclude={"took_ms"})


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
    report, citation = passage.report, cite(passage)
    return PassageItem(
        rank=passage.rank,
        score=round(passage.score, 4),
        text=passage.text,
        kind=passage.kind,
        highlights=list(passage.highlights),
        figures=[_figure(figure, passage.text) for figure in passage.figures],
        subject=passage.subject,
        why=WhyItem(
            words=list(passage.why.words),
            similarity=passage.why.similarity,
            named=passage.why.named,
        ),
        report=_reference(report),
        section=list(passage.section),
        paragraph=passage.paragraph,
        source=_range(passage),
        locator=_locator(passage),
        target=_target(report),
        citation=CitationTexts(
            gbt7714=citation.gbt7714,
            markdown=citation.markdown,
            missing=list(citation.missing),
        ),
        url=passage_url(report, passage.paragraph),
        also=[
            PlaceItem(
                report=_reference(place.report),
                paragraph=place.paragraph,
                url=passage_url(place.report, place.paragraph),
            )
            for place in passage.also
        ],
    )


def _reference(report: Report) -> ReportReference:
    return ReportReference(
        id=report.id,
        title=report.title,
        date=report.date,
        publisher=report.publisher,
        file=report.file,
    )


def passage_url(report: Report, paragraph: int) -> str:
    """Path and fragment of the page that shows a paragraph in its report."""
    return f"/reports/{quote(report.id, safe='')}#p{paragraph}"


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


def _range(passage: Passage) -> SourceRange:
    first, last = passage.source[0], passage.source[-1]
    return SourceRange(start=first.start, end=last.end, page=first.page)


def _target(report: Report) -> SpecificResource:
    digest = urlsafe_b64encode(bytes.fromhex(report.sha256)).decode().rstrip("=")
    return SpecificResource(source=f"ni:///sha-256;{digest}")


def _locator(passage: Passage) -> list[TextQuoteSelector | TextPositionSelector]:
    """Selectors of the W3C Web Annotation model, https://www.w3.org/TR/annotation-model/#selectors.

    A passage whose paragraph is broken by a column or a page has several spans; its position runs
    from the start of the first to the end of the last. Of a table the row is found: other rows
    may stand between it and its head.
    """
    source, place = passage.report.source, _range(passage)
    row = row_of(passage.text)[1] if passage.kind == "table" else 0
    return [
        TextQuoteSelector(
            exact=passage.text[row:],
            prefix=source[max(0, place.start - CONTEXT) : place.start],
            suffix=source[place.end : place.end + CONTEXT],
        ),
        TextPositionSelector(start=place.start, end=place.end),
    ]
