"""The learner writes sentences."""

import re
from dataclasses import dataclass
from typing import Any

from raylab.checks.values import untouched
from raylab.checks.verdict import Mistake, Verdict


@dataclass(frozen=True)
class Explain:
    """A model answer, shown only after the learner has written something of her own.

    points: what to look for in one's own text. words: how many different words count as something.
    """

    model: str
    points: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    words: int = 12

    def judge(self, answer: Any, seed: int) -> str:
        """The model answer, as the detail of a right one; anything else is raised as a Verdict."""
        if untouched(answer) or (isinstance(answer, str) and not re.search(r"\w", answer)):
            raise Verdict("not attempted", "Write your explanation first; then you see one to compare with.")
        if not isinstance(answer, str):
            raise Verdict("wrong", f"Asked for: sentences, in quotes. This is a {type(answer).__name__}.")
        for mistake in self.mistakes:
            if re.search(mistake.like, answer, re.IGNORECASE):
                raise Verdict(mistake.state, mistake.message)
        different = {word.casefold() for word in re.findall(r"\w{2,}", answer)}
        if len(different) < self.words:
            text = f"Say a little more first, in whole sentences (at least {self.words} different words)."
            raise Verdict("almost", text)
        points = ["Look for:", *(f"- {point}" for point in self.points)] if self.points else []
        return "\n".join(["One way to say it:", self.model, *points])
