"""The lexical side: BM25 as the formula says, however the rows are cut, stored and searched."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.bm25 import K1, B
from index.lexical import LexicalIndex
from index.postings import Postings
from index.tokens import Tokenizer
from index.vocabulary import Vocabulary

TOKENS = "甲乙丙丁戊己庚辛"
ROWS = st.lists(st.lists(st.sampled_from(TOKENS), max_size=12), min_size=1, max_size=30)
QUERIES = st.dictionaries(st.sampled_from(TOKENS), st.sampled_from([0.3, 1.0, 2.0]), max_size=6)


def cut(rows: Sequence[Sequence[str]], places: Sequence[int]) -> list[Postings]:
    bounds = [0, *sorted(place % len(rows) for place in places), len(rows)]
    return [Postings.build(rows[start:end]) for start, end in pairwise(bounds)]


def naive(
    rows: Sequence[Sequence[str]], kept: Sequence[bool], query: dict[str, float]
) -> list[float]:
    """BM25 in Lucene's form, straight from Robertson and Zaragoza 2009; 0 for rows left out."""
    counted = [Counter(row) for row in rows]
    searched = [count for count, keep in zip(counted, kept, strict=True) if keep]
    average = sum(map(len, (row for row, keep in zip(rows, kept, strict=True) if keep)))
    average = average / max(1, len(searched)) or 1.0
    scores = [0.0] * len(rows)
    for token, weight in query.items():
        holding = sum(token in count for count in searched)
        idf = math.log(1 + (len(searched) - holding + 0.5) / (holding + 0.5))
        for number, (row, count) in enumerate(zip(rows, counted, strict=True)):
            norm = K1 * (1 - B + B * len(row) / average)
            scores[number] += weight * idf * count[token] / (count[token] + norm)
    return [score if keep else 0.0 for score, keep in zip(scores, kept, strict=True)]


