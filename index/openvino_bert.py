"""A BERT encoder run by OpenVINO: the same vectors as PyTorch's in about half the time.

The graph (Devlin et al., "BERT", 2019) is put together from the weights of the model's own folder,
which stay mapped into memory, so nothing is exported, and neither PyTorch nor transformers, whose
import alone takes seconds, is needed for a question.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .common_tokenizer import CommonFirst
from .cores import cores
from .encoded import Encoded, normalised, prompt_tokens
from .errors import ModelUnavailable

# Importing openvino tells its makers so, over the network, unless their package for that is
# missing, for which it provides. Youju talks to nobody.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino  # noqa: E402
from openvino import opset15 as ops  # noqa: E402

MODULES = ["Transformer", "Pooling", "Normalize"]
# Latency first: one inference at a time has all cores. Nothing less exact than float32.
SETTINGS = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_PRECISION_HINT": "f32",
    "INFERENCE_NUM_THREADS": str(cores()),
}

Tensors = dict[str, NDArray[np.float32]]
"""Weights by their names in transformers' `BertModel`."""


class OpenVinoBert:
    """A sentence-transformers folder of a BERT with mean pooling. Not safe from several threads.

    Attributes:
        dimension: length of a vector.
    """

    runtime = "OpenVINO"

    def __init__(self, folder: Path) -> None:
        """Load the folder, which ``runs`` must have accepted.

        Raises:
            ModelUnavailable: a file of the folder is missing or damaged.
        """
        try:
            config = _json(folder / "config.json")
            prompts = _json(folder / "config_sentence_transformers.json")["prompts"]
            length = _json(folder / "sentence_bert_config.json")["max_seq_length"]
            self._tokenizer = CommonFirst(folder, longest=length, pad=config["pad_token_id"])
            tensors = _tensors(folder / "model.safetensors")
            # Four fifths of the weights, of which a text needs a few rows: looked up here, they
            # are never read as a whole.
            self._embeddings = tensors.pop("embeddings.word_embeddings.weight")
            graph = _bert(config, tensors)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelUnavailable(
                f"无法载入模型 {folder}：{error}。请删除这个文件夹，程序会重新解包。"
            ) from error
        self._model = openvino.Core().compile_model(graph, "CPU", SETTINGS)
        self.dimension = int(config["hidden_size"])
        self._unknown = self._tokenizer.id_of(_json(folder / "tokenizer_config.json")["unk_token"])
        self._prompts = {"query": prompts.get("query", ""), "document": prompts.get("document", "")}
        self._prompt_ids = {task: self._ids_of(prompt) for task, prompt in self._prompts.items()}

    def encode(self, texts: Sequence[str], task: str) -> list[Encoded]:
        """Encode texts as one batch; ``task`` is "query" or "document"."""
        batch = self._tokenizer.batch([self._prompts[task] + text for text in texts])
        states = self._model([self._embeddings[batch.ids], batch.attended])[0]
        own_tokens = batch.attended & ~batch.special & (batch.ids != self._unknown)
        encoded: list[Encoded] = []
        for row, kept, own in zip(states, batch.attended, own_tokens, strict=True):
            skipped = prompt_tokens(batch.ids[len(encoded)][own], self._prompt_ids[task])
            encoded.append(
                Encoded(normalised(row[kept].mean(axis=0)), normalised(row[own][skipped:]))
            )
        return encoded

    def _ids_of(self, prompt: str) -> list[int]:
        batch = self._tokenizer.batch([prompt])
        ids: list[int] = batch.ids[~batch.special].tolist()
        return ids


