"""An article proofread: each of its quotations checked against the reports."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus import Quotation

from .answering import Answerer
from .citations import cite
from .differences import Piece
from .verifying import Checked, Verification

SHORTEST_QUOTATION = 6
"""Letters, digits and characters of a quotation that is checked; shorter are names and terms
(“十四五”, “放管服”)."""

LONGEST_QUOTATION = 2000
"""Characters of a quotation that is checked: the time that a changed one takes grows with the
square of its length."""

_LONGEST_SHOWN = 60
"""Characters of a quotation that are shown of it where its difference is not."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A quotation of an article, and what became of it."""

    quotation: Quotation
    verification: Verification


@dataclass(frozen=True, slots=True)
class Proofreading:
    """The quotations that were checked, in order; how many were too short and too long to be."""

    proofs: tuple[Proof, ...]
    skipped: int
    overlong: int = 0

    @property
    def sound(self) -> bool:
        """Whether all that could be checked is verbatim."""
        return not self.overlong and all(
            proof.verification.status == "verbatim" for proof in self.proofs
        )


def proofread(
    quotations: Sequence[Quotation],
    answerer: Answerer,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Proofreading:
    """Check the quotations of an article; ``progress`` is told how many are done of how many."""
    long_enough = [one for one in quotations if _letters(one.text) >= SHORTEST_QUOTATION]
    chosen = [one for one in long_enough if len(one.text) <= LONGEST_QUOTATION]
    proofs = []
    for done, quotation in enumerate(chosen, 1):
        proofs.append(Proof(quotation, answerer.verify(quotation.text)))
        progress(done, len(chosen))
    return Proofreading(
        tuple(proofs),
        skipped=len(quotations) - len(long_enough),
        overlong=len(long_enough) - len(chosen),
    )


def describe_proofreading(read: Proofreading) -> str:
    """A proofreading as text for a terminal: each quotation, then the sum."""
    return "\n\n".join([*map(_proof, read.proofs), _sum(read)])


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _proof(proof: Proof) -> str:
    quotation, verification = proof.quotation, proof.verification
    where = f"第{quotation.line}行" if quotation.line else f"第{quotation.paragraph}段"
    lines = [f"{where}：“{_start(quotation.text)}”", f"  {_verdict(verification)}"]
    # The same words may stand in several places; the parts of a quotation each in its own.
    for place in verification.places:
        if verification.status == "changed":
            lines.append(f"  {''.join(map(_piece, place.difference))}")
        lines += _place(place)
    return "\n".join(lines)


def _verdict(verification: Verification) -> str:
    match verification.status:
        case "verbatim":
            return "一字不差"
        case "changed":
            return "有改动，数字不同！" if verification.figures_differ else "有改动"
        case _:
            return "没有找到"


def _piece(piece: Piece) -> str:
    figure = "数字不同！" if piece.figure else ""
    quote, report = (" ".join(text.split()) for text in (piece.quote, piece.report))
    match piece.operation:
        case "equal":
            return quote
        case "insert":
            return f"【{figure}多出：{quote}】"
        case "delete":
            return f"【{figure}漏掉：{report}】"
        case _:
            return f"【{figure}原文：{report}，引作：{quote}】"


def _place(place: Checked) -> Iterable[str]:
    passage = place.passage
    section = " › ".join([f"《{passage.report.title}》", *passage.section])
    return f"  {section}，第{passage.paragraph}段", f"  {cite(passage).gbt7714}"


def _sum(read: Proofreading) -> str:
    if not (read.proofs or read.skipped or read.overlong):
        return "文稿里没有引文。"
    statuses = [proof.verification.status for proof in read.proofs]
    figures = sum(proof.verification.figures_differ for proof in read.proofs)
    changed = f"{statuses.count('changed')} 处有改动" + (
        f"（{figures} 处数字不同）" if figures else ""
    )
    unchecked = [
        f"；另有 {count} 处{what}，没有核对"
        for count, what in (
            (read.skipped, f"不足 {SHORTEST_QUOTATION} 个字"),
            (read.overlong, f"超过 {LONGEST_QUOTATION} 个字"),
        )
        if count
    ]
    return (
        f"核对了 {len(statuses)} 处引文：{statuses.count('verbatim')} 处一字不差，{changed}，"
        f"{statuses.count('missing')} 处没有找到{''.join(unchecked)}。"
    )


def _start(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}……"
