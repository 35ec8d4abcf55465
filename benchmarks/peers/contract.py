"""What every system offers to be measured, and the process that carries it out.

A module of this package has a class ``System`` that implements the protocol below. Its docstring
says how the system is set up and which page of its documentation recommends it.

The process reads one JSON object a line from standard input and answers each with one on standard
output, so that times and memory are taken from outside in the same way for all:

    {"do": "load"}                             the model is in memory
    {"do": "index", "task": FOLDER}            the paragraphs are indexed and saved
    {"do": "open"}                             what was saved can be asked
    {"do": "ask", "question": "…", "k": 10}    {"found": [ids, best first]}

The answer to all but the last is ``{}``. It ends when standard input does.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

CORPUS = "corpus.jsonl"
"""The paragraphs of a task's folder, as BEIR has them: ``_id``, ``title``, ``text``."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph to be found. ``text`` begins with its report's title, as BEIR embeds it."""

    id: str
    text: str


class System(Protocol):
    """A way to search paragraphs with a sentence-transformers model.

    ``System(model, folder)`` loads the model from its folder, and keeps its index in ``folder``.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load what is needed for indexing and for asking."""

    def index(self, task: Path) -> None:
        """Index the paragraphs of a task and save the index."""

    def open(self) -> None:
        """Load the index that another process saved."""

    def ask(self, question: str, k: int) -> list[str]:
        """Return the ids of up to ``k`` passages, best first; parts of one paragraph repeat it."""


def paragraphs_of(task: Path) -> Iterator[Paragraph]:
    """Read the paragraphs of a task."""
    with (task / CORPUS).open(encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield Paragraph(fields["_id"], f"{fields['title']}\n{fields['text']}")


def serve(name: str, model: Path, folder: Path) -> None:
    """Do what standard input says, with the system of a module of this package."""
    # What libraries print must not come between the replies.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        system: System = importlib.import_module(f"peers.{name}").System(model, folder)
        for line in sys.stdin:
            print(json.dumps(_reply(system, json.loads(line))), file=replies, flush=True)


def _reply(system: System, request: dict) -> dict:
    match request["do"]:
        case "index":
            system.index(Path(request["task"]))
        case "open":
            system.open()
        case "ask":
            return {"found": system.ask(request["question"], request["k"])}
    return {}
