"""Near-duplicates: the same paragraph in a report's draft, its PDF and its press version.

Passages that say what a better one says already go behind the others, so that the first few tell
different things. Likeness is the Jaccard index of character shingles (Broder, "On the resemblance
and containment of documents", 1997).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus import row_of
from index import Hit

LOOKED_AT = 15
"""Best hits among which duplicates are looked for: more than are read."""
SHINGLE = 4
"""Characters of a shingle."""
ALIKE = 0.75
"""Jaccard index from which two paragraphs say the same; a few changed words leave more."""


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Signature = tuple[frozenset[str], frozenset[str]]
"""Shingles and numbers of a text."""


def said_again(hit: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """The other hits, of those looked at, that say the same as one."""
    signature = _signature(hit)
    others = (other for other in hits[: 2 * LOOKED_AT] if other.paragraph is not hit.paragraph)
    return [other for other in others if _alike(_signature(other), signature)]


def duplicates_last(hits: Sequence[Hit]) -> list[Hit]:
    """Hits in their order, but near-duplicates of better ones behind the others looked at."""
    kept: list[Hit] = []
    again: list[Hit] = []
    seen: list[Signature] = []
    for hit in hits[:LOOKED_AT]:
        signature = _signature(hit)
        if any(_alike(signature, other) for other in seen):
            again.append(hit)
        else:
            kept.append(hit)
            seen.append(signature)
    return [*kept, *again, *hits[LOOKED_AT:]]


def _signature(hit: Hit) -> Signature:
    """Of a table's row without its head, which it shares with all others."""
    text = hit.paragraph.text
    return _signature_of(text[row_of(text)[1] :] if hit.paragraph.kind == "table" else text)


@lru_cache(1024)
def _signature_of(text: str) -> Signature:
    bare = "".join(filter(str.isalnum, text))
    shingles = (bare[at : at + SHINGLE] for at in range(max(1, len(bare) - SHINGLE + 1)))
    return frozenset(shingles), frozenset(_NUMBER.findall(text))


def _alike(one: Signature, other: Signature) -> bool:
    """Whether two say the same; with other numbers it is the same paragraph of another year."""
    fewer, more = sorted((len(one[0]), len(other[0])))
    if one[1] != other[1] or fewer < ALIKE * more:
        return False
    return len(one[0] & other[0]) >= ALIKE * len(one[0] | other[0])
