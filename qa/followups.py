"""Follow-up questions: what an elliptical question means after the ones before it."""

import re
from collections.abc import Callable, Sequence

from .types import Turn

# "那黑龙江呢", "其中非公企业的有多少？", "他们一共干了多少天？": a question that points back.
_POINTS_BACK = re.compile(
    r"^(那|其中|这|该|他|她|它|还有|另外|此外|所有|总|一共|后来)|呢[？?。!！\s]*$"
)
SHORT = 10
"""A question of fewer characters hardly stands alone after another one."""


def resolve(
    question: str, history: Sequence[Turn], in_reports: Callable[[str], bool] = lambda _: True
) -> str:
    """Complete a question from the conversation.

    A question that points back is read together with the question before it; so is a very short
    one if the reports know half of its words ("总额是多少？" but not "谢谢"). Any other stands as
    it is, so that a new topic is not coloured by the old one.

    Args:
        question: what is asked now.
        history: earlier turns, oldest first.
        in_reports: whether at least half of a question's words occur in the reports.

    Returns:
        The question to search for.
    """
    if not history:
        return question
    short = len(question) < SHORT and in_reports(question)
    if not (_POINTS_BACK.search(question) or short):
        return question
    earlier = [turn.question for turn in history]
    return f"{resolve(earlier[-1], history[:-1], in_reports)} {question}"
