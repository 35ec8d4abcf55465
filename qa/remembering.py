"""Answers that were given, kept for when the same is asked again.

An answer never changes as long as the index does not, and people ask again what others asked: a
page that is opened anew, a question handed round, a program that tries once more.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """The values that were last used, a bounded number of them. Safe for many threads."""

    def __init__(self, most: int) -> None:
        """Remember nothing yet, and ``most`` values at the most."""
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._turn = Lock()

    def get(self, key: Key) -> Value | None:
        """The value of a key; None if it is not remembered."""
        with self._turn:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember a value, and forget the one that was not used for longest if there are many."""
        with self._turn:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
