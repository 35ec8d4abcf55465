"""Questions answered: what is asked, which passages answer it, whether any does, how to cite."""

from .answering import Answerer
from .citations import Citation, cite
from .errors import BrokenQuestion, EmptyQuestion, QuestionError, UnknownReport
from .types import Answer, Passage, Quote, Turn

__all__ = [
    "Answer",
    "Answerer",
    "BrokenQuestion",
    "Citation",
    "EmptyQuestion",
    "Passage",
    "QuestionError",
    "Quote",
    "Turn",
    "UnknownReport",
    "cite",
]
