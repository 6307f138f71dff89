"""The check engine: an answer goes in, one of four states and a reason come out.

    check("03.1", velocity)  ->  not attempted | wrong, because ... | almost: ... | correct
    hint("03.1", 1)          ->  the first of at least two graded hints

How a chapter uses it
---------------------
`raylab/checks/chNN.py` defines `EXERCISES`, a tuple of `Exercise`. Everything is imported from here:

    from raylab.checks.engine import (
        Derive, Exercise, Explain, Explore, Further, Implement, Law, Mistake, Predict,
    )

An exercise is its head (id, title, difficulty 1 to 5, minutes, hints, what to say when it is right) and one
task. sympy is imported inside functions only and through `raylab.symbolic`; torch not at all.
Messages may hold `code` between backticks; everything is escaped when shown.

*Implement*: a function, judged on instances, simplest first, so that the first failure is the smallest one.

    def instances(rng):                       # yields argument tuples; never only symmetric or special ones
        yield (np.array([0.5, 0.2]),)
        for _ in range(12):
            yield (rng.uniform(0.01, 0.99, 2),)
        yield Further((rng.uniform(0.05, 0.95, (5, 2)),), "For many points the rates belong on the last axis.")

    Exercise(
        id="03.1", title="The flow in the square", difficulty=3, minutes=10,
        hints=("Which parameters does each gradient touch?", "dJ/dt is a gradient times the sum of both."),
        right="Both rates, at every point, and for arrays of points.",
        task=Implement(
            signature="velocity(J)",          # the name and the arguments as the learner sees them
            reference=velocity,
            instances=instances,
            mistakes=(
                Mistake(lambda J: -velocity(J), "The sign: we climb J."),
                Mistake(lambda J: 2 * velocity(J), "This is the clock of the full parameters.", "almost"),
            ),
            describe=lambda J: f"J = {numbers(J)}",   # optional; default: every argument by name and value
            rtol=1e-9, atol=1e-12,
        ),
    )

The learner's outcome is compared with the reference in structure (array, or tuple or list of arrays), shape,
kind (bool or float) and value. A named mistake matches if it agrees on all plain instances, NaN and raised
errors included (so a softmax that overflows can be named); if the plain ones are right, on all of them.
Order of judgement: named mistakes; what the first failing instance did instead of answering (an error, None,
another shape); laws (an error inside one says nothing then); NaN; a common factor; "differs at ...". If all plain
instances are right: named mistakes again, then the message of the first `Further` instance that fails, laws, and
manners (an overwritten argument, a list for an array, single precision, another result at the second call). Several
forms of one mistake may share their message if they stand together.
Without a unique answer (a random draw, any first integral) leave `reference` out and state laws; `shape` then
says what each call returns:

    def unbiased(answer, W, b, k, rng):
        mean = np.mean([answer(W, b, k, rng) for _ in range(4000)], axis=0)
        ...
        return True                           # or False, or a text that shows what was measured

    Implement(
        signature="reinforce_update(W, b, k, rng)", instances=draws, shape=lambda W, b, k, rng: (W.size + b.size,),
        laws=(Law(unbiased, "On average it should be the gradient of J_k."),),
    )
Laws are tried in order, each on every instance; arrays are copied for every call, a Generator is passed on as
it is (it advances) and starts afresh for every law.

*Derive*: a sympy answer in any equivalent form; symbols are matched by name. `truth` returns an expression, a
Matrix, an Eq (equal up to a constant factor), a list or tuple (order matters), a set (it does not), or a dict.

    Derive(truth=lambda: symbolic.bandit.velocity()[0], mistakes=(Mistake(lambda: ..., "This forgets ..."),))

*Predict*: a number with a stated tolerance, or a tuple of numbers, or a text (one of a few words). Where some of a
tuple are right, the learner is told which.

    Predict(truth=-0.5, atol=0.005, mistakes=(
        Mistake(0.5, "The sign."), Mistake((-1.001, -0.999), "..."), Mistake(0.0, "...")))

*Explain*: the learner writes sentences; then, and not before, a model answer to compare with.

    Explain(model="The bias is shared, so ...", points=("names the bias",),
            mistakes=(Mistake(r"\bnoise\b", "There is no noise here: the flow is exact."),))

*Explore*: find a setting that has a property. `shapes` has one entry for each value (omit it for anything else,
for example a function). The laws are tried in order.

    Explore(names="W, b", shapes=((3, 2), (3,)), laws=(Law(lambda W, b: cosine_of(W, b) > 0, "It is negative."),))

The cases that put a check on trial
-----------------------------------
`tests/checks/cases_NN.py` needs no import from here. It defines

    CASES = {
        "03.1": {
            "right": {"by components": by_components, "by matrix": by_matrix},     # >= 2 besides the reference
            "wrong": {"sign": (lambda J: -velocity(J), "we climb"), ...},          # >= 5: answer, fragment
            "almost": {"other clock": (lambda J: 2 * velocity(J), "full parameters"), ...},   # may be empty
        },
    }
A fragment is part of the message that this answer must get and of no other message of the exercise. At least
five of the wrong and almost cases must hit messages written for this exercise (mistake, law, further). Take
them from what somebody without the solution really writes, not only from flipped signs, and write them anew:
a case that calls the very function of a `Mistake` tests little. `tests/checks/test_exercises.py` runs them all
over several seeds, adds the stub and a few generic wrong answers, and prints a table.
"""

