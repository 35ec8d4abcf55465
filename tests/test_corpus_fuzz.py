"""Whatever a file holds, its reader gives text that obeys the laws, or says why there is none."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import mutate
from printed_pages import page, set_text
from sound_files import TEXTS, sound_files
from test_corpus_laws import check_extraction

from corpus import ReportError
from corpus.layout import read_pages
from corpus.page import Line
from corpus.report_file import READERS

# Those that need neither LibreOffice nor text recognition, each reader once.
SEEDS = {
    suffix: sound_files(suffix) for suffix in (".docx", ".pdf", ".html", ".mht", ".md", ".txt")
}


def check(suffix: str, data: bytes) -> None:
    """Read a file, and hold what comes of it to the laws, or else to a remedy."""
    try:
        extraction = READERS[suffix](data, f"x{suffix}")
    except ReportError as error:
        assert "请" in error.reason  # noqa: PT017 - one of two ways to pass
    else:
        check_extraction(extraction)


FOUND = [
    (".txt", "工作报告\n\n目录\n一、总则\n".encode()),  # a table of contents and nothing after it
]


@pytest.mark.parametrize(("suffix", "data"), FOUND)
def test_what_damage_once_brought_down_is_read_by_the_law(suffix: str, data: bytes) -> None:
    check(suffix, data)


def test_a_comma_alone_in_its_column_is_read_by_the_law() -> None:
    comma = Line("，", (90.0, 130.0, 94.0, 142.0), 12.0)
    check_extraction(read_pages([page([comma, *set_text([TEXTS[0]], 320, 130, columns=16)])]))


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.data())
def test_a_damaged_file_is_read_by_the_law_or_refused(
    suffix: str, random: Random, data: st.DataObject
) -> None:
    files = SEEDS[suffix]
    check(suffix, mutate(data.draw(st.sampled_from(files)), random, files))


@pytest.mark.parametrize("suffix", READERS)
@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_bytes_of_any_kind_are_read_by_the_law_or_refused(suffix: str, data: bytes) -> None:
    check(suffix, data)
