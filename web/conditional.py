"""Entity tags (RFC 9110, 8.8.3): nothing is sent twice, and no one's change is overwritten."""

import hashlib
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from . import problems
from .problems import Problem

Item = TypeVar("Item", bound=BaseModel)

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What has the tag in `If-None-Match` is still the same."}
}
"""For the ``responses`` of routes that have tags."""

_LENGTH = 32


def entity_tag(item: BaseModel) -> str:
    """The tag of a representation: another one for any other content."""
    return _tag(item.model_dump_json().encode())


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:_LENGTH]}"'


class Conditional:
    """What a request says of representations that its client has; a dependency of routes."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response

    def reply(self, item: BaseModel) -> Response:
        """The item with its tag, or that it is what the client has."""
        body = item.model_dump_json().encode()
        headers = {"ETag": _tag(body)}
        if self.has(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    def tag(self, item: Item) -> Item:
        """The item with its tag."""
        self._response.headers["ETag"] = entity_tag(item)
        return item

    def has(self, tag: str) -> bool:
        """Whether the client has what the tag says (``If-None-Match``, compared weakly)."""
        tags = self._tags("if-none-match")
        return "*" in tags or tag in {one.removeprefix("W/") for one in tags}

    def require(self, item: BaseModel) -> None:
        """Go on only with what the client has seen, where it asks for that (``If-Match``).

        Raises:
            Problem: the item has changed since.
        """
        tags = self._tags("if-match")
        if tags and "*" not in tags and entity_tag(item) not in tags:
            raise Problem(problems.CHANGED_MEANWHILE)

    def _tags(self, name: str) -> set[str]:
        values = ",".join(self._request.headers.getlist(name))
        return {tag.strip() for tag in values.split(",") if tag.strip()}


Condition = Annotated[Conditional, Depends()]
