"""OpenVINO gives the vectors that PyTorch gives, and tells nobody that it runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_path
from test_default_model_engine import generated_texts

from index import Encoder, ModelUnavailable, default_model_folder
from index.openvino_bert import OpenVinoBert, runs
from index.torch_model import TorchModel

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder() -> Path:
    return default_model_folder(user_cache_path("youju"))


def test_both_give_the_same_vectors_and_the_same_tokens(folder: Path) -> None:
    texts = [*generated_texts(), "很长的一段话" * 500]
    openvino, torch = OpenVinoBert(folder), TorchModel(folder)
    for start in range(0, len(texts), 32):
        for task in ("query", "document"):
            batch = texts[start : start + 32]
            for one, other in zip(
                openvino.encode(batch, task), torch.encode(batch, task), strict=True
            ):
                assert float(one.vector @ other.vector) >= 0.9999
                assert one.tokens.shape == other.tokens.shape
                assert np.all((one.tokens * other.tokens).sum(axis=1) >= 0.9999)


@pytest.mark.parametrize("model", [OpenVinoBert, TorchModel])
def test_a_word_that_shares_a_token_with_the_prompts_space_is_kept(
    model: type[OpenVinoBert | TorchModel], folder: Path
) -> None:
    loaded = model(folder)
    year, words, nothing = loaded.encode(["2024年", "山东", ""], "query")
    assert [len(item.tokens) for item in (year, words, nothing)] == [3, 1, 0]


def test_the_default_model_runs_on_openvino_and_others_do_not(
    folder: Path, encoder: Encoder, tmp_path: Path
) -> None:
    assert encoder.runtime == "OpenVINO"
    other = tmp_path / "other"
    shutil.copytree(folder, other, copy_function=os.link)
    settings = other / "tokenizer_config.json"
    content = json.loads(settings.read_text())
    settings.unlink()
    settings.write_text(json.dumps({**content, "tokenizer_class": "XLMRobertaTokenizer"}))
    assert runs(folder)
    assert not runs(other)


def test_a_damaged_folder_is_named_with_the_remedy(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken, copy_function=os.link)
    weights = broken / "model.safetensors"
    weights.unlink()
    weights.write_bytes((folder / "model.safetensors").read_bytes()[:1_000_000])
    with pytest.raises(ModelUnavailable, match=f"{broken.name}.*重新解包"):
        OpenVinoBert(broken)


def test_loading_a_model_writes_nothing_at_home_and_imports_no_pytorch(
    folder: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; from index import Encoder; "
        "Encoder(sys.argv[1]).encode_question('粮食产量'); "
        "print([name for name in ('torch', 'openvino_telemetry') if sys.modules.get(name)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []
