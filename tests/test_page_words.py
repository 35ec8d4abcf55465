"""The words of the pages: each text in both languages, and none twice."""

import re
from collections import Counter

from web.pages import FOLDER

KEY = re.compile(r'^    "?([\w-]+)"?:', re.MULTILINE)
VALUE = re.compile(r"\{(\w+)\}")


def words(language: str) -> dict[str, str]:
    """The texts of a language by their keys, from all subjects."""
    found: list[tuple[str, str]] = []
    for file in sorted(FOLDER.glob("words_*.js")):
        block = file.read_text("utf-8").partition(f"  {language}: {{\n")[2].partition("\n  },")[0]
        places = [*KEY.finditer(block)]
        ends = [place.start() for place in places[1:]] + [len(block)]
        found += [(p[1], block[p.end() : end]) for p, end in zip(places, ends, strict=True)]
    assert [key for key, count in Counter(key for key, _ in found).items() if count > 1] == []
    return dict(found)


def test_each_text_is_there_in_both_languages_with_the_same_values() -> None:
    chinese, english = words("zh"), words("en")
    assert len(chinese) > 200
    assert chinese.keys() == english.keys()
    for key in chinese.keys() - {"inBothLanguages"}:
        assert set(VALUE.findall(chinese[key])) >= set(VALUE.findall(english[key])), key


def test_each_text_that_a_page_asks_for_is_there() -> None:
    known = words("zh").keys()
    pages = "".join(file.read_text("utf-8") for file in FOLDER.glob("*.html"))
    asked = set(re.findall(r'data-(?:text|label|placeholder)="([\w-]+)"', pages))
    for file in FOLDER.glob("*.js"):
        script = file.read_text("utf-8")
        asked |= set(re.findall(r'\btext\("([\w-]+)"', script))
        asked |= set(re.findall(r'\b(?:show|label)\((?:[^()"]|\([^()]*\))*, "([\w-]+)"', script))
    assert len(asked) > 100
    assert asked - known == set()
