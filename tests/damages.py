"""Damage to files as disks do it: flipped bits, and ends that are lost."""

import random
from collections.abc import Iterator
from pathlib import Path

BY_HAND = frozenset(["synonyms.txt", "words.txt", "feedback.jsonl"])
"""Files that people write or edit: any change in them may be meant."""


def damageable(data: Path) -> list[Path]:
    """The files of a data folder that only Youju writes, and that are not empty."""
    return sorted(
        path
        for path in data.rglob("*")
        if path.is_file()
        and path.stat().st_size
        and (path.parent != data or path.name not in BY_HAND)
    )


def damage(file: Path, chance: random.Random) -> str:
    """Flip a bit of a file or cut its end off; says what was done."""
    whole = file.read_bytes()
    if chance.random() < 1 / 4:
        length = chance.randrange(len(whole))
        file.write_bytes(whole[:length])
        return f"cut to {length} of {len(whole)} bytes"
    position, bit = chance.randrange(len(whole)), chance.randrange(8)
    flipped = bytes([whole[position] ^ 1 << bit])
    file.write_bytes(whole[:position] + flipped + whole[position + 1 :])
    return f"bit {bit} of byte {position} flipped"


def damages(data: Path, count: int, seed: int) -> Iterator[tuple[Path, random.Random]]:
    """Choose files to be damaged, each as often as any other, relative to the data folder."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    files = [path.relative_to(data) for path in damageable(data)]
    for number in range(count):
        yield files[number % len(files)], chance
