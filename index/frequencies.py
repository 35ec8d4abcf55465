"""How many paragraphs hold a token: what understanding a question asks of a lexical index."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Collection

from .tokens import Tokenizer

_HAN_ONLY = re.compile(r"[\u3400-\u9fff]{2,}")


class Frequencies(ABC):
    """Document frequencies over the searched paragraphs.

    Attributes:
        tokenizer: the one that the paragraphs were cut by.
    """

    tokenizer: Tokenizer

    @property
    @abstractmethod
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""

    @abstractmethod
    def holding(self, token: str) -> int:
        """Count the paragraphs that hold a token."""

    @abstractmethod
    def holding_all(self, tokens: Collection[str]) -> int:
        """Count the paragraphs that hold every one of some tokens."""

    @abstractmethod
    def characters(self) -> set[str]:
        """Return the characters of all tokens."""

    def knows(self, query: str) -> bool:
        """Whether at least half of a query's words occur in some paragraph."""
        known = [self.holding(word) > 0 for word in self.tokenizer.words(query)]
        return 2 * sum(known) >= len(known) > 0

    def rarity(self, query: str) -> dict[str, float]:
        """Return the inverse document frequency of each token that some paragraph holds."""
        rarity = {}
        for token in dict.fromkeys(self.tokenizer.tokens(query)):
            if holding := self.holding(token):
                rarity[token] = inverse_frequency(holding, self.paragraphs)
        return rarity

    def paragraphs_with(self, text: str) -> int:
        """Count the paragraphs that hold a text; of several words the rarest counts."""
        if _HAN_ONLY.fullmatch(text):
            return self.holding_phrase(text)
        return min(map(self.holding, self.tokenizer.tokens(text)), default=0)

    def holds(self, text: str) -> bool:
        """Whether some paragraph holds all tokens of a text, or all bigrams if it is of Han."""
        if _HAN_ONLY.fullmatch(text):
            return self.holding_phrase(text) > 0
        return all(map(self.holding, self.tokenizer.tokens(text)))

    def holding_phrase(self, phrase: str) -> int:
        """Count the paragraphs that hold all bigrams of a phrase of Han characters.

        They hold the phrase itself, but for rare chances.
        """
        return self.holding_all([phrase[i : i + 2] for i in range(len(phrase) - 1)])


def inverse_frequency(holding: int, paragraphs: int) -> float:
    """Return the weight of a token that ``holding`` of all ``paragraphs`` hold."""
    return math.log(1 + (paragraphs - holding + 0.5) / (holding + 0.5))
