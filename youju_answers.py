"""An answer as text for a terminal: what answers, or what is lacking, then the passages.

Written from the reply of ``POST /api/v1/ask``, so that it reads the same whether a service answered
or the command itself, and nothing else has to be loaded for it.
"""

from typing import Any

Reply = dict[str, Any]
"""``web.ask_models.AskReply`` as JSON; its parts are such dictionaries too."""


def describe_reply(reply: Reply) -> str:
    """Write an answer with its passages and their references."""
    return "\n\n".join([*_head(reply), *map(_passage, reply["passages"])])


def _head(reply: Reply) -> list[str]:
    head = []
    if reply["resolved_question"] != reply["question"].strip():
        head.append(f"按这个问题查找：{reply['resolved_question']}")
    if reply["silent"]:
        head.append(f"报告里没有说到：{'、'.join(reply['silent'])}")
    if not reply["answerable"]:
        head.append("\n".join(["这些报告里没有找到答案。", *map(_lack, reply["lacks"])]))
        if reply["passages"]:
            head[-1] += "\n最接近的段落："
    elif reply["comparison"]:
        passages = {passage["rank"]: passage for passage in reply["passages"]}
        head.append("\n".join(_line(line, passages) for line in reply["comparison"]))
    elif reply["answer"]:
        head.append(reply["answer"]["text"])
    return head


def _lack(lack: Reply) -> str:
    said: str = lack["message"]["zh"]
    return f"{lack['subject']}：{said}" if lack["subject"] else said


def _line(line: Reply, passages: dict[int, Reply]) -> str:
    subject: str = line["subject"]
    if line["passage"] is None:
        return f"{subject}：没有说到"
    passage = passages.get(line["passage"])
    if passage is None:
        return subject
    figure = line["figure"]
    start, end = passage["highlights"][0] if figure is None else (figure["start"], figure["end"])
    return f"{subject}：{passage['text'][start:end]} [{passage['rank']}]"


def _passage(passage: Reply) -> str:
    place = " › ".join([f"《{passage['report']['title']}》", *passage["section"]])
    return f"[{passage['rank']}] {place}\n{passage['text']}\n{passage['citation']['gbt7714']}"
