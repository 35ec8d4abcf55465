"""Sentences of Chinese running text: the unit that answers, and of which windows are made."""

import re

# A sentence ends with 。！？… or a full-width or ASCII semicolon, with the closing quotation marks
# and brackets that follow; a line break ends one too. ASCII . ! ? end one only before white space
# or the end, so that 5.1% and youju.py stay whole; nor does the number of a list item ("5. ").
_SENTENCE = re.compile(
    r"""
    (?: \s*\d{1,2}\. )?
    (?: [^。！？；;…!?.\n] | [.!?](?!\s|$) )*
    (?: [。！？；;…]+ | [.!?]+(?=\s|$) | \n | $ )
    [”’」』）)》\]]*
    """,
    re.VERBOSE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Split ``text`` into sentences.

    Returns:
        Character ranges in order, white space at both ends left out. Together they hold every
        character of ``text`` that is not white space.
    """
    ranges = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        stripped = sentence.strip()
        if stripped:
            start = match.start() + len(sentence) - len(sentence.lstrip())
            ranges.append((start, start + len(stripped)))
    return ranges