@settings(deadline=None)  # the first reads the dictionary
@given(ROWS, st.lists(st.integers(0, 99), max_size=3), QUERIES, st.data())
def test_scores_are_those_of_the_formula_however_the_rows_are_cut(
    rows: list[list[str]], places: list[int], query: dict[str, float], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    segments = cut(rows, places)
    ends = np.cumsum([len(segment.lengths) for segment in segments])[:-1]
    index = LexicalIndex(segments, Tokenizer(), np.split(np.array(kept, np.bool_), ends))
    expected = naive(rows, kept, query)
    searched = np.flatnonzero(kept)
    terms, right = index.terms(query), pytest.approx(np.array(expected)[searched], abs=1e-5)
    assert index.scores(terms)[searched] == right
    assert index.scores_of(terms, searched) == right
    for token in TOKENS:
        assert index.holding(token) == sum(token in rows[number] for number in searched)


@settings(deadline=None)  # as above
@given(ROWS, st.lists(st.integers(0, 99), max_size=3), QUERIES, st.integers(1, 5), st.data())
def test_the_best_rows_are_those_with_the_highest_scores(
    rows: list[list[str]],
    places: list[int],
    query: dict[str, float],
    limit: int,
    data: st.DataObject,
) -> None:
    among = data.draw(st.none() | st.sets(st.integers(0, len(rows) - 1)).map(sorted))
    index = LexicalIndex(cut(rows, places), Tokenizer())
    chosen = None if among is None else np.array(among, np.int64)
    found, scores = index.best(index.terms(query), limit, chosen)
    allowed = [among is None or number in among for number in range(len(rows))]
    everything = naive(rows, [True] * len(rows), query)
    best = sorted((s for s, ok in zip(everything, allowed, strict=True) if ok and s), reverse=True)
    assert scores == pytest.approx(best[:limit], abs=1e-5)
    assert [everything[row] for row in found] == pytest.approx(list(scores), abs=1e-5)
    assert all(allowed[row] for row in found)


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_common_tokens_that_are_skipped_change_nothing(limit: int) -> None:
    chance = np.random.default_rng(7)
    rows = [
        [f"词{min(rank, 2000)}" for rank in chance.zipf(1.2, size=chance.integers(1, 80))]
        for _ in range(5000)
    ]
    index = LexicalIndex(cut(rows, [700, 3000]), Tokenizer())
    for _ in range(30):
        query = {f"词{min(rank, 2000)}": 1.0 for rank in chance.zipf(1.2, size=12)}
        scores = index.scores(index.terms(query))
        order = np.argsort(-scores, kind="stable")[:limit]
        found, best = index.best(index.terms(query), limit)
        assert best == pytest.approx(scores[order], rel=1e-5)
        ties = np.abs(scores[found] - scores[order])
        assert ties.max() <= 1e-5 * scores.max()


@given(ROWS, st.lists(st.integers(0, 99), max_size=4), st.data())
def test_merged_postings_are_those_built_at_once(
    rows: list[list[str]], places: list[int], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    merged = Postings.merge(cut(rows, places)).only(np.array(kept, np.bool_))
    at_once = Postings.build([row for row, keep in zip(rows, kept, strict=True) if keep])
    assert list(merged.vocabulary) == list(at_once.vocabulary)
    for name in ("starts", "rows", "frequencies", "lengths", "most", "shortest"):
        assert np.array_equal(getattr(merged, name), getattr(at_once, name)), name


def test_many_rows_are_built_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [list(f"{number:05b}".replace("0", "甲").replace("1", "乙")) for number in range(32)]
    at_once = Postings.build(rows)
    monkeypatch.setattr("index.postings._AT_ONCE", 7)
    in_parts = Postings.build(rows)
    assert np.array_equal(at_once.rows, in_parts.rows)
    assert np.array_equal(at_once.frequencies, in_parts.frequencies)
    assert np.array_equal(at_once.shortest, in_parts.shortest)


@pytest.mark.parametrize("rows", [[], [[]], [["甲"] * 300, [], ["乙", "甲"]], [["甲"] * 70_000]])
def test_postings_survive_being_saved(rows: list[list[str]], tmp_path: Path) -> None:
    built = Postings.build(rows)
    built.save(tmp_path / "postings")
    loaded = Postings.load(tmp_path / "postings")
    assert list(loaded.vocabulary) == list(built.vocabulary)
    assert np.array_equal(loaded.rows, built.rows)
    assert list(loaded.frequencies) == list(built.frequencies)
    index = LexicalIndex([loaded], Tokenizer())
    scores = index.scores(index.terms({"甲": 1.0, "丙": 1.0}))
    assert scores == pytest.approx(naive(rows, [True] * len(rows), {"甲": 1.0}), abs=1e-5)


@given(st.sets(st.text(min_size=1, max_size=6)), st.text(max_size=6))
def test_a_vocabulary_finds_its_tokens_and_no_other(tokens: set[str], other: str) -> None:
    known = sorted(token.encode("utf-8", "surrogatepass") for token in tokens)
    vocabulary = Vocabulary.build(known)
    assert [vocabulary.number(token.decode("utf-8", "surrogatepass")) for token in known] == list(
        range(len(known))
    )
    assert (vocabulary.number(other) is not None) == (other in tokens)


@settings(deadline=None)  # as above
@given(st.lists(st.text("甲乙丙丁", max_size=20), min_size=1, max_size=20), st.data())
def test_a_phrase_is_counted_where_all_its_bigrams_stand(
    texts: list[str], data: st.DataObject
) -> None:
    index = LexicalIndex.build(texts, Tokenizer())
    phrase = data.draw(st.text("甲乙丙丁", min_size=2, max_size=4))
    bigrams = {phrase[i : i + 2] for i in range(len(phrase) - 1)}
    holding = sum(all(bigram in text for bigram in bigrams) for text in texts)
    assert index.holding_phrase(phrase) == index.paragraphs_with(phrase) == holding
    assert index.holds(phrase) == (holding > 0)
