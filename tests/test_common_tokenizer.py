"""The common part of the tokenizer cuts a text as the whole does, or leaves it to the whole."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from platformdirs import user_cache_path
from tokenizers import Tokenizer

import youju
from corpus import SAMPLES
from index import default_model_folder
from index.common_tokenizer import COMMON, FULL, CommonFirst
from index.openvino_bert import OpenVinoBert

LONGEST, PAD = 512, 1

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def folder() -> Path:
    return default_model_folder(user_cache_path(youju.NAME))


@pytest.fixture(scope="module")
def common(folder: Path) -> CommonFirst:
    return CommonFirst(folder, longest=LONGEST, pad=PAD)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Tokenizer:
    whole = Tokenizer.from_file(str(folder / FULL))
    whole.enable_truncation(LONGEST)
    whole.enable_padding(pad_id=PAD)
    return whole


def assert_alike(common: CommonFirst, whole: Tokenizer, texts: Sequence[str]) -> None:
    batch, encodings = common.batch(texts), whole.encode_batch(list(texts))
    assert batch.ids.tolist() == [encoding.ids for encoding in encodings]
    assert np.array_equal(batch.attended, [one.attention_mask for one in encodings])
    assert np.array_equal(batch.special, [one.special_tokens_mask for one in encodings])


CHARACTERS = st.one_of(
    st.sampled_from("青岚县粮食产量目标是多少今年ABCxyz0123456789，。％%《》—…·℃①㎡ \n\t▁<>/"),
    st.characters(min_codepoint=0x20, max_codepoint=0x7F),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(exclude_categories=["Cs"]),
)


@settings(max_examples=400, deadline=None)
@given(st.text(CHARACTERS, max_size=60))
@example("")
@example("<mask> 是什么 </s>")
@example("query: PM2.5 年均浓度是多少？")
@example("喆旸堃煊淼")
@example("é ё α ガ 가 𠮷 😀")
@example("龘" * 600)
def test_any_text_is_cut_as_by_the_whole(common: CommonFirst, whole: Tokenizer, text: str) -> None:
    assert_alike(common, whole, [text])
    assert_alike(common, whole, [f"query: {text}", "passage: 粮食", text])


def test_real_text_is_cut_as_by_the_whole(common: CommonFirst, whole: Tokenizer) -> None:
    for file in sorted(SAMPLES.glob("*.txt")):
        assert_alike(common, whole, file.read_text("utf-8").splitlines())


def test_the_whole_is_loaded_only_for_a_text_that_needs_it(folder: Path, tmp_path: Path) -> None:
    for name in folder.glob("common_*"):
        shutil.copyfile(name, tmp_path / name.name)
    common = CommonFirst(tmp_path, longest=LONGEST, pad=PAD)
    assert common.batch(["青岚县 2025 年的 GDP 增长目标（％）"]).ids.shape[0] == 1
    assert common.id_of("<unk>") == 3
    with pytest.raises(ValueError, match=FULL):
        common.batch(["カラオケ"])


def test_a_folder_without_the_common_part_is_run_as_well(
    folder: Path, common: CommonFirst, tmp_path: Path
) -> None:
    shutil.copyfile(folder / FULL, tmp_path / FULL)
    alone = CommonFirst(tmp_path, longest=LONGEST, pad=PAD)
    assert alone.id_of("<unk>") == common.id_of("<unk>")
    text = ["青岚县今年粮食产量目标是多少？"]
    assert alone.batch(text).ids.tolist() == common.batch(text).ids.tolist()


def test_a_damaged_part_is_told(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "model"
    shutil.copytree(folder, damaged, ignore=shutil.ignore_patterns("model.safetensors"))
    (damaged / COMMON).write_text("{}")
    with pytest.raises(Exception, match=COMMON):
        OpenVinoBert(damaged)
