"""Follow-up questions: what an elliptical question means after the ones before it.

People repeat only what changes: another region (那黑龙江呢), another year (去年呢), another thing
(进口呢). What changes takes the place of its like in the question before; what cannot be placed is
asked together with it.
"""

import re
from collections.abc import Callable, Sequence

from corpus import words_in
from index import legible

from .subjects import Mention, Subjects
from .times import Time, times_in
from .types import Turn

# "其中非公企业的有多少？", "他们一共干了多少天？": a question that points back.
_POINTS_BACK = re.compile(
    r"^(?:那|其中|这|该|他|她|它|还有|另外|此外|所有|总|一共|后来|又|再|同比|分别)|呢(?=[，,、？?。!！\s]|$)"
)
_SMALL_WORDS = re.compile(
    r"^(?:那么?|还有|以及|[和跟与同]|至于|换成|改成|要是|如果是|再看看?|说说|对了)+|[，,、。？?！!\s“”\"]+"
    r"|(?:的话|怎么样|怎样|咋样|如何|怎么说|是多少|有多少|多少|情况)?(?:的)?[呢吗嘛呀啊吶]?$"
)
_SAYS_ONLY_THAT_IT_CHANGES = re.compile(
    r"(?:准备|计划|打算|目标|预计|实际|一共|总共|共|要|将|已|又|再|能|会|大概|到底|是|的|了|呢|吗"
    r"|新增|增加|增长|完成|实现|达到|建成|新建|建设|建|改造|改|安排|投入|投|下降|减少|提高|提升|涨|花|多少"
    r"|几个|多大|几|个|家|人|户|元|亿|万|钱|百分之)*"
)
"""What is left of a question that names no thing: 2025年准备新增多少."""
SHORT = 10
"""A question of fewer characters hardly stands alone after another one."""

COMPLETE = 4
"""Characters, besides the names of subjects and years, that make a question with them whole."""
_ENDS_OPEN = re.compile(r"呢[？?。\s]*$")
_BESIDE = re.compile(r"^(?:那么?|要是|如果)?(?:跟|和|与|同|比起?|对比)$")
"""Before the name of another one, which is set beside the one before: 跟浙江比谁高."""

_LONGEST_THING = 8


def resolve(
    question: str,
    history: Sequence[Turn],
    subjects: Subjects,
    in_reports: Callable[[str], bool] = lambda _: True,
) -> str:
    """Complete a question from the conversation.

    A question that points back is completed; so is one that names no thing, and a very short one
    if the reports know half of its words ("总额是多少？" but not "谢谢"). Any other stands as it
    is, so that a new topic is not coloured by the old one.

    Args:
        question: what is asked now.
        history: earlier turns, oldest first.
        subjects: of the reports.
        in_reports: whether at least half of a question's words occur in the reports.

    Returns:
        The question to search for.
    """
    if not history:
        return question
    asked = _Parts(legible(question), subjects)
    # 白鹭区有几家医院 is short and lacks nothing.
    whole = asked.mentions and len(asked.rest) >= COMPLETE and not _ENDS_OPEN.search(question)
    short = len(question) < SHORT and in_reports(question) and not whole
    thingless = _SAYS_ONLY_THAT_IT_CHANGES.fullmatch(asked.rest)
    if not (_POINTS_BACK.search(question) or short or thingless or asked.sets_beside):
        return question
    earlier = resolve(history[-1].question, history[:-1], subjects, in_reports)
    return _completed(asked, _Parts(legible(earlier), subjects))


def begins(question: str, resolved: str) -> int:
    """Where a follow-up begins in the resolved question, if that is put before it; 0 if not."""
    now = legible(question)
    return len(resolved) - len(now) if resolved.endswith(f" {now}") else 0


class _Parts:
    """A question with the places and years that it names."""

    def __init__(self, text: str, subjects: Subjects) -> None:
        self.text = text
        self.mentions: Sequence[Mention] = subjects.mentioned(text)
        self.times: Sequence[Time] = times_in(text)

    @property
    def named(self) -> list[Mention | Time]:
        """The places and the years together."""
        return [*self.mentions, *self.times]

    @property
    def rest(self) -> str:
        """What is left without them, and without the words that hold a question together."""
        text = self.text
        for part in sorted(self.named, key=lambda part: -part.start):
            text = text[: part.start] + text[part.end :]
        return _SMALL_WORDS.sub("", _SMALL_WORDS.sub("", text)).strip("的")

    def words(self, part: Mention | Time) -> str:
        """The words of a part; a name of one character is written out."""
        words = self.text[part.start : part.end]
        return part.subject.name if len(words) == 1 and isinstance(part, Mention) else words

    @property
    def sets_beside(self) -> bool:
        """Whether it sets another subject beside those of the question before."""
        return bool(self.mentions) and bool(_BESIDE.match(self.text[: self.mentions[0].start]))


def _completed(asked: _Parts, earlier: _Parts) -> str:
    """The earlier question with what the one that is asked changes in it."""
    text = earlier.text
    edits: list[tuple[int, int, str]] = []
    for now, before in ((asked.mentions, earlier.mentions), (asked.times, earlier.times)):
        words = "和".join(dict.fromkeys(map(asked.words, now)))
        if now and before and now is asked.mentions and asked.sets_beside:
            edits.append((before[-1].end, before[-1].end, f"和{words}"))
        elif now and before:
            edits.append((before[0].start, before[0].end, words))
            edits += [(part.start, part.end, "") for part in before[1:]]
        elif now:
            edits.append((0, 0, words))
    rest = "" if asked.sets_beside else asked.rest
    place = _place_of(rest, earlier)
    if place and not any(a < place[1] and place[0] < b for a, b, _ in edits):
        edits.append((*place, rest))
        rest = ""
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return f"{text} {asked.text}" if rest else text


def _place_of(thing: str, earlier: _Parts) -> tuple[int, int] | None:
    """Where the earlier question names the like of a thing: both end alike (进口, 出口).

    They are about as long as each other, and half of them is the same.
    """
    if not 2 <= len(thing) <= _LONGEST_THING or not re.fullmatch(r"[\u4e00-\u9fff]+", thing):
        return None
    if _SAYS_ONLY_THAT_IT_CHANGES.fullmatch(thing):
        return None
    alike = thing[-((len(thing) + 1) // 2) :]
    end = earlier.text.find(alike) + len(alike)
    if end < len(alike):
        return None
    begins = [at for _, at, _ in words_in(earlier.text) if at <= end - len(alike)]
    start = min(begins, key=lambda at: abs(end - len(thing) - at))
    if abs(end - len(thing) - start) > 1 or earlier.text[start:end] == thing:
        return None
    if any(part.start < end and start < part.end for part in earlier.named):
        return None
    return (start, end) if re.fullmatch(r"[\u4e00-\u9fff]+", earlier.text[start:end]) else None
