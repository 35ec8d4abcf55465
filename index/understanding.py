"""Understanding a question: its script and widths, its slips, the synonyms of its words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .frequencies import Frequencies
from .spelling import Spelling
from .synonyms import Group, Synonyms
from .tokens import legible
from .types import Expansion, Query, Respelling

SYNONYM_WEIGHT = 0.3
"""Weight of a synonym's tokens beside those of the question. It is the same for each word of the
question, however long its synonyms are: a long one has more tokens, each of which counts less."""

OFTENER = 3
"""How many times as many paragraphs must hold a synonym for it to take a word's place."""


class Understanding:
    """Understands questions by one lexical index. Immutable; safe for many threads."""

    def __init__(self, lexical: Frequencies, groups: Iterable[Group]) -> None:
        self._lexical = lexical
        self._spelling = Spelling(lexical)
        self._synonyms = Synonyms(groups, lexical.tokenizer)

    def query(self, question: str) -> Query:
        """Read a question as the reports would write it."""
        read = legible(question)
        respellings = self._spelling.respellings(read)
        text = _respelt(read, respellings)
        expansions = tuple(self._expansions(text))
        return Query(question, read, text, _worded(text, expansions), respellings, expansions)

    def weights(self, query: Query) -> dict[str, float]:
        """Return the tokens to search for with their weights: as typed, put right, and synonyms."""
        tokens = self._lexical.tokenizer.tokens
        weights: dict[str, float] = dict(
            Counter(tokens(query.legible)) | Counter(tokens(query.text))
        )
        for expansion in query.expansions:
            size = len(tokens(expansion.word))
            for synonym in expansion.synonyms:
                added = tokens(synonym)
                worth = 1.0 if synonym == expansion.usual else SYNONYM_WEIGHT
                share = worth * min(1.0, size / len(added))
                for token in added:
                    weights[token] = max(weights.get(token, 0.0), share)
        return weights

    def _expansions(self, text: str) -> Iterator[Expansion]:
        """Yield the words that have synonyms which the reports hold."""
        for expansion in self._synonyms.expansions(text):
            held = tuple(filter(self._lexical.holds, expansion.synonyms))
            if held:
                yield replace(expansion, synonyms=held, usual=self._usual(expansion.word, held))

    def _usual(self, word: str, synonyms: Iterable[str]) -> str | None:
        """The synonym that the reports say far oftener than a word: 地区生产总值 for GDP."""
        counts = {one: self._lexical.paragraphs_with(one) for one in synonyms}
        usual = max(counts, key=lambda one: counts[one])
        said = self._lexical.paragraphs_with(word)
        return usual if counts[usual] >= OFTENER * max(said, 0.5) else None


def _worded(text: str, expansions: Iterable[Expansion]) -> str:
    """Put in place of words what the reports usually say, where they hardly ever say them."""
    parts, end = [], 0
    for expansion in expansions:
        if expansion.usual:
            parts += [text[end : expansion.start], expansion.usual]
            end = expansion.end
    return "".join([*parts, text[end:]])


def _respelt(text: str, respellings: Iterable[Respelling]) -> str:
    for respelling in respellings:
        text = f"{text[: respelling.start]}{respelling.right}{text[respelling.end :]}"
    return text
