"""Whatever a file holds, its reader gives text that obeys the laws, or says why there is none."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import mutate
from test_corpus_laws import check_laws, squashed

from corpus import SAMPLES, ReportError
from corpus.reading import READERS
from corpus.source import Extraction
from corpus.structure import read_structure

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>青岚县工作纪实</title>
<meta name="PubDate" content="2025-01-09"><style>p { text-indent: 2em }</style></head><body>
<nav><a href="/">首页</a> &gt; <a href="/gz">工作</a></nav><article><h1>青岚县工作纪实</h1>
<p>来源：青岚日报</p><h2>一、稳就业</h2><p>全年新增就业<b>三千二百人</b>，比上年增长8%。</p>
<table><tr><th>乡镇</th><th>人数</th></tr><tr><td rowspan="2">柳溪</td><td>1200</td></tr>
<tr><td colspan="2">850</td></tr></table><ol start="3"><li>办好夜校；</li><li>修好道路。</li></ol>
<h2>二、打算</h2><p>明年继续努力&nbsp;&#x2014;&mdash;再上台阶。<br>各项任务都要落实。</p></article>
<footer>版权所有</footer><script>var a = "<p>no text</p>";</script></body></html>
""".encode()


def seeds(suffix: str) -> list[bytes]:
    """Sound files of a format."""
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob(f"*{suffix}"))]
    return [*samples, *([PAGE] if suffix in {".html", ".htm"} else [])]


SEEDS = {suffix: seeds(suffix) for suffix in READERS if seeds(suffix)}


def check(suffix: str, data: bytes) -> None:
    """Read a file, and hold what comes of it to the laws, or else to a remedy."""
    try:
        extraction = READERS[suffix](data, f"x{suffix}")
    except ReportError as error:
        remedy = error.reason
    else:
        remedy = None
        check_blocks(extraction)
        check_laws(extraction.source, read_structure(extraction))
        extraction.source.encode()
    assert remedy is None or "请" in remedy


def check_blocks(extraction: Extraction) -> None:
    """Hold blocks to the law: in order, true to the source, and none of its characters left out."""
    source = extraction.source
    seen = set()
    for block in extraction.blocks:
        places = [i for span in block.spans for i in range(span.start, span.end)]
        assert squashed("".join(source[i] for i in places)) == squashed(block.text)
        assert all(first.end <= second.start for first, second in pairwise(block.spans))
        seen.update(places)
    assert all(i in seen or character.isspace() for i, character in enumerate(source))


FOUND = [
    (".txt", "工作报告\n\n目录\n一、总则\n".encode()),  # a table of contents and nothing after it
]


@pytest.mark.parametrize(("suffix", "data"), FOUND)
def test_what_damage_once_brought_down_is_read_by_the_law(suffix: str, data: bytes) -> None:
    check(suffix, data)


@pytest.mark.parametrize("suffix", SEEDS)
def test_a_sound_file_is_read_by_the_law(suffix: str) -> None:
    for data in SEEDS[suffix]:
        assert READERS[suffix](data, f"x{suffix}").blocks
        check(suffix, data)


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.data())
def test_a_damaged_file_is_read_by_the_law_or_refused(
    suffix: str, random: Random, data: st.DataObject
) -> None:
    files = SEEDS[suffix]
    check(suffix, mutate(data.draw(st.sampled_from(files)), random, files))


@pytest.mark.parametrize("suffix", READERS)
@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_bytes_of_any_kind_are_read_by_the_law_or_refused(suffix: str, data: bytes) -> None:
    check(suffix, data)