def runs(folder: Path) -> bool:
    """Say whether a folder is of the kind that is run here.

    Its tokenizer must be taken as the file has it: those of named classes are rebuilt by
    transformers, each in its own way.
    """
    try:
        modules = [module["type"].split(".")[-1] for module in _json(folder / "modules.json")]
        return (
            modules == MODULES
            and _json(folder / "config.json")["model_type"] == "bert"
            and _json(folder / "config.json")["hidden_act"] == "gelu"
            and _json(folder / "1_Pooling/config.json")["pooling_mode_mean_tokens"]
            and _json(folder / "tokenizer_config.json")["tokenizer_class"]
            == "PreTrainedTokenizerFast"
            and (folder / "model.safetensors").is_file()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _json(path: Path) -> Any:  # noqa: ANN401 - as the file has it
    return json.loads(path.read_text(encoding="utf-8"))


def _tensors(path: Path) -> Tensors:
    """Map the float32 tensors of a safetensors file: u64 length, JSON header, values."""
    # Copy on write: OpenVINO takes only arrays that may be written to, and writes to none.
    data = np.memmap(path, dtype=np.uint8, mode="c")
    start = 8 + int(data[:8].view("<u8")[0])
    header = json.loads(data[8:start].tobytes())
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            begin, end = entry["data_offsets"]
            values = data[start + begin : start + end].view("<f4")
            tensors[name] = values.reshape(entry["shape"])
    return tensors


def _bert(config: dict[str, Any], tensors: Tensors) -> openvino.Model:
    """Put the graph together: words' embeddings and mask to the last layer's states.

    Embeddings and states are (texts, tokens, hidden), the mask is (texts, tokens).
    """
    epsilon = float(config["layer_norm_eps"])
    heads = int(config["num_attention_heads"])

    def weights(name: str) -> openvino.Node:
        return ops.constant(tensors[name], shared_memory=True)

    def linear(states: openvino.Node, name: str) -> openvino.Node:
        product = ops.matmul(states, weights(f"{name}.weight"), transpose_a=False, transpose_b=True)
        return ops.add(product, weights(f"{name}.bias"))

    def norm(states: openvino.Node, name: str) -> openvino.Node:
        unit = ops.mvn(
            states, ops.constant([-1]), normalize_variance=True, eps=epsilon, eps_mode="inside_sqrt"
        )
        scaled = ops.multiply(unit, weights(f"{name}.weight"))
        return ops.add(scaled, weights(f"{name}.bias"))

    def by_head(states: openvino.Node) -> openvino.Node:
        split = ops.reshape(states, ops.constant([0, 0, heads, -1]), special_zero=True)
        return ops.transpose(split, ops.constant([0, 2, 1, 3]))

    def attention(states: openvino.Node, mask: openvino.Node, name: str) -> openvino.Node:
        query, key, value = (
            by_head(linear(states, f"{name}.self.{part}")) for part in ("query", "key", "value")
        )
        seen = ops.scaled_dot_product_attention(query, key, value, mask)
        joined = ops.transpose(seen, ops.constant([0, 2, 1, 3]))
        joined = ops.reshape(joined, ops.constant([0, 0, -1]), special_zero=True)
        return linear(joined, f"{name}.output.dense")

    words = ops.parameter([-1, -1, int(config["hidden_size"])], np.float32, "embeddings")
    attended = ops.parameter([-1, -1], np.bool_, "attention_mask")
    mask = ops.unsqueeze(attended, ops.constant([1, 2]))
    length = ops.gather(ops.shape_of(attended), ops.constant(1), ops.constant(0))
    positions = ops.range(ops.constant(0), length, ops.constant(1), "i64")
    states = ops.add(
        words,
        ops.gather(weights("embeddings.position_embeddings.weight"), positions, ops.constant(0)),
    )
    of_type = tensors["embeddings.token_type_embeddings.weight"][0]
    states = norm(ops.add(states, ops.constant(of_type)), "embeddings.LayerNorm")
    for number in range(int(config["num_hidden_layers"])):
        layer = f"encoder.layer.{number}"
        attends = attention(states, mask, f"{layer}.attention")
        states = norm(ops.add(states, attends), f"{layer}.attention.output.LayerNorm")
        inner = ops.gelu(linear(states, f"{layer}.intermediate.dense"), "erf")
        outer = linear(inner, f"{layer}.output.dense")
        states = norm(ops.add(states, outer), f"{layer}.output.LayerNorm")
    return openvino.Model([states], [words, attended], "bert")
