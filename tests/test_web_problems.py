"""Problems: the language they speak and the fields they name."""

import pytest
from starlette.datastructures import Headers

from web.problems import language_of


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.5", "en"),
        ("zh;q=0.2, EN;q=0.7", "en"),
        ("fr,de;q=0.5", "zh"),
        ("*", "zh"),
        ("en;q=0", "zh"),
        ("en;q=oops", "zh"),
        ("en,zh", "zh"),
    ],
)
def test_english_only_where_it_is_preferred(accepted: str, language: str) -> None:
    assert language_of(Headers({"accept-language": accepted})) == language
