"""The learner commits to a number before looking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.checks.values import numbers, read, untouched
from raylab.checks.verdict import Mistake, Verdict

Prediction = float | str | tuple[float | str, ...]


@dataclass(frozen=True)
class Predict:
    """A number, a word, or a tuple of these: right within atol + rtol |truth|, which the page states.

    Where only some of a tuple are right, the answer says which.

    truth: the value, or a function without arguments that computes it. A named mistake may be a number (met
    within the same tolerance), an interval (low, high) where the truth is one number, or a tuple like the truth.
    """

    truth: Prediction | Callable[[], Prediction]
    mistakes: tuple[Mistake, ...] = ()
    atol: float = 0.0
    rtol: float = 0.0

    def value(self) -> Prediction:
        """The right prediction."""
        truth = self.truth() if callable(self.truth) else self.truth
        return tuple(truth.tolist()) if isinstance(truth, np.ndarray) and truth.ndim else truth

    def judge(self, answer: Any, seed: int) -> str:
        """The detail of a right answer, which is empty; anything else is raised as a Verdict."""
        if untouched(answer):
            raise Verdict("not attempted", "Write down your prediction first; nothing is lost by a wrong one.")
        truth = self.value()
        given = _read(answer, truth)
        hits = [self._near(g, t) for g, t in zip(_each(given), _each(_plain(truth)), strict=True)]
        if all(hits):
            return ""
        for mistake in self.mistakes:
            if self._is(given, mistake.like, truth):
                raise Verdict(mistake.state, mistake.message)
        raise Verdict("wrong", self._not_yet(given, truth, hits))

    def _near(self, given: float | str, truth: float | str) -> bool:
        if isinstance(truth, str) or isinstance(given, str):
            return given == truth
        return abs(given - truth) <= self.atol + self.rtol * abs(truth)

    def _is(self, given: Any, like: Any, truth: Any) -> bool:
        if not isinstance(truth, tuple) and isinstance(like, tuple):
            return like[0] <= given <= like[1]
        return all(self._near(g, m) for g, m in zip(_each(given), _each(_plain(like)), strict=True))

    def _not_yet(self, given: Any, truth: Any, hits: list[bool]) -> str:
        if len(hits) > 1:
            return _which(hits)
        if isinstance(truth, str):
            return f"Not {given}. Think of what each quantity does, then choose again."
        side = "large" if given > truth else "small"
        return f"Not yet: {numbers(given)} is too {side}."


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def _which(hits: list[bool]) -> str:
    """Of several answers, which are right and which are not."""
    right, wrong = ([_ordinal(i) for i, hit in enumerate(hits) if hit is kind] for kind in (True, False))
    if not right:
        return f"Not yet: 0 of {len(hits)} are right."
    return f"{_listed(right).capitalize()} {'is' if len(right) == 1 else 'are'} right. Look at {_listed(wrong)} again."


def _ordinal(i: int) -> str:
    return f"the {ORDINALS[i]}" if i < len(ORDINALS) else f"number {i + 1}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _plain(value: Any) -> Any:
    """Words compare without case and surrounding blanks."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.strip().casefold() if isinstance(value, str) else value


def _read(answer: Any, truth: Any) -> Any:
    """The answer in the form of the truth, or the Verdict that says which form is asked for."""
    if isinstance(truth, tuple):
        if not isinstance(answer, tuple | list | np.ndarray) or np.ndim(_flat(answer)) != 1:
            raise Verdict("wrong", f"Asked for: {len(truth)} values, as `(first, second, ...)`.")
        if len(answer) != len(truth):
            raise Verdict("wrong", f"Asked for: {len(truth)} values; there are {len(answer)}.")
        return tuple(_read(a, t) for a, t in zip(answer, truth, strict=True))
    if isinstance(truth, str):
        if not isinstance(answer, str):
            raise Verdict("wrong", 'Asked for: a word, in quotes, for example "zero".')
        return _plain(answer)
    if isinstance(answer, str):
        raise Verdict("wrong", "Asked for: a number, without quotes.")
    number, _ = read(answer, 0.0, "Asked for: one number. This is")
    if np.size(number) != 1:
        raise Verdict("wrong", f"Asked for: one number; this is an array of shape {np.shape(number)}.")
    if not np.isfinite(number).all():
        raise Verdict("wrong", "Asked for: a finite number.")
    return float(np.ravel(number)[0])


def _flat(answer: Any) -> Any:
    return answer if isinstance(answer, np.ndarray) else np.empty(len(answer))
