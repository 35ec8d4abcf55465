"""The contract of ``POST /api/v1/write``: what its server-sent events hold.

An ``answer`` first, which is the reply of ``POST /api/v1/ask``; then ``sentence`` after
``sentence``, each judged before it is sent, so that nobody reads one that is not; ``unwritten``
where the language model could not, or not further; and ``end`` last of all.
"""

from typing import Literal

from pydantic import Field

from .models import Message, Output


class FaultItem(Output):
    """Something in a sentence that its sources do not have."""

    kind: Literal["uncited", "quote", "figure", "address"]
    text: str = Field(description="The words of the sentence that it is about.")
    message: Message


class WrittenSentence(Output):
    """A sentence that the language model wrote. Show it as text: it is no markup."""

    number: int = Field(description="From 1.")
    text: str
    sources: list[int] = Field(description="Ranks of the passages that it cites.")
    supported: bool = Field(
        description="False if a quotation, a figure or an address in it is not in the passages "
        "that it cites, or if it cites none."
    )
    faults: list[FaultItem]


class Unwritten(Output):
    """Why nothing, or nothing more, is written. The passages stand as they are."""

    code: Literal["not-answerable", "nothing", "slow", "unreachable", "refused", "nonsense"]
    message: Message


class WriteEnd(Output):
    """The end of the reply."""

    sentences: int
    unsupported: int
    took_ms: float
