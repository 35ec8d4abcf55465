"""Questions answered: what is asked, which passages answer it, whether any does, how to cite."""

from .answering import MOST, Answerer
from .citations import Citation, Format, Style, cite, reference_list, today
from .differences import Piece
from .errors import (
    BrokenQuestion,
    EmptyQuestion,
    MeasuresMissing,
    QuestionError,
    QuestionSetError,
    UnknownReport,
)
from .evaluation import evaluate, evaluation_json, measures, trec_qrels, trec_run
from .evaluation_text import describe_evaluation, describe_misses
from .feedback import Mark, add_mark, draft_questions, holds_quote, read_marks
from .figures import Figure, figures
from .judging import Judged, squash
from .lacks import Lack
from .passages import whole
from .proofreading import (
    LONGEST_QUOTATION,
    SHORTEST_QUOTATION,
    Proof,
    Proofreading,
    describe_proofreading,
    proofread,
)
from .question_sets import Question, Wanted, question_json, read_question_set
from .references import Reference, reference
from .support import Fault, faults_of
from .types import Answer, Citable, Compared, Passage, Place, Quote, Turn, Why
from .verifying import Checked, Context, Status, Verification, Verifier

__all__ = [
    "LONGEST_QUOTATION",
    "MOST",
    "SHORTEST_QUOTATION",
    "Answer",
    "Answerer",
    "BrokenQuestion",
    "Checked",
    "Citable",
    "Citation",
    "Compared",
    "Context",
    "EmptyQuestion",
    "Fault",
    "Figure",
    "Format",
    "Judged",
    "Lack",
    "Mark",
    "MeasuresMissing",
    "Passage",
    "Piece",
    "Place",
    "Proof",
    "Proofreading",
    "Question",
    "QuestionError",
    "QuestionSetError",
    "Quote",
    "Reference",
    "Status",
    "Style",
    "Turn",
    "UnknownReport",
    "Verification",
    "Verifier",
    "Wanted",
    "Why",
    "add_mark",
    "cite",
    "describe_evaluation",
    "describe_misses",
    "describe_proofreading",
    "draft_questions",
    "evaluate",
    "evaluation_json",
    "faults_of",
    "figures",
    "holds_quote",
    "measures",
    "proofread",
    "question_json",
    "read_marks",
    "read_question_set",
    "reference",
    "reference_list",
    "squash",
    "today",
    "trec_qrels",
    "trec_run",
    "whole",
]
