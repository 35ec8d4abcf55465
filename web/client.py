"""A client of the service for Python programs: typed replies, and errors that say what to do.

    from youju import Client

    with Client() as youju:
        reply = youju.ask("青岚县今年粮食产量目标是多少？")
        print(reply.answer.text if reply.answer else "报告里没有")

Replies are the models of the HTTP contract itself, so that the two cannot differ.

    ClientError
    ├── ServiceUnreachable       nothing replies at this address, or not in time
    ├── UnexpectedReply          what replies there is not Youju, or one of another version
    └── RequestRefused           the service says why not, in ``problem`` (RFC 9457)
        ├── RequestInvalid       400, 413, 415, 422: ``problem.errors`` names the fields
        ├── NotFound             404: no such report
        └── ServiceUnavailable   503: loading or busy, still after the retries
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar
from urllib.parse import quote, urlencode

import httpx2
from pydantic import BaseModel, ValidationError

from .ask_models import AskReply
from .import_models import ImportItem, ImportList, RemovedItem, RemovedList
from .models import (
    ParagraphItem,
    ParagraphList,
    ProblemDetails,
    ReportDetail,
    ReportItem,
    ReportList,
    Service,
)
from .outgoing import is_local
from .write_models import Unwritten, WriteEnd, WrittenSentence

ADDRESS = "http://127.0.0.1:8000"

LONGEST_WAIT = 10.0
"""Seconds before a retry at the most, whatever ``Retry-After`` says."""

_PAGE = 1000

Reply = TypeVar("Reply", bound=BaseModel)


class ClientError(Exception):
    """Base of all errors of a client."""


class ServiceUnreachable(ClientError):
    """Nothing replies at this address, or not in time."""


class UnexpectedReply(ClientError):
    """What came is no reply of this contract."""


class RequestRefused(ClientError):
    """The service refused a request.

    Attributes:
        problem: what it said, with the request's id in ``instance``.
    """

    def __init__(self, problem: ProblemDetails) -> None:
        self.problem = problem
        fields = [f"{error.field}：{error.reason}" for error in problem.errors or ()]
        super().__init__(f"{problem.title}：{' '.join(fields) or problem.detail}")


class RequestInvalid(RequestRefused):
    """The request does not fit the contract; ``problem.errors`` names the fields."""


class NotFound(RequestRefused):
    """There is no such report."""


class ServiceUnavailable(RequestRefused):
    """The service is loading its reports, or busy, and was so at every retry."""


_REFUSALS: dict[int, type[RequestRefused]] = {
    400: RequestInvalid,
    404: NotFound,
    413: RequestInvalid,
    415: RequestInvalid,
    422: RequestInvalid,
    503: ServiceUnavailable,
}


_EVENTS: dict[str, type[AskReply | WrittenSentence | Unwritten | WriteEnd]] = {
    "answer": AskReply,
    "sentence": WrittenSentence,
    "unwritten": Unwritten,
    "end": WriteEnd,
}


class Client:
    """A connection to a running service. Safe to use from several threads."""

    def __init__(self, url: str = ADDRESS, *, timeout: float = 30.0, retries: int = 4) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: address of the service.
            timeout: seconds to wait for a connection, and for a reply.
            retries: how often to try again when the service says that it will soon be ready (503
                with ``Retry-After``); each waits as long as it says.
        """
        self._retries = retries
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._http = httpx2.Client(base_url=self._url, trust_env=not is_local(url))

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
        self._http.close()

    def service(self) -> Service:
        """What runs there: version and features. Replies while reports are still loaded.

        Raises:
            ClientError: as for all methods, see the module.
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
            ClientError: see the module.
        """
        body = _asked(question, history, top_k, reports, group_by)
        return self._parsed(AskReply, self._send("POST", "/api/v1/ask", json=body).content)

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
            ClientError: see the module.
        """
        body = _asked(question, history, top_k, reports, group_by)
        reply = self._send("POST", "/api/v1/write", json=body, stream=True)
        with closing(reply), self._reaching():
            name = ""
            for line in reply.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name in _EVENTS:
                    yield self._parsed(_EVENTS[name], value)

    def reports(self) -> Iterator[ReportItem]:
        """All reports, in the order they were indexed; fetched page by page.

        Raises:
            ClientError: see the module.
        """
        offset, total = 0, 1
        while offset < total:
            page = self._get(ReportList, f"/api/v1/reports?limit={_PAGE}&offset={offset}")
            yield from page.items
            offset, total = offset + _PAGE, page.total

    def report(self, report_id: str) -> ReportDetail:
        """One report with its outline.

        Raises:
            NotFound: there is no such report.
            ClientError: see the module.
        """
        return self._get(ReportDetail, _path(report_id))

    def paragraphs(self, report_id: str) -> Iterator[ParagraphItem]:
        """All paragraphs of a report, in order; fetched page by page.

        Raises:
            NotFound: there is no such report.
            ClientError: see the module.
        """
        offset, total = 0, 1
        while offset < total:
            path = f"{_path(report_id)}/paragraphs?limit={_PAGE}&offset={offset}"
            page = self._get(ParagraphList, path)
            yield from page.items
            offset, total = offset + _PAGE, page.total

    def correct(self, report_id: str, changes: Mapping[str, object]) -> ReportDetail:
        """Correct fields of a report's metadata, and get it as it is now.

        Args:
            report_id: of the report.
            changes: new values by field, such as ``{"date": "2025-01-18"}``; an empty one says that
                the report has none, None goes back to what was read.

        Raises:
            NotFound: there is no such report.
            RequestInvalid: there is no such field, or its value cannot be used.
            ClientError: see the module.
        """
        reply = self._send("PATCH", _path(report_id), json=dict(changes))
        return self._parsed(ReportDetail, reply.content)

    def upload(self, files: Iterable[str | PathLike[str]]) -> list[ImportItem]:
        """Upload reports; they are read and indexed in the background, see ``wait_for``.

        Args:
            files: of the types that Youju reads, at most 100.

        Raises:
            OSError: a file cannot be read.
            RequestInvalid: a file is of another type, or empty, or all are too large together.
            ClientError: see the module.
        """
        parts = [("files", (Path(file).name, Path(file).read_bytes())) for file in files]
        reply = self._send("POST", "/api/v1/reports", files=parts)
        return self._parsed(ImportList, reply.content).items

    def imports(self) -> list[ImportItem]:
        """What becomes of uploads: those under way and the latest that are settled, oldest first.

        Raises:
            ClientError: see the module.
        """
        return self._get(ImportList, "/api/v1/imports").items

    def wait_for(self, imports: Iterable[ImportItem]) -> list[ImportItem]:
        """Wait until uploads are done or have failed, and say which.

        Args:
            imports: from ``upload`` or ``reread``.

        Raises:
            ClientError: see the module.
        """
        ids = [one.id for one in imports]
        query = urlencode({"id": ids}, doseq=True)
        reply = self._send("GET", f"/api/v1/imports/events?{query}", stream=True)
        with closing(reply), self._reaching():
            for _ in reply.iter_lines():
                pass
        return [one for one in self.imports() if one.id in ids]

    def reread(self, report_id: str) -> ImportItem:
        """Read an uploaded report again, in the background.

        Raises:
            NotFound: there is no such report, or its file was not uploaded.
            ClientError: see the module.
        """
        return self._parsed(ImportItem, self._send("POST", f"{_path(report_id)}/reread").content)

    def remove(self, report_id: str) -> None:
        """Take a report out: an uploaded one for good, one of the indexed folder until restored.

        Raises:
            NotFound: there is no such report.
            RequestRefused: it is the last one.
            ClientError: see the module.
        """
        self._send("DELETE", _path(report_id))

    def removed(self) -> list[RemovedItem]:
        """The reports of the indexed folder that were taken out.

        Raises:
            ClientError: see the module.
        """
        return self._get(RemovedList, "/api/v1/removed-reports").items

    def restore(self, report_id: str) -> None:
        """Put a report back that was taken out of the indexed folder.

        Raises:
            NotFound: there is none with this id.
            ClientError: see the module.
        """
        self._send("POST", f"/api/v1/removed-reports/{quote(report_id, safe='')}/restore")

    def _get(self, model: type[Reply], path: str) -> Reply:
        return self._parsed(model, self._send("GET", path).content)

    def _send(
        self,
        method: str,
        path: str,
        *,
        json: dict[str, object] | None = None,
        files: Sequence[tuple[str, tuple[str, bytes]]] | None = None,
        stream: bool = False,
    ) -> httpx2.Response:
        """The reply to a request; its body is yet to be read if it is a stream."""
        # A stream pauses while the service works; that sees to its end.
        timeout = httpx2.Timeout(self._timeout, read=None if stream else self._timeout)
        with self._reaching():
            request = self._http.build_request(
                method, path, json=json, files=files, timeout=timeout
            )
            reply = self._http.send(request, stream=stream)
            for _ in range(self._retries):
                wait = _wait(reply)
                if wait is None:
                    break
                reply.close()
                time.sleep(wait)
                reply = self._http.send(request, stream=stream)
            if not reply.is_success:
                reply.read()
                problem = self._parsed(ProblemDetails, reply.content)
                raise _REFUSALS.get(reply.status_code, RequestRefused)(problem)
        return reply

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx2.TimeoutException as error:
            raise ServiceUnreachable(
                f"{self._url} 没有及时回复：请稍后再试，或加大 timeout。"
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ServiceUnreachable(
                f"连不上 {self._url}：请检查地址，并确认 youju serve 正在运行。"
            ) from error

    def _parsed(self, model: type[Reply], content: str | bytes) -> Reply:
        try:
            return model.model_validate_json(content)
        except ValidationError as error:
            raise UnexpectedReply(
                f"{self._url} 的回复不合约定：请检查那里运行的是不是有据，版本是否相同。"
            ) from error


def _asked(
    question: str,
    history: Sequence[tuple[str, str]],
    top_k: int | None,
    reports: Sequence[str] | None,
    group_by: str | None,
) -> dict[str, object]:
    return {
        "question": question,
        "history": [{"question": asked, "answer": answer} for asked, answer in history],
        "top_k": top_k,
        "reports": None if reports is None else list(reports),
        "group_by": group_by,
    }


def _path(report_id: str) -> str:
    return f"/api/v1/reports/{quote(report_id, safe='')}"


def _wait(reply: httpx2.Response) -> float | None:
    """Seconds until the service may be ready; None if it is, or does not say so."""
    seconds = reply.headers.get("retry-after", "")
    if reply.status_code != httpx2.codes.SERVICE_UNAVAILABLE or not seconds.isdecimal():
        return None
    return min(float(seconds), LONGEST_WAIT)
