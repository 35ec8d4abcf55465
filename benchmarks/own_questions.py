"""Our own questions on the sample reports (``sample_questions.jsonl``), to fit or held out."""

import json
from pathlib import Path

from qa import Question, read_question_set

FILE = Path(__file__).with_name("sample_questions.jsonl")


def own_questions(split: str) -> list[Question]:
    """The questions of a split, ``fit`` or ``check``; those that nothing answers want nothing."""
    items = map(json.loads, FILE.read_text("utf-8").splitlines())
    splits = {item["id"]: item["split"] for item in items}
    return [question for question in read_question_set(FILE) if splits[question.id] == split]
