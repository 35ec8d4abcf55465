"""What a server knows of the reports in Milvus at one moment: their texts, and how rare words are.

Vectors, token signs and tokens stay in Milvus. A view is immutable; a newer one takes what has not
changed from the one before.
"""

import json
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Self

from corpus import Report

from .frequencies import Frequencies
from .library import Library, Original, original_of
from .milvus_catalog import Content, Generation, Header, Listing, read_contents, searched
from .milvus_paragraphs import Paragraphs
from .milvus_rows import Layout, Statistics, words
from .milvus_server import Milvus
from .milvus_windows import Windows
from .tokens import Tokenizer
from .user_words import tokenizer_with

REMEMBERED = 4096
"""Phrases whose number of paragraphs is kept: it is asked of Milvus."""


class Loaded:
    """A report in memory.

    Attributes:
        header: what made it count.
        as_read: without the corrections that users have made since.
        report: with them.
    """

    def __init__(self, header: Header, content: Content, model: str) -> None:
        self.header = header
        self.as_read = content.report
        self.report = searched(content, header)
        self._model = model
        # Compressed, for there are as many as reports, and each is read once more at the most.
        self._statistics = zlib.compress(
            json.dumps([*_fields(content.statistics)], separators=(",", ":")).encode()
        )

    @property
    def statistics(self) -> Statistics:
        """What its paragraphs add to the statistics of all."""
        return Statistics(*json.loads(zlib.decompress(self._statistics)))

    @cached_property
    def layout(self) -> Layout:
        """Its rows in Milvus."""
        return Layout(self.report, self._model)


class View:
    """The reports of one generation at one revision. Immutable; safe for many threads.

    Attributes:
        generation: the generation.
        listing: what its catalog said.
        loaded: the reports by id: those of folders before those that were uploaded.
        frequencies: how many of their paragraphs hold a token.
        windows: the dense side.
        paragraphs: the lexical side.
    """

    def __init__(
        self,
        generation: Generation,
        listing: Listing,
        loaded: Mapping[str, Loaded],
        frequencies: "StoredFrequencies",
        milvus: Milvus,
    ) -> None:
        self.generation = generation
        self.listing = listing
        self.loaded = loaded
        self.frequencies = frequencies
        self.windows = Windows(milvus, generation.windows, generation.mean)
        self.paragraphs = Paragraphs(milvus, generation.paragraphs)

    @classmethod
    def empty(cls, milvus: Milvus, generation: Generation) -> Self:
        """A view of a generation without any reports."""
        tokenizer = tokenizer_with(generation.terms.words)
        frequencies = StoredFrequencies(milvus, generation, tokenizer, Statistics({}, 0, 0))
        return cls(generation, Listing(), {}, frequencies, milvus)

    @property
    def name(self) -> str:
        """The name of this state; that of a later one sorts behind."""
        return f"{self.generation.number:06d}-{self.listing.revision:020d}"

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """The reports, with their corrections."""
        return tuple(one.report for one in self.loaded.values())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each report among them, by its id."""
        return {report: number for number, report in enumerate(self.loaded)}

    @property
    def library(self) -> Library:
        """Which files they are of, and which were taken out."""
        originals = {key: original_of(one.as_read) for key, one in self.loaded.items()}
        return Library(originals, self.listing.removed)


def view_of(
    milvus: Milvus,
    generation: Generation,
    listing: Listing,
    before: View | None,
) -> View:
    """Read what has changed since a view; all of it if that is of another generation, or None."""
    same = before is not None and before.generation.number == generation.number
    known = before.loaded if before is not None and same else {}
    kept = {key: one for key, one in known.items() if listing.headers.get(key) == one.header}
    missing = {key: header for key, header in listing.headers.items() if key not in kept}
    read = dict(read_contents(milvus, generation, missing))
    model = generation.terms.model
    new = {key: Loaded(missing[key], content, model) for key, content in read.items()}
    loaded = dict(sorted({**kept, **new}.items(), key=lambda item: _order(item[1])))
    gone = [one.statistics for key, one in known.items() if key not in kept]
    earlier = before.frequencies if before is not None and same else None
    added = [content.statistics for content in read.values()]
    summed = _summed(earlier, added=added, gone=gone)
    tokenizer = earlier.tokenizer if earlier else tokenizer_with(generation.terms.words)
    frequencies = StoredFrequencies(milvus, generation, tokenizer, summed)
    return View(generation, listing, loaded, frequencies, milvus)


class StoredFrequencies(Frequencies):
    """Document frequencies: of tokens summed from what is kept with each report.

    Those of several tokens together are counted by Milvus, which is asked once for each.
    """

    def __init__(
        self, milvus: Milvus, generation: Generation, tokenizer: Tokenizer, summed: Statistics
    ) -> None:
        self.tokenizer = tokenizer
        self.summed = summed
        self._collection = generation.paragraphs
        self._milvus = milvus
        self._counted = lru_cache(REMEMBERED)(self._count)

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""
        return self.summed.paragraphs

    @property
    def mean_length(self) -> float:
        """Tokens of a paragraph on average."""
        return self.summed.length / max(self.summed.paragraphs, 1)

    def holding(self, token: str) -> int:
        """Count the paragraphs that hold a token."""
        return self.summed.holding.get(words([token])[0], 0)

    def holding_all(self, tokens: Collection[str]) -> int:
        """Count the paragraphs that hold every one of some tokens."""
        different = tuple(sorted(set(tokens)))
        least = min(map(self.holding, different), default=0)
        return self._counted(different) if least and len(different) > 1 else least

    def characters(self) -> set[str]:
        """Return the characters of all tokens."""
        return set("".join(self.summed.holding))

    def _count(self, tokens: tuple[str, ...]) -> int:
        where = " and ".join(f'text_match(tokens, "{word}")' for word in words(tokens))
        return self._milvus.count(self._collection, where)


def _summed(
    earlier: StoredFrequencies | None, *, added: Sequence[Statistics], gone: Sequence[Statistics]
) -> Statistics:
    start = earlier.summed if earlier else Statistics({}, 0, 0)
    holding = Counter(start.holding)
    for one in added:
        holding.update(one.holding)
    for one in gone:
        holding.subtract(one.holding)
    return Statistics(
        {token: count for token, count in holding.items() if count > 0},
        start.paragraphs + sum(one.paragraphs for one in added) - sum(g.paragraphs for g in gone),
        start.length + sum(one.length for one in added) - sum(one.length for one in gone),
    )


def _fields(statistics: Statistics) -> tuple[dict[str, int], int, int]:
    return statistics.holding, statistics.paragraphs, statistics.length


def _order(one: Loaded) -> tuple[bool, str]:
    original: Original = one.header.original
    return original.uploaded, original.file
