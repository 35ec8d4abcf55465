"""Models other than the default, one without token vectors among them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from corpus import Report
from index import Encoder, HybridIndex, SnapshotError, build_index

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def static_model(
    tmp_path_factory: pytest.TempPathFactory, sample_reports: tuple[Report, ...]
) -> Path:
    """A bag-of-characters model: its vectors are sums of random character vectors."""
    characters = ["?", *sorted({c for report in sample_reports for c in report.source} - {"?"})]
    vocabulary = {character: number for number, character in enumerate(characters)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="?"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(0).normal(size=(len(vocabulary), 64)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static")
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[embedding], device="cpu").save(str(folder))
    return folder


def test_a_model_without_token_vectors_indexes_and_answers(
    static_model: Path, sample_reports: tuple[Report, ...], tmp_path: Path
) -> None:
    encoder = Encoder(static_model)
    build_index(sample_reports, data=tmp_path, encoder=encoder)
    again = build_index(sample_reports, data=tmp_path, encoder=encoder)
    assert (again.embedded, again.changed) == (0, False)
    hits = HybridIndex(tmp_path, encoder).search("青岚县今年粮食产量目标是多少？", limit=5)
    assert any("粮食产量" in hit.paragraph.text for hit in hits)


def test_models_do_not_share_vectors_in_one_data_folder(
    static_model: Path, encoder: Encoder, sample_reports: tuple[Report, ...], tmp_path: Path
) -> None:
    reports = sample_reports[:1]
    other = Encoder(static_model)
    first = build_index(reports, data=tmp_path, encoder=other)
    second = build_index(reports, data=tmp_path, encoder=encoder)
    assert first.embedded == second.embedded == first.windows
    assert build_index(reports, data=tmp_path, encoder=other).embedded == 0


def test_a_model_of_another_dimension_is_refused_and_the_index_answers_on(
    static_model: Path, encoder: Encoder, sample_reports: tuple[Report, ...], tmp_path: Path
) -> None:
    other = Encoder(static_model)
    assert (other.dimension, encoder.dimension) == (64, 384)
    build_index(sample_reports[:1], data=tmp_path, encoder=encoder)
    with pytest.raises(SnapshotError, match=r"另一个模型.*请"):
        HybridIndex(tmp_path, other)
    assert HybridIndex(tmp_path, encoder).search("粮食产量目标是多少？", limit=1)


def test_questions_may_be_encoded_from_many_threads(encoder: Encoder) -> None:
    questions = [f"第{number}个问题，{'长' * (number % 7)}" for number in range(40)]
    alone = [encoder.encode_question(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(encoder.encode_question, questions))
    for one, other in zip(alone, together, strict=True):
        assert float(one.vector @ other.vector) == pytest.approx(1, abs=1e-5)
        assert one.tokens.shape == other.tokens.shape
