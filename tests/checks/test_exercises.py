"""A check is worth what it rejects: every exercise of every chapter on trial (law 6)."""

import inspect
import re

import harness
import numpy as np
import pytest

from raylab import checks
from raylab.checks.engine import Derive, Explain, Implement, Predict, numbers

ALL = harness.load()
every = pytest.mark.parametrize("exercise", ALL.values(), ids=ALL)
with_reference = pytest.mark.parametrize(
    "exercise",
    [e for e in ALL.values() if isinstance(e.task, Implement) and e.task.reference],
    ids=[e.id for e in ALL.values() if isinstance(e.task, Implement) and e.task.reference],
)


def states(exercise, answer):
    return {result.state for result in harness.results(exercise, answer)}


@pytest.mark.parametrize("number", sorted({"01", "02", "03", *checks.chapters()}))
def test_a_chapter_has_at_least_six_exercises_numbered_from_one(number):
    found = [int(id[3:]) for id in checks.chapter(number)]
    assert len(found) >= 6 and found == list(range(1, len(found) + 1))


@every
def test_the_answer_that_the_exercise_holds_is_right(exercise):
    answer = harness.reference(exercise)
    if answer is None:
        pytest.skip("laws only: its right answers are among the cases")
    for result in harness.results(exercise, answer):
        assert result.state == "correct", result
    harness.row(exercise).right += 1


@every
def test_at_least_two_other_right_answers_are_right(exercise):
    others = harness.of(exercise, "right")
    assert len(others) >= 2, f"{exercise.id} has {len(others)} other right answers in its cases"
    for name, answer in others.items():
        for result in harness.results(exercise, answer):
            assert result.state == "correct", f"{name}: {result}"
        harness.row(exercise).right += 1


@every
def test_the_untouched_stub_is_not_attempted(exercise):
    for stub in harness.stubs(exercise):
        assert states(exercise, stub) == {"not attempted"}


@every
@pytest.mark.parametrize("sort", ["wrong", "almost"])
def test_named_wrong_answers_get_the_state_and_the_words_meant_for_them(exercise, sort):
    for name, (answer, fragment) in harness.of(exercise, sort).items():
        for result in harness.results(exercise, answer):
            assert result.state == sort and fragment in result.message, f"{name}: {result}"
        row = harness.row(exercise)
        setattr(row, sort, getattr(row, sort) + 1)


@every
def test_five_wrong_answers_meet_words_written_for_this_exercise(exercise):
    told = harness.own_messages(exercise)
    wrong = {**harness.of(exercise, "wrong"), **harness.of(exercise, "almost")}
    hit = {message for _, fragment in wrong.values() for message in told if fragment in message}
    assert len(hit) >= (2 if isinstance(exercise.task, Explain) else 5), sorted(hit)
    if isinstance(exercise.task, Implement):
        assert len(harness.of(exercise, "wrong")) >= 5


@every
def test_a_fragment_belongs_to_one_message_only(exercise):
    told = harness.own_messages(exercise)
    for sort in ("wrong", "almost"):
        for name, (_, fragment) in harness.of(exercise, sort).items():
            assert len(fragment) >= 4 and sum(fragment in message for message in told) <= 1, (name, fragment)


@every
def test_every_named_mistake_gets_its_own_message(exercise):
    for answer, message in harness.misled(exercise):
        for result in harness.results(exercise, answer):
            assert result.message == message, f"meant: {message}\nsaid: {result}"


@every
def test_messages_are_sentences_and_no_two_are_alike(exercise):
    told = [*harness.own_messages(exercise), exercise.right]
    assert len(set(told)) == len(told)
    for text in (*told, *exercise.hints):
        assert len(text) >= 12 and text.strip() == text and text[-1] in ".?)", text
        assert "!" not in re.sub("`[^`]*`|!=", "", text), text


@every
def test_hints_do_not_hold_the_solution(exercise):
    task, given = exercise.task, [re.sub(r"\s", "", hint) for hint in exercise.hints]
    assert len(set(given)) == len(given) >= 2
    secrets = []
    if isinstance(task, Implement) and task.reference:
        lines = [re.sub(r"\s", "", line) for line in inspect.getsource(task.reference).splitlines()]
        secrets = [line.removeprefix("return") for line in lines if line.startswith("return") and len(line) > 20]
    if isinstance(task, Derive):
        secrets = [text for text in [re.sub(r"\s", "", str(task.value()))] if len(text) > 3]
    if isinstance(task, Predict):
        values = task.value() if isinstance(task.value(), tuple) else (task.value(),)
        secrets = [text for text in map(numbers, values) if len(text) > 3]
    if isinstance(task, Explain):
        secrets = [re.sub(r"\s", "", part) for part in task.model.split(".") if len(part) > 20]
    for secret in secrets:
        assert not any(secret in hint for hint in given), secret


# ------------------------------------------------------------------------------------ answers made from the reference
SPECIAL = [harness.symmetric, harness.square, harness.diagonal, harness.whole, harness.equal]


@with_reference
@pytest.mark.parametrize("special", SPECIAL, ids=lambda f: f.__name__)
def test_being_right_at_special_instances_is_not_enough(exercise, special):
    answer = harness.right_only_where(exercise.task, special)
    assert "correct" not in states(exercise, answer)


@with_reference
def test_being_right_at_the_smallest_sizes_is_not_enough(exercise):
    sized = {tuple(map(np.shape, case.arguments)) for case in exercise.task.cases(0)}
    counts = {case.arguments for case in exercise.task.cases(0) if all(isinstance(a, int) for a in case.arguments)}
    if len(sized) == 1 and len(counts) <= 1:
        pytest.skip("this function has arguments of one size only")
    answer = harness.right_only_where(exercise.task, harness.smallest(exercise.task, 0))
    assert "correct" not in states(exercise, answer)


@with_reference
def test_nearly_right_is_not_right_and_rounding_is(exercise):
    task = exercise.task
    truth = task.reference(*task.cases(0)[-1].arguments)
    if isinstance(truth, tuple | list) or np.asarray(truth).dtype.kind != "f":
        pytest.skip("exact or compound values")
    assert "correct" not in states(exercise, lambda *a: np.asarray(task.reference(*a)) * (1 + 100 * task.rtol))
    assert states(exercise, lambda *a: np.asarray(task.reference(*a)) * (1 + 1e-3 * task.rtol)) == {"correct"}
