"""A client of the service for Python programs: typed replies, and errors that say what to do.

    from youju import Client

    with Client() as youju:
        reply = youju.ask("青岚县今年粮食产量目标是多少？")
        print(reply.answer.text if reply.answer else "报告里没有")

Replies are the models of the HTTP contract itself, so that the two cannot differ. Errors are
those of ``client_errors``; all methods may raise ``ClientError``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar
from urllib.parse import quote, urlencode

from qa import Format, Style

from .ask_models import AskReply, PassageItem
from .connection import Connection, Reply
from .export_models import LONGEST_TITLE
from .import_models import ImportItem, ImportList, RemovedItem, RemovedList
from .models import (
    PageItem,
    PageList,
    ParagraphItem,
    ParagraphList,
    ReportDetail,
    ReportItem,
    ReportList,
    Service,
)
from .proofread_models import ProofreadReply
from .verify_models import VerifyReply
from .write_models import Unwritten, WriteEnd, WrittenSentence

ADDRESS = "http://127.0.0.1:8000"

_PAGE = 1000

ListReply = TypeVar("ListReply", ReportList, ParagraphList, PageList)

_EVENTS: dict[str, type[AskReply | WrittenSentence | Unwritten | WriteEnd]] = {
    "answer": AskReply,
    "sentence": WrittenSentence,
    "unwritten": Unwritten,
    "end": WriteEnd,
}


class Client:
    """A connection to a running service. Safe to use from several threads."""

    def __init__(
        self,
        url: str = ADDRESS,
        *,
        token: str | None = None,
        timeout: float = 30.0,
        retries: int = 4,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: address of the service.
            token: from ``youju token add``, where the service asks for one.
            timeout: seconds to wait for a connection, and for a reply.
            retries: how often to try again when the service says that it will soon be ready (503
                with ``Retry-After``); each waits as long as it says.
        """
        self._connection = Connection(url, token=token, timeout=timeout, retries=retries)

    @property
    def url(self) -> str:
        """Address of the service; those of passages are below it."""
        return self._connection.url

    def __enter__(self) -> Self:
        """Use the client for a while."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._connection.close()

    def service(self) -> Service:
        """What runs there: version and features. Replies while reports are still loaded.

        Raises:
            ClientError: there is no reply, or none that was expected.
        """
        return self._get(Service, "/api/v1/service")

    def ask(
        self,
        question: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        top_k: int | None = None,
        reports: Sequence[str] | None = None,
        group_by: Literal["report"] | None = None,
    ) -> AskReply:
        """Ask the reports.

        Args:
            question: 1 to 2,000 characters.
            history: earlier turns, oldest first: each question and what was answered.
            top_k: how many passages, 1 to 50; the service decides if None.
            reports: ids of the reports to search, all if None.
            group_by: ``"report"`` for only the best passage of each report.

        Raises:
            RequestInvalid: the question is empty or too long, a report is unknown, and so on.
            ClientError: otherwise.
        """
        body = _asked(question, history, top_k, reports, group_by)
        return self._connection.reply(AskReply, "POST", "/api/v1/ask", json=body)

    def write(
        self,
        question: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        top_k: int | None = None,
        reports: Sequence[str] | None = None,
        group_by: Literal["report"] | None = None,
    ) -> Iterator[AskReply | WrittenSentence | Unwritten | WriteEnd]:
        """Ask, and have the service's language model write over the passages.

        Args:
            question: as for ``ask``, like the others.
            history: earlier turns.
            top_k: how many passages.
            reports: ids of the reports to search.
            group_by: ``"report"`` or None.

        Yields:
            The reply of ``ask`` at once, then sentences as they are written, why nothing more is if
            that is so, and the end.

        Raises:
            RequestRefused: the service has no language model (``service().features.writing``).
            ClientError: otherwise.
        """
        body = _asked(question, history, top_k, reports, group_by)
        reply = self._connection.send("POST", "/api/v1/write", json=body, stream=True)
        with closing(reply), self._connection.reaching():
            name = ""
            for line in reply.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name in _EVENTS:
                    yield self._connection.parsed(_EVENTS[name], value)

    def verify(self, quotation: str, *, report: str | None = None) -> VerifyReply:
        """Check a quotation: verbatim, changed (with the difference), or missing.

        Args:
            quotation: without quotation marks around it.
            report: id of the only report to look in; all if None.

        Raises:
            RequestInvalid: the quotation is empty or too long, or the report unknown.
            ClientError: otherwise.
        """
        body: dict[str, object] = {"quote": quotation, "report": report}
        return self._connection.reply(VerifyReply, "POST", "/api/v1/verify", json=body)

    def proofread(self, text: str) -> ProofreadReply:
        """Check every quotation of a Markdown text: what stands in marks and in block quotations.

        Args:
            text: at most 150,000 characters.

        Raises:
            RequestInvalid: the text is empty or too long, or quotes too much.
            ClientError: otherwise.
        """
        return self._connection.reply(
            ProofreadReply, "POST", "/api/v1/proofread", json={"text": text}
        )

    def proofread_file(self, file: str | PathLike[str]) -> ProofreadReply:
        """Check every quotation of an article in a file; the service keeps nothing of it.

        Args:
            file: Markdown or Word (``.docx``).

        Raises:
            OSError: the file cannot be read.
            RequestInvalid: it is of another type, empty, broken or too large, or quotes too much.
            ClientError: otherwise.
        """
        part = ("file", (Path(file).name, Path(file).read_bytes()))
        path = "/api/v1/proofread/file"
        return self._connection.reply(ProofreadReply, "POST", path, files=[part])

    def cite(
        self,
        passages: Iterable[PassageItem],
        *,
        style: Style = "gbt7714-2025",
        form: Format = "text",
    ) -> str:
        """References to passages, as a list or as a file to import.

        Args:
            passages: of replies, in the order in which they are cited.
            style: of ``text`` and ``markdown``.
            form: the format.

        Raises:
            ClientError: otherwise.
        """
        names = [f"{passage.report.id}:{passage.paragraph}" for passage in passages]
        query = urlencode({"passage": names, "style": style, "format": form}, doseq=True)
        return self._connection.send("GET", f"/api/v1/citations?{query}").text

    def export(
        self,
        replies: Sequence[AskReply],
        *,
        title: str | None = None,
        form: Literal["markdown", "docx"] = "markdown",
    ) -> bytes:
        """A conversation as a file: questions, answers and sources.

        Args:
            replies: of ``ask``, in order; at most 200.
            title: of the file; the first question if None.
            form: Markdown in UTF-8, or a Word document.

        Raises:
            RequestInvalid: there are no replies, or too many.
            ClientError: otherwise.
        """
        first = replies[0].question if replies else "-"
        body: dict[str, object] = {
            "title": title or first[:LONGEST_TITLE],
            "format": form,
            "turns": [self._turn(reply) for reply in replies],
        }
        return self._connection.send("POST", "/api/v1/export", json=body).content

    def send_feedback(
        self,
        question: str,
        passage: PassageItem,
        *,
        right: bool,
        history: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Say whether a passage answers a question; ``youju eval`` makes questions of such marks.

        Args:
            question: as it was asked.
            passage: of the reply.
            right: whether it answers.
            history: earlier turns, as of ``ask``.

        Raises:
            RequestInvalid: the passage's report has changed, and no longer says this.
            ClientError: otherwise.
        """
        start, end = next(iter(passage.highlights), (0, len(passage.text)))
        body = {
            "question": question,
            "history": _turns(history),
            "report": passage.report.id,
            "paragraph": passage.paragraph,
            "quote": passage.text[start:end],
            "right": right,
        }
        self._connection.send("POST", "/api/v1/feedback", json=body)

    def reports(self) -> Iterator[ReportItem]:
        """All reports, in the order they were indexed; fetched page by page.

        Raises:
            ClientError: otherwise.
        """
        for part in self._parts(ReportList, "/api/v1/reports"):
            yield from part.items

    def report(self, report_id: str) -> ReportDetail:
        """One report with its outline.

        Raises:
            NotFound: there is no such report.
            ClientError: otherwise.
        """
        return self._get(ReportDetail, _path(report_id))

    def paragraphs(self, report_id: str) -> Iterator[ParagraphItem]:
        """All paragraphs of a report, in order; fetched page by page.

        Raises:
            NotFound: there is no such report.
            ClientError: otherwise.
        """
        for part in self._parts(ParagraphList, f"{_path(report_id)}/paragraphs"):
            yield from part.items

    def pages(self, report_id: str) -> Iterator[PageItem]:
        """The pages of a report that is a PDF or a picture, with their sizes; fetched in parts.

        Raises:
            NotFound: there is no such report, or it has no pages.
            ClientError: otherwise.
        """
        for part in self._parts(PageList, f"{_path(report_id)}/pages"):
            yield from part.items

    def page_image(self, report_id: str, number: int, *, width: int = 1200) -> bytes:
        """A page as it is printed, as PNG.

        Args:
            report_id: of the report.
            number: of the page, from 1.
            width: of the image in pixels, 200 to 2000; at most.

        Raises:
            NotFound: there is no such report, or no such page.
            ClientError: otherwise.
        """
        path = f"{_path(report_id)}/pages/{number}?width={width}"
        return self._connection.send("GET", path).content

    def correct(self, report_id: str, changes: Mapping[str, object]) -> ReportDetail:
        """Correct fields of a report's metadata, and get it as it is now.

        Args:
            report_id: of the report.
            changes: new values by field, such as ``{"date": "2025-01-18"}``; an empty one says that
                the report has none, None goes back to what was read.

        Raises:
            NotFound: there is no such report.
            RequestInvalid: there is no such field, or its value cannot be used.
            ClientError: otherwise.
        """
        path = _path(report_id)
        return self._connection.reply(ReportDetail, "PATCH", path, json=dict(changes))

    def upload(self, files: Iterable[str | PathLike[str]]) -> list[ImportItem]:
        """Upload reports; they are read and indexed in the background, see ``wait_for``.

        Args:
            files: of the types that Youju reads, at most 100.

        Raises:
            OSError: a file cannot be read.
            RequestInvalid: a file is of another type, or empty, or all are too large together.
            ClientError: otherwise.
        """
        parts = [("files", (Path(file).name, Path(file).read_bytes())) for file in files]
        path = "/api/v1/reports"
        return self._connection.reply(ImportList, "POST", path, files=parts).items

    def imports(self) -> list[ImportItem]:
        """What becomes of uploads: those under way and the latest that are settled, oldest first.

        Raises:
            ClientError: otherwise.
        """
        return self._get(ImportList, "/api/v1/imports").items

    def wait_for(self, imports: Iterable[ImportItem]) -> list[ImportItem]:
        """Wait until uploads are done or have failed, and say which.

        Args:
            imports: from ``upload`` or ``reread``.

        Raises:
            ClientError: otherwise.
        """
        ids = [one.id for one in imports]
        query = urlencode({"id": ids}, doseq=True)
        reply = self._connection.send("GET", f"/api/v1/imports/events?{query}", stream=True)
        with closing(reply), self._connection.reaching():
            for _ in reply.iter_lines():
                pass
        return [one for one in self.imports() if one.id in ids]

    def reread(self, report_id: str) -> ImportItem:
        """Read an uploaded report again, in the background.

        Raises:
            NotFound: there is no such report, or its file was not uploaded.
            ClientError: otherwise.
        """
        return self._connection.reply(ImportItem, "POST", f"{_path(report_id)}/reread")

    def remove(self, report_id: str) -> None:
        """Take a report out: an uploaded one for good, one of the indexed folder until restored.

        Raises:
            NotFound: there is no such report.
            RequestRefused: it is the last one.
            ClientError: otherwise.
        """
        self._connection.send("DELETE", _path(report_id))

    def removed(self) -> list[RemovedItem]:
        """The reports of the indexed folder that were taken out.

        Raises:
            ClientError: otherwise.
        """
        return self._get(RemovedList, "/api/v1/removed-reports").items

    def restore(self, report_id: str) -> None:
        """Put a report back that was taken out of the indexed folder.

        Raises:
            NotFound: there is none with this id.
            ClientError: otherwise.
        """
        name = quote(report_id, safe="")
        self._connection.send("POST", f"/api/v1/removed-reports/{name}/restore")

    def _get(self, model: type[Reply], path: str) -> Reply:
        return self._connection.reply(model, "GET", path)

    def _parts(self, model: type[ListReply], path: str) -> Iterator[ListReply]:
        """A list in as many parts as it takes."""
        offset, total = 0, 1
        while offset < total:
            part = self._get(model, f"{path}?limit={_PAGE}&offset={offset}")
            yield part
            offset, total = offset + _PAGE, part.total

    def _turn(self, reply: AskReply) -> dict[str, object]:
        """A reply as the service exports it."""
        return {
            "question": reply.question,
            "answerable": reply.answerable,
            "answer": reply.answer.text if reply.answer else None,
            "sources": [
                {
                    "text": passage.text,
                    "highlights": passage.highlights,
                    "title": passage.report.title,
                    "section": passage.section,
                    "paragraph": passage.paragraph,
                    "reference": passage.citation.gbt7714,
                    "url": f"{self.url}{passage.url}",
                }
                for passage in reply.passages
            ],
        }


def _asked(
    question: str,
    history: Sequence[tuple[str, str]],
    top_k: int | None,
    reports: Sequence[str] | None,
    group_by: str | None,
) -> dict[str, object]:
    return {
        "question": question,
        "history": _turns(history),
        "top_k": top_k,
        "reports": None if reports is None else list(reports),
        "group_by": group_by,
    }


def _turns(history: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"question": asked, "answer": answer} for asked, answer in history]


def _path(report_id: str) -> str:
    return f"/api/v1/reports/{quote(report_id, safe='')}"
