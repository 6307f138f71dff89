"""A bet before the number, a question after it."""

import math
from collections.abc import Mapping, Sequence

import ipywidgets as ui
import numpy as np

from raylab import palette
from raylab.widgets import words
from raylab.widgets.card import Card
from raylab.widgets.stage import Stage


def predict(question: str, choices: Mapping[str, float]) -> "Predict":
    """Ask for a bet: one of `choices` (words -> number), before the number is shown.

    The first bet stands. Show the widget in one cell; in a later cell `bet.against(truth)` prints one line.
    Raises TypeError or ValueError for an empty question, fewer than two choices, or a choice without a number.
    """
    _text(question, "predict's question")
    if not isinstance(choices, Mapping):
        raise TypeError(f"predict's choices: expected words and numbers, found {type(choices).__name__}; pass a dict.")
    _several(choices, "predict's choices")
    for said, number in choices.items():
        _text(said, "a choice of predict")
        _number(number, f"predict's choice {said!r}")
    return Predict(question, {said: float(number) for said, number in choices.items()})


def quiz(question: str, choices: Sequence[tuple[str, bool, str]]) -> "Quiz":
    """Ask one question. `choices`: (words, is it right?, why it is right, or why it tempts).

    Raises TypeError or ValueError for an empty question, fewer than two choices, two of the same words, a choice
    without its reason, or a quiz that has no right choice.
    """
    _text(question, "quiz's question")
    if isinstance(choices, (str, bytes)) or not isinstance(choices, Sequence):
        raise TypeError(f"quiz's choices: expected triples, found {type(choices).__name__}; pass a list.")
    _several(choices, "quiz's choices")
    for choice in choices:
        _triple(choice)
    said = [choice[0] for choice in choices]
    if len(set(said)) < len(said):
        raise ValueError("quiz's choices: expected different words, found two alike; change one of them.")
    if not any(right for _, right, _ in choices):
        raise ValueError("quiz's choices: expected at least one right choice, found none; mark one with True.")
    return Quiz(question, {said: (right, why) for said, right, why in choices})


def nearest(choices: Mapping[str, float], truth: float) -> str:
    """The choice nearest to `truth`: by ratio if `truth` and all choices are positive, else by difference."""
    positive = truth > 0 and all(number > 0 for number in choices.values())
    place = math.log if positive else float
    if math.isinf(truth) and truth not in choices.values():
        return (max if truth > 0 else min)(choices, key=lambda said: choices[said])
    return min(choices, key=lambda said: 0.0 if choices[said] == truth else abs(place(choices[said]) - place(truth)))


class Ask(Card):
    """A question, lines to choose from, and a place for the answer that screen readers hear politely."""

    def __init__(self, question: str, lines: Sequence[str], *more: ui.Widget):
        self.choice = ui.RadioButtons(options=list(lines), value=None, description=question)
        self.answer = Stage()
        super().__init__(self.choice, *more, self.answer)


class Predict(Ask):
    """The widget that `predict` returns; `bet` is the words that were chosen, or None."""

    def __init__(self, question: str, choices: Mapping[str, float]):
        self.choices, self.bet = dict(choices), None
        self.sentence = f"Your bet, please: {question}"
        button = ui.Button(description="This is my bet")
        button.on_click(self._commit)  # nothing is disabled afterwards, so the keyboard keeps its place
        super().__init__(question, list(choices), button)

    def _commit(self, _: ui.Button) -> None:
        chosen = self.choice.value
        if self.bet is None and chosen is None:
            self.answer.show("", "Choose a line first.")
            return
        repeated = self.bet is not None and chosen != self.bet
        self.bet = self.bet or chosen
        self.sentence = f"Your {'first ' if repeated else ''}bet stands: {self.bet}. Now run the next cell."
        self.answer.show("", words.safe(self.sentence), mark=palette.INK)

    def against(self, truth: float) -> None:
        """Print one line: the number, the choice nearest to it, and the bet.

        Nearest by ratio if all are positive, else by difference. Raises TypeError or ValueError if `truth` is no
        number; infinity is one.
        """
        _number(truth, "against's truth")
        best = nearest(self.choices, float(truth))
        if self.bet is None:
            verdict = "(No bet was placed.)"
        else:
            verdict = "That was your bet." if self.bet == best else f"You bet: {self.bet}."
        print(f"It is {words.number(float(truth), 4)}. Nearest choice: {best}. {verdict}")


class Quiz(Ask):
    """The widget that `quiz` returns."""

    def __init__(self, question: str, choices: Mapping[str, tuple[bool, str]]):
        self.why = dict(choices)
        self.sentence = f"Quiz: {question}"
        super().__init__(question, list(choices))
        self.choice.observe(self._answer, "value")

    def _answer(self, change: Mapping[str, str]) -> None:
        right, why = self.why[change["new"]]
        mark, colour = ("● Right.", palette.INK) if right else ("✕ Not this one.", palette.EARTH)
        self.sentence = f"{mark} {why}"
        self.answer.show("", f'<b style="color:{colour}">{mark}</b> {words.safe(why)}', mark=colour)


def _text(value: object, name: str) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected text, found {type(value).__name__}; put it in quotes.")
    if not value.strip():
        raise ValueError(f"{name}: expected words, found empty text; say something.")


def _several(choices: Mapping | Sequence, name: str) -> None:
    if len(choices) < 2:
        raise ValueError(f"{name}: expected at least 2 to choose from, found {len(choices)}; add some.")


def _number(value: object, name: str) -> None:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name}: expected a real number, found {type(value).__name__}; give an int or a float.")
    try:
        missing = math.isnan(value)
    except OverflowError as error:  # an int beyond float64
        raise ValueError(f"{name}: expected a number within float64, found a longer one; scale it.") from error
    if missing:
        raise ValueError(f"{name}: expected a number, found NaN; look where it comes from.")


def _triple(choice: object) -> None:
    if not isinstance(choice, tuple) or len(choice) != 3:
        raise TypeError(f"a choice of quiz: expected (words, right, why), found {choice!r:.80}; write all three.")
    said, right, why = choice
    _text(said, "a choice of quiz")
    _text(why, f"the reason of quiz's choice {said!r}")
    if not isinstance(right, bool):
        raise TypeError(f"quiz's choice {said!r}: expected True or False, found {right!r:.80}; is it right or not?")
