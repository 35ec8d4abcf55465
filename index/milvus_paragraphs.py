"""The lexical side in Milvus: a row for each searched paragraph, with its tokens under BM25."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from .bm25 import K1, B
from .milvus_collection import Collection
from .milvus_rows import LONGEST_ID, LONGEST_TEXT, joined
from .milvus_server import Found, Row

LONGEST_QUERY = 20_000
"""Characters of the longest text that is searched for; the tokens that weigh least are left out."""
SHARES = 4
"""How finely Milvus' BM25 weighs tokens: the heaviest is said so many times."""

_INDEX = {
    "field_name": "bm25",
    "index_type": "SPARSE_INVERTED_INDEX",
    "metric_type": "BM25",
    "params": {"bm25_k1": K1, "bm25_b": B},
}


class Paragraphs(Collection):
    """The searched paragraphs of one generation, by the ids of their rows."""

    def create(self) -> None:
        """Create the collection.

        Raises:
            StoreError: the server refused it, or has no BM25.
        """
        text = {"datatype": "VARCHAR", "max_length": LONGEST_ID}
        fields: tuple[Row, ...] = (
            {"field_name": "id", "is_primary": True, **text},
            {"field_name": "report", **text},
            {
                "field_name": "tokens",
                "datatype": "VARCHAR",
                "max_length": LONGEST_TEXT,
                "enable_analyzer": True,
                "enable_match": True,
                "analyzer_params": {"tokenizer": self._milvus.tokenizer},
            },
            {"field_name": "bm25", "datatype": "SPARSE_FLOAT_VECTOR"},
        )
        self._milvus.create(self._name, fields, _INDEX, bm25=("tokens", "bm25"))

    def write(self, report: str, tokens: Mapping[str, Iterable[str]]) -> None:
        """Write paragraphs of a report; those that are there already are replaced by the same."""
        self._milvus.upsert(
            self._name,
            (
                {"id": key, "report": report, "tokens": joined(words)}
                for key, words in tokens.items()
            ),
        )

    def matching(
        self, weights: Mapping[str, float], limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Found]:
        """Find the paragraphs that fit weighted words best, by Milvus' BM25, best first.

        Args:
            weights: the weight of each word, as in ``milvus_rows.words``.
            limit: how many at the most.
            reports: ids of the reports to search, all if None.
        """
        text = _query(weights)
        if not text:
            return []
        return self._milvus.search(self._name, "bm25", text, limit=limit, reports=reports)

    def tokens(self, ids: Sequence[str]) -> dict[str, Counter[str]]:
        """Return how often some paragraphs hold each of their words, those that are there."""
        rows = self._milvus.get(self._name, ids, ["tokens"])
        return {key: Counter(row["tokens"].split(" ")) for key, row in rows.items()}


def _query(weights: Mapping[str, float]) -> str:
    """Say words as often as they weigh: Milvus' BM25 counts how often a question says each."""
    heaviest = max(weights.values(), default=1.0)
    said: list[str] = []
    size = 0
    for word, weight in sorted(weights.items(), key=lambda item: -item[1]):
        times = max(1, round(SHARES * weight / heaviest))
        size += times * (len(word) + 1)
        if size > LONGEST_QUERY:
            break
        said += [word] * times
    return " ".join(said)