import re
from dataclasses import dataclass
from typing import Any

from raylab import arguments
from raylab.alarm import Alarm, TooSlow
from raylab.checks.derive import Derive
from raylab.checks.explain import Explain
from raylab.checks.explore import Explore
from raylab.checks.implement import Implement
from raylab.checks.predict import Predict
from raylab.checks.result import Hint, Result
from raylab.checks.sandbox import has_own_lines, own_traceback, sandbox
from raylab.checks.values import numbers
from raylab.checks.verdict import Further, Law, Mistake, Verdict

__all__ = [
    "Derive",
    "Exercise",
    "Explain",
    "Explore",
    "Further",
    "Hint",
    "Implement",
    "Law",
    "Mistake",
    "Predict",
    "Result",
    "judge",
    "numbers",
]

Task = Implement | Derive | Predict | Explain | Explore


@dataclass(frozen=True)
class Exercise:
    """One exercise: its head and its task (see the text of this module)."""

    id: str
    title: str
    difficulty: int
    minutes: int
    hints: tuple[str, ...]
    right: str
    task: Task

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d\d\.\d{1,2}", self.id):
            raise ValueError(f'id: expected chapter and number like "03.1", found {self.id!r}; write it so.')
        if self.difficulty not in range(1, 6) or self.minutes <= 0 or len(self.hints) < 2:
            raise ValueError(
                f"{self.id}: expected a difficulty from 1 to 5, minutes above 0 and at least two hints, found "
                f"{self.difficulty}, {self.minutes} and {len(self.hints)}; complete the exercise."
            )


def judge(exercise: Exercise, answer: Any, seed: int = 0, seconds: float = 10.0) -> Result:
    """The result of one answer. Never raises for an answer, however wrong.

    seed: draws the instances; the learner always meets seed 0, so that a second run says the same.
    seconds: how long it may take, where the platform can stop it.

    Raises TypeError or ValueError only for an exercise, a seed or a time that is none.
    """
    if not isinstance(exercise, Exercise):
        raise TypeError(f"exercise: expected an Exercise, found a {type(exercise).__name__}; check takes the id.")
    seed, seconds = arguments.count(seed, "seed", 0), arguments.number(seconds, "seconds", 1e-3)
    alarm = Alarm(seconds)
    with sandbox() as ear:
        try:
            with alarm:
                verdict = Verdict("correct", exercise.right, exercise.task.judge(answer, seed))
        except BaseException as stop:  # whatever a learner raises; ours ends here too, and the tests look for it
            verdict = _verdict(stop, alarm)
    heard = ear.heard()
    printed = f"Your code printed (repeated lines are left out):\n{heard}" if heard else ""
    detail = "\n".join(filter(None, (verdict.detail, printed)))
    return Result(exercise.id, verdict.state, verdict.message, detail)


def _verdict(stop: BaseException, alarm: Alarm) -> Verdict:
    if isinstance(stop, Verdict):
        return stop
    detail = "\n".join(getattr(stop, "__notes__", ()))
    if isinstance(stop, TooSlow):
        text = f"Stopped after {alarm.seconds:g} s. Is there a loop that never ends? Seconds are enough here."
        return Verdict("wrong", text, detail)
    if isinstance(stop, KeyboardInterrupt):
        own = "" if alarm.possible else " This platform cannot stop a long answer by itself; the interrupt button can."
        return Verdict("wrong", f"Interrupted before it had finished. Is there a loop that never ends?{own}", detail)
    if has_own_lines(stop):
        return Verdict("wrong", f"Your code raised {type(stop).__name__}.", own_traceback(stop))
    text = "This answer could not be judged. Is it of the form that the exercise asks for?"
    return Verdict("wrong", text, own_traceback(stop))
