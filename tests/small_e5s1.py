"""A weights file of the default model in small, for tests: the same format, one layer."""

import struct
from dataclasses import dataclass

import numpy as np

from index.e5s1 import BLOCK, F32, Q4

HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES = 32, 1, 2, 64, 40, 64, 2
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [*SPECIAL, "粮食", "▁a", "▁", *"粮食产量目标年今河南12,.a", "<mask>"]
REPLACEMENTS = {"\x01": "", "\u3000": " ", "，": ",", "１": "1", "²": "2", "\u200d": " "}


@dataclass
class SmallFile:
    """What goes into a weights file; tests change it before it is written."""

    magic: bytes = b"E5S1"
    version: int = 1
    heads: int = HEADS
    block: int = BLOCK
    pieces: tuple[str, ...] = tuple(PIECES)
    unk: int = 3
    replacements: tuple[tuple[int, tuple[int, ...]], ...] = tuple(
        (ord(key), tuple(map(ord, text))) for key, text in REPLACEMENTS.items()
    )
    without: str = ""
    scale: float = 0.25
    offset: int = 0

    def laid_out(self) -> bytes:
        """Lay the file out."""
        head = self.magic + struct.pack(
            "<I7ifi",
            *(self.version, HIDDEN, LAYERS, self.heads, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES),
            *(1e-12, self.block),
        )
        return head + self._vocabulary() + self._normaliser() + self._tensors(head)

    def _vocabulary(self) -> bytes:
        blobs = [piece.encode() for piece in self.pieces]
        offsets = np.cumsum([0, *map(len, blobs)]).astype("<u4")
        scores = -np.arange(len(blobs)).astype("<f4") / 10
        blob = b"".join(blobs)
        head = struct.pack("<5iQ", len(blobs), 0, 2, 1, self.unk, len(blob))
        return head + offsets.tobytes() + scores.tobytes() + blob

    def _normaliser(self) -> bytes:
        entries = b"".join(
            struct.pack(f"<IB{len(codes)}I", code, len(codes), *codes)
            for code, codes in self.replacements
        )
        return struct.pack("<iI", len(self.replacements), len(entries)) + entries

    def _tensors(self, head: bytes) -> bytes:
        kept = [entry for entry in tensors() if entry[0] != self.without]
        start = len(head) + len(self._vocabulary()) + len(self._normaliser()) + 4
        start += sum(2 + len(name) + 21 for name, _, _ in kept) + self.offset
        directory, data = struct.pack("<i", len(kept)), b""
        for name, kind, count in kept:
            content = self._values(kind, count)
            directory += struct.pack("<H", len(name)) + name.encode()
            directory += struct.pack("<BIQQ", kind, count, start + len(data), len(content))
            data += content
        return directory + data

    def _values(self, kind: int, count: int) -> bytes:
        if kind == F32:
            return np.linspace(-1, 1, count).astype("<f4").tobytes()
        block = np.float16(self.scale).tobytes() + bytes(17 * n % 256 for n in range(16))
        return block * (count // BLOCK)


def tensors() -> list[tuple[str, int, int]]:
    """Name, kind and number of values of each tensor."""
    listed = [("emb.word", Q4, VOCABULARY * HIDDEN), ("emb.pos", F32, POSITIONS * HIDDEN)]
    listed += [("emb.type", F32, TYPES * HIDDEN), ("emb.ln.w", F32, HIDDEN)]
    listed += [("emb.ln.b", F32, HIDDEN)]
    for name in ("q", "k", "v", "ao"):
        listed += [(f"l0.{name}.w", Q4, HIDDEN * HIDDEN), (f"l0.{name}.b", F32, HIDDEN)]
    for name in ("aln", "oln"):
        listed += [(f"l0.{name}.w", F32, HIDDEN), (f"l0.{name}.b", F32, HIDDEN)]
    listed += [("l0.fi.w", Q4, FEED_FORWARD * HIDDEN), ("l0.fi.b", F32, FEED_FORWARD)]
    listed += [("l0.fo.w", Q4, FEED_FORWARD * HIDDEN), ("l0.fo.b", F32, HIDDEN)]
    return listed
