"""How the Python client reaches the service: retries, time limits, and errors by name."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from .client_errors import (
    NotFound,
    NotPermitted,
    RequestInvalid,
    RequestRefused,
    ServiceUnavailable,
    ServiceUnreachable,
    UnexpectedReply,
)
from .models import ProblemDetails
from .outgoing import is_local

LONGEST_WAIT = 10.0
"""Seconds before a retry at the most, whatever ``Retry-After`` says."""

Reply = TypeVar("Reply", bound=BaseModel)

_REFUSALS: dict[int, type[RequestRefused]] = {
    400: RequestInvalid,
    401: NotPermitted,
    403: NotPermitted,
    404: NotFound,
    413: RequestInvalid,
    415: RequestInvalid,
    422: RequestInvalid,
    503: ServiceUnavailable,
}


class Connection:
    """Connections to one service; safe to use from several threads."""

    def __init__(self, url: str, *, token: str | None, timeout: float, retries: int) -> None:
        self._retries = retries
        self.url = url.rstrip("/")
        self._timeout = timeout
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx2.Client(base_url=self.url, headers=headers, trust_env=not is_local(url))

    def close(self) -> None:
        """Close them."""
        self._http.close()

    def reply(
        self,
        model: type[Reply],
        method: str,
        path: str,
        *,
        json: dict[str, object] | None = None,
        files: Sequence[tuple[str, tuple[str, bytes]]] | None = None,
    ) -> Reply:
        """The reply to a request, as a model of the contract.

        Raises:
            ClientError: there is no reply, a refusal, or one that does not fit.
        """
        return self.parsed(model, self.send(method, path, json=json, files=files).content)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: dict[str, object] | None = None,
        files: Sequence[tuple[str, tuple[str, bytes]]] | None = None,
        stream: bool = False,
    ) -> httpx2.Response:
        """Send a request; the body of its reply is yet to be read if it is a stream.

        Raises:
            ClientError: there is no reply, or a refusal.
        """
        # A stream pauses while the service works; that sees to its end.
        timeout = httpx2.Timeout(self._timeout, read=None if stream else self._timeout)
        with self.reaching():
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
                problem = self.parsed(ProblemDetails, reply.content)
                raise _REFUSALS.get(reply.status_code, RequestRefused)(problem)
        return reply

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Give failures to reach the service their name, while a stream is read too.

        Raises:
            ServiceUnreachable: there is no reply, or it broke off.
        """
        try:
            yield
        except httpx2.TimeoutException as error:
            raise ServiceUnreachable(
                f"{self.url} 没有及时回复：请稍后再试，或加大 timeout。"
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ServiceUnreachable(
                f"连不上 {self.url}：请检查地址，并确认 youju serve 正在运行。"
            ) from error

    def parsed(self, model: type[Reply], content: str | bytes) -> Reply:
        """JSON as a model of the contract.

        Raises:
            UnexpectedReply: it does not fit.
        """
        try:
            return model.model_validate_json(content)
        except ValidationError as error:
            raise UnexpectedReply(
                f"{self.url} 的回复不合约定：请检查那里运行的是不是有据，版本是否相同。"
            ) from error


def _wait(reply: httpx2.Response) -> float | None:
    """Seconds until the service may be ready; None if it is, or does not say so."""
    seconds = reply.headers.get("retry-after", "")
    if reply.status_code != httpx2.codes.SERVICE_UNAVAILABLE or not seconds.isdecimal():
        return None
    return min(float(seconds), LONGEST_WAIT)
