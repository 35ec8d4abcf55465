"""Laws of cutting text: nothing is lost between sentences, windows and excerpts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus import Paragraph, Span, sentences, source_spans
from index.windows import LENGTH, window_ranges
from qa import excerpts

chinese = st.text("报告全年增长五，、。；！？：“”（）《》 \n0123456789.%aB", max_size=900)


def squashed(text: str) -> str:
    return "".join(text.split())


@given(chinese)
def test_sentences_hold_all_text_in_order(text: str) -> None:
    ranges = sentences(text)
    assert squashed("".join(text[a:b] for a, b in ranges)) == squashed(text)
    assert all(b <= c for (_, b), (c, _) in pairwise(ranges))


@given(chinese)
def test_windows_hold_all_text_in_order_and_are_short(text: str) -> None:
    ranges = window_ranges(text)
    assert squashed("".join(text[a:b] for a, b in ranges)) == squashed(text)
    assert all(b - a <= 2 * LENGTH for a, b in ranges)


@given(chinese.filter(str.strip), st.data())
def test_an_excerpt_holds_its_window_and_is_short(text: str, data: st.DataObject) -> None:
    window = data.draw(st.sampled_from(window_ranges(text)))
    start, end = excerpts.excerpt(text, window)
    assert start <= window[0] <= window[1] <= end
    assert end - start <= max(excerpts.LENGTH, window[1] - window[0])


@given(st.lists(chinese, min_size=1, max_size=4), st.data())
def test_any_stretch_of_a_joined_paragraph_is_found_in_its_source(
    pieces: list[str], data: st.DataObject
) -> None:
    source = "图片说明\n".join(pieces)
    spans, offset = [], 0
    for piece in pieces:
        spans.append(Span(offset, offset + len(piece)))
        offset += len(piece) + len("图片说明\n")
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    paragraph = Paragraph(0, text, "body", (), tuple(spans))
    found = source_spans(source, paragraph, start, end)
    assert squashed("".join(source[s.start : s.end] for s in found)) == squashed(text[start:end])


def test_decimals_and_abbreviations_do_not_end_a_sentence() -> None:
    text = "增长5.1%，达13.7万亿元。见youju.py；第二句！”他说。"
    assert [text[a:b] for a, b in sentences(text)] == [
        "增长5.1%，达13.7万亿元。",
        "见youju.py；",
        "第二句！”",
        "他说。",
    ]
