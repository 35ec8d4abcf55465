"""The dense side: exact while that is quick, and hardly anything missed where it is not."""

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from index.encoded import Vectors, normalised
from index.files import READS, MappedMemory, mapped
from index.vectors import SegmentVectors


def made(count: int, dimension: int = 32) -> Vectors:
    """Vectors with much in common, as those of sentences have."""
    chance = np.random.default_rng(5)
    spread = chance.random(dimension) + 0.2
    return normalised(1 + spread * chance.standard_normal((count, dimension)))


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let codes be used from 500 windows."""
    monkeypatch.setattr("index.dense.EXACT", 500)
    monkeypatch.setattr("index.vectors.CODED", 500)


def saved(folder: Path, *segments: Vectors) -> DenseIndex:
    """An index of segments that were written and opened again."""
    for number, vectors in enumerate(segments):
        folder.mkdir(exist_ok=True)
        SegmentVectors.build(vectors).save(folder / str(number))
    opened = [SegmentVectors.load(folder / str(number)) for number in range(len(segments))]
    return DenseIndex(opened, [np.ones(len(vectors), np.bool_) for vectors in segments])


def nearest(vectors: Vectors, vector: Vectors, limit: int) -> list[int]:
    return np.argsort(-(vectors @ vector), kind="stable")[:limit].tolist()


def test_few_windows_are_searched_exactly(tmp_path: Path) -> None:
    vectors, question = made(2000), made(2100)[-1]
    dense = saved(tmp_path, vectors[:300], vectors[300:])
    assert {file.name for file in tmp_path.rglob("*.*")} == {"vectors.npy"}
    windows, cosines = dense.nearest(question, 100)
    assert windows.tolist() == nearest(vectors, question, 100)
    assert cosines == pytest.approx(vectors[windows] @ question, abs=1e-6)
    assert dense.cosines(question, windows) == pytest.approx(cosines, abs=1e-6)


def test_many_windows_are_searched_by_codes_and_hardly_one_is_missed(
    few_are_many: None, tmp_path: Path
) -> None:
    vectors, questions = made(5000), made(5050)[-50:]
    dense = saved(tmp_path, vectors[:3000], vectors[3000:3100], vectors[3100:])
    found = 0
    for question in questions:
        windows, cosines = dense.nearest(question, 1000)
        assert len(set(windows.tolist())) == 1000
        assert cosines[:300] == pytest.approx(vectors[windows[:300]] @ question, abs=1e-6)
        found += len({*windows[:10].tolist()} & {*nearest(vectors, question, 10)})
    assert found >= 0.99 * 10 * len(questions)


@pytest.mark.parametrize("chosen", [3, 400, 2000, 4900])
def test_a_choice_of_many_windows_is_searched_as_well(
    few_are_many: None, tmp_path: Path, chosen: int
) -> None:
    vectors, question = made(5000), made(5100)[-1]
    among = np.sort(np.random.default_rng(1).permutation(5000)[:chosen])
    windows, _ = saved(tmp_path, vectors[:4000], vectors[4000:]).nearest(question, 100, among)
    assert len(windows) == min(100, chosen)
    assert windows[:10].tolist() == among[nearest(vectors[among], question, 10)].tolist()


def test_windows_that_are_gone_are_not_found(few_are_many: None) -> None:
    vectors, question = made(2000), made(2100)[-1]
    kept = np.random.default_rng(1).random(2000) < 0.9
    windows, _ = DenseIndex([SegmentVectors.build(vectors)], [kept]).nearest(question, 300)
    assert kept[windows].all()
    assert windows[0] == np.flatnonzero(kept)[np.argmax(vectors[kept] @ question)]


def test_nothing_is_found_among_none(few_are_many: None, tmp_path: Path) -> None:
    nothing = np.empty(0, np.int64)
    for count in (10, 1000):
        dense = saved(tmp_path / str(count), made(count))
        windows, cosines = dense.nearest(made(11)[-1], 5, nothing)
        assert len(windows) == len(cosines) == 0


def test_what_is_handed_back_can_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.files.LARGE", 1)
    np.save(tmp_path / "numbers.npy", np.arange(100_000))
    numbers = mapped(tmp_path / "numbers.npy")
    total = numbers.sum()
    memory = MappedMemory([numbers, np.arange(3)])
    for _ in range(READS):
        memory.was_read()
    assert numbers.sum() == total
