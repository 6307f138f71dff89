"""The learner writes a function."""

import copy
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from raylab.checks.call import NOTHING, UNFINISHED, Outcome, call
from raylab.checks.values import difference, factor, finite, numbers, same, shape_of, untouched
from raylab.checks.verdict import Further, Law, Mistake, Verdict

STUB = "Finish the function, run its cell, then run this one again."


@dataclass(frozen=True)
class Trial:
    """One instance, what should come back (or zeros of its shape, or None), and what came back."""

    case: Further
    truth: Any
    outcome: Outcome
    right: bool


@dataclass(frozen=True)
class Implement:
    """A function, judged on instances against a reference, named mistakes and laws.

    signature: name and arguments as the learner sees them, "velocity(J)".
    instances: from a Generator, tuples of arguments, simplest first; `Further` ones after the plain ones.
    reference: the right function; None where there is no unique answer, then the laws decide.
    shape: of what a call with these arguments returns, where there is no reference (a tuple of shapes for a
    tuple of arrays).
    describe: an instance in the words of the chapter; default: every argument by name and value.
    rtol, atol: right within atol + rtol |expected|.
    """

    signature: str
    instances: Callable[[np.random.Generator], Iterable[tuple[Any, ...] | Further]]
    reference: Callable[..., Any] | None = None
    mistakes: tuple[Mistake, ...] = ()
    laws: tuple[Law, ...] = ()
    shape: Callable[..., tuple[Any, ...]] | None = None
    describe: Callable[..., str] | None = None
    rtol: float = 1e-9
    atol: float = 1e-12

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.signature.partition("(")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments."""
        inside = self.signature.partition("(")[2].partition(")")[0]
        return tuple(part.partition("=")[0].strip() for part in inside.split(",") if part.strip())

    def judge(self, answer: Any, seed: int) -> str:
        """The detail of a right answer, which is empty; anything else is raised as a Verdict."""
        self._is_a_function(answer)
        cases = self.cases(seed)
        self._takes(answer, cases[0].arguments)
        trials = [self._try(answer, case) for case in cases]
        if trials[0].outcome.kind == UNFINISHED:
            raise Verdict("not attempted", STUB)
        if all(t.outcome.kind == NOTHING for t in trials):
            text = f"`{self.name}` returns nothing so far. If you have written it: is the `return` missing?"
            raise Verdict("not attempted", text)
        plain = [t for t in trials if not t.case.message]
        if self.reference is None or not all(t.right for t in plain):
            self._named(plain)
        self._all_right(plain, answer)
        if not all(t.right for t in trials):
            self._named(trials)
            self._beyond(next(t for t in trials if not t.right))
        self._obeys(answer, trials)
        self._manners(answer, trials)
        return ""

    def cases(self, seed: int) -> list[Further]:
        """The instances of this seed; plain ones have no message."""
        drawn = self.instances(np.random.default_rng(seed))
        return [c if isinstance(c, Further) else Further(c, "") for c in drawn]

    def expected(self, arguments: tuple[Any, ...]) -> Any:
        """What the reference returns; without one, zeros of the right shape, or None if that is not stated."""
        if self.reference is not None:
            return self.reference(*copy.deepcopy(arguments))
        return None if self.shape is None else _zeros(self.shape(*copy.deepcopy(arguments)))

    def words(self, arguments: tuple[Any, ...]) -> str:
        """An instance in words."""
        if self.describe is not None:
            return "at " + self.describe(*arguments)
        told = [f"{n} = {_brief(a)}" for n, a in zip(self.arguments, arguments, strict=False) if _can_be_told(a)]
        return "at " + ", ".join(told) if told else ""

    # ---------------------------------------------------------------------------------------- before the first call
    def _is_a_function(self, answer: Any) -> None:
        if untouched(answer):
            raise Verdict("not attempted", STUB)
        use = f"`check` takes the function itself, `{self.name}`"
        if isinstance(answer, type):
            raise Verdict("wrong", f"{use}. It was given a class.")
        if not callable(answer):
            raise Verdict("wrong", f"{use}, not what it returns. It was given a value of type {type(answer).__name__}.")

    def _takes(self, answer: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        try:
            takes = inspect.signature(answer)
        except (TypeError, ValueError):  # compiled functions may not tell
            return
        try:
            takes.bind(*arguments)
        except TypeError as error:
            text = f"It is called as `{self.signature}`. Yours takes other arguments: `{takes}`."
            raise Verdict("wrong", text) from error

    # ---------------------------------------------------------------------------------------- one instance
    def _try(self, function: Callable[..., Any], case: Further, truth: Any = None) -> Trial:
        truth = self.expected(case.arguments) if truth is None else truth
        arguments = copy.deepcopy(case.arguments)  # a Generator starts afresh in every trial
        outcome = call(function, arguments, truth, self.name, lambda: self.words(case.arguments))
        if outcome.stopped is not None or truth is None:
            return Trial(case, truth, outcome, outcome.stopped is None)
        if self.reference is None:
            return Trial(case, truth, outcome, shape_of(outcome.value) == shape_of(truth))
        return Trial(case, truth, outcome, same(outcome.value, truth, self.rtol, self.atol))

    # ---------------------------------------------------------------------------------------- what is wrong
    def _named(self, trials: list[Trial]) -> None:
        """Raise the first named mistake that does the same as the answer on all these instances."""
        for mistake in self.mistakes:
            if all(self._alike(t, self._try(mistake.like, t.case, t.truth).outcome) for t in trials):
                raise Verdict(mistake.state, mistake.message, self._first_difference(trials))

    def _alike(self, trial: Trial, other: Outcome) -> bool:
        mine = trial.outcome
        if mine.stopped is not None or other.stopped is not None:
            return mine.kind == other.kind
        return same(mine.value, other.value, self.rtol, self.atol)

    def _first_difference(self, trials: list[Trial]) -> str:
        trial = next((t for t in trials if not t.right), None)
        if trial is None:
            return ""
        if trial.outcome.stopped is not None:
            return trial.outcome.stopped.detail
        mine, wanted = shape_of(trial.outcome.value), shape_of(trial.truth)
        if mine != wanted:
            return f"{self.words(trial.case.arguments)}: yours has shape {mine}, expected {wanted}".lstrip(": ")
        text = difference(trial.outcome.value, trial.truth, self.rtol, self.atol)
        return f"{self.words(trial.case.arguments)}: {text}".lstrip(": ")

    def _all_right(self, trials: list[Trial], answer: Any) -> None:
        """Raise what is wrong with the first instance that fails: the reason if we see one, else the numbers."""
        bad = next((t for t in trials if not t.right), None)
        if bad is None:
            return
        if bad.outcome.stopped is not None:
            raise bad.outcome.stopped
        detail = self._first_difference(trials)
        mine, wanted = shape_of(bad.outcome.value), shape_of(bad.truth)
        if mine != wanted:
            turned = " Is it transposed?" if len(wanted) > 1 and mine == wanted[::-1] else ""
            raise Verdict("wrong", f"`{self.name}` returns the shape {mine}; asked for: {wanted}.{turned}", detail)
        self._obeys(answer, trials, patient=True)
        if finite(bad.truth) and not finite(bad.outcome.value):
            raise Verdict("wrong", "There is NaN or infinity where a finite number belongs.", detail)
        times = factor([t.outcome.value for t in trials], [t.truth for t in trials])
        if times is not None:
            how = "the opposite sign" if times == -1 else f"{times:.4g} times its right size"
            raise Verdict("wrong", f"Every value has {how}.", detail)
        count = sum(not t.right for t in trials)
        raise Verdict("wrong", f"Not yet: {count} of {len(trials)} instances differ. The simplest is below.", detail)

    def _beyond(self, bad: Trial) -> None:
        raise Verdict("almost", bad.case.message, self._first_difference([bad]))

    def _obeys(self, answer: Callable[..., Any], trials: list[Trial], patient: bool = False) -> None:
        """Raise the first law that is broken, at the first instance that breaks it.

        patient: an error inside a law says nothing; the answer differs somewhere, and is told so.
        """
        for law in self.laws:
            for trial in trials:
                arguments = copy.deepcopy(trial.case.arguments)
                try:
                    outcome = law.holds(self._safe(answer, trial), *arguments)
                except Verdict:
                    if patient:
                        continue
                    raise
                if outcome is True or outcome is np.True_:
                    continue
                seen = outcome if isinstance(outcome, str) else ""
                detail = "\n".join(filter(None, (self.words(trial.case.arguments), seen)))
                raise Verdict(law.state, law.message, detail)

    def _safe(self, answer: Callable[..., Any], trial: Trial) -> Callable[..., Any]:
        """The learner's function for laws: arrays in, arrays out, anything else a Verdict."""

        def safe(*arguments: Any) -> Any:
            outcome = call(answer, arguments, trial.truth, self.name, lambda: self.words(arguments))
            if outcome.stopped is not None:
                raise outcome.stopped
            return outcome.value

        return safe

    def _manners(self, answer: Callable[..., Any], trials: list[Trial]) -> None:
        """The values are right; is the rest?"""
        for trial in trials:
            if trial.outcome.mutated:
                what = self.arguments[trial.outcome.mutated[0]]
                text = f"The values are right, but `{self.name}` overwrites its argument `{what}`. Work on a copy."
                raise Verdict("almost", text, self.words(trial.case.arguments))
        for trial in trials:
            if trial.outcome.complaint:
                raise Verdict("almost", trial.outcome.complaint, self.words(trial.case.arguments))
        if self.reference is not None and not self._try(answer, trials[0].case, trials[0].truth).right:
            text = "Right the first time, but a second call with the same arguments gives something else."
            raise Verdict("almost", text, self.words(trials[0].case.arguments))


def _zeros(shape: tuple[Any, ...]) -> Any:
    return tuple(map(_zeros, shape)) if any(isinstance(n, tuple) for n in shape) else np.zeros(shape)


def _can_be_told(value: Any) -> bool:
    return isinstance(value, np.ndarray | int | float | str | tuple | list | np.generic)


def _brief(value: Any) -> str:
    large = isinstance(value, np.ndarray) and value.size > 24
    return f"an array of shape {value.shape}" if large else numbers(value)
