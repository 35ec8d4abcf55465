"""Questions that wait for the model are encoded together.

One question leaves a processor waiting for the model's weights most of the time; eight at once take
less than three times as long as one. Nobody is kept waiting for a batch to fill: it takes what
waits when the model becomes free, which is one question unless many are asked.
"""

import threading
from collections.abc import Callable, Sequence

from .encoded import Encoded
from .turns import Turns

MOST = 8
"""Questions of a batch; more gain nothing on two cores, and take longer."""
LONGEST = 64
"""Characters of a question that shares a batch: all of one are as long as the longest."""


class _Waiting:
    """A question and, once it is there, what the encoder made of it."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.encoded: Encoded | None = None


class Batches:
    """Encodes questions of many threads in turns, and those that wait together.

    Args:
        turns: of the model.
        encode: encodes questions as one batch.
    """

    def __init__(self, turns: Turns, encode: Callable[[Sequence[str]], Sequence[Encoded]]) -> None:
        self._turns = turns
        self._encode = encode
        self._waiting: list[_Waiting] = []
        self._change = threading.Lock()

    def encoded(self, question: str) -> Encoded:
        """Encode a question, in the batch of whoever has the turn next."""
        own = _Waiting(question)
        with self._change:
            self._waiting.append(own)
        try:
            while own.encoded is None:
                with self._turns.of_question(unless=lambda: own.encoded is not None) as has_turn:
                    if has_turn:
                        self._encode_some(self._next(own))
        finally:
            with self._change:
                if own in self._waiting:
                    self._waiting.remove(own)
        return own.encoded

    def _next(self, own: _Waiting) -> list[_Waiting]:
        """The questions of the next batch: one's own, and those that have waited longest."""
        with self._change:
            others = [one for one in self._waiting if one is not own]
            short = [one for one in others if len(one.question) <= LONGEST]
            batch = [own, *short[: MOST - 1]] if len(own.question) <= LONGEST else [own]
            self._waiting = [one for one in self._waiting if one not in batch]
        return batch

    def _encode_some(self, batch: list[_Waiting]) -> None:
        try:
            encoded = self._encode([one.question for one in batch])
        except Exception:
            if len(batch) == 1:
                raise
            del batch[1:]  # the fault may be another's, who will see it in a turn of their own
            encoded = self._encode([batch[0].question])
        for one, vectors in zip(batch, encoded, strict=True):
            one.encoded = vectors
