"""The engine under attack, with toy exercises: whatever an answer does, it gets a state and a kind sentence."""

import asyncio
import gc
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import harness
import numpy as np
import pytest
import sympy as sp

from raylab import checks
from raylab.checks import engine
from raylab.checks.engine import (
    Derive,
    Exercise,
    Explain,
    Explore,
    Further,
    Implement,
    Law,
    Mistake,
    Predict,
    Result,
    judge,
    numbers,
)

stops = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform has no alarm")


def exercise(task, id="03.1", right="Both rates, at every point."):
    return Exercise(id, "a toy", 2, 5, ("Look at the slope.", "The bias is shared."), right, task)


# --------------------------------------------------------------------------------------------------- toys
def velocity(J):
    a = J * (1 - J)
    return a * (2 * a - a[..., ::-1])


def points(rng):
    yield (np.array([0.5, 0.2]),)
    for _ in range(6):
        yield (rng.uniform(0.01, 0.99, 2),)
    yield Further((rng.uniform(0.05, 0.95, (2, 2)),), "For many points the rates belong on the last axis.")


FLOW = exercise(
    Implement(
        "velocity(J)",
        points,
        velocity,
        mistakes=(
            Mistake(lambda J: -velocity(J), "The sign: we climb."),
            Mistake(lambda J: 2 * velocity(J), "The clock of the full parameters.", "almost"),
            Mistake(lambda J: velocity(J).sum(-1), "That is the rate of the sum."),
            Mistake(lambda J: np.moveaxis(velocity(J), -1, 0), "The rates lie on the first axis.", "almost"),
            Mistake(lambda J: J / 0, "Divides by zero."),
        ),
        laws=(Law(lambda answer, J: bool(np.all(answer(J) < 0.5)), "No rate is above one half."),),
    )
)


def say(answer, task=FLOW, **settings):
    return judge(task, answer, **settings)


def expect(answer, state, fragment, task=FLOW, **settings):
    result = say(answer, task, **settings)
    # without the source lines of a traceback: they show the very line of the test, and the fragment with it
    told = [result.message, *(line for line in result.detail.splitlines() if not line.startswith("    "))]
    assert result.state == state and fragment in "\n".join(told), result
    return result


# --------------------------------------------------------------------------------------------------- right and wrong
def test_the_reference_and_another_form_are_correct_at_every_seed():
    def by_matrix(J):
        a = J * (1 - J)
        return a * (a @ np.array([[2.0, -1.0], [-1.0, 2.0]]))

    for seed in range(5):
        for answer in (velocity, by_matrix, np.vectorize(velocity, signature="(n)->(n)")):
            assert say(answer, seed=seed) == Result("03.1", "correct", "Both rates, at every point.")


def test_a_named_mistake_gets_its_message_and_its_state_and_the_simplest_instance():
    result = expect(lambda J: -velocity(J), "wrong", "we climb")
    assert result.detail == "at J = (0.5, 0.2): yours (-0.085, -0.0112), expected (0.085, 0.0112)"
    expect(lambda J: 2 * velocity(J), "almost", "full parameters")


def test_a_mistake_of_another_shape_and_one_that_gives_nan_are_recognised():
    expect(lambda J: velocity(J).sum(axis=-1), "wrong", "rate of the sum")
    expect(lambda J: J / np.zeros(2), "wrong", "Divides by zero")


def test_a_mistake_that_raises_is_recognised_by_the_name_of_its_error():
    inverse = Mistake(lambda J: np.linalg.inv(J), "A vector has no inverse.")
    task = exercise(Implement("v(J)", points, velocity, (inverse,)))

    def inverts(J):
        return np.linalg.inv(np.atleast_1d(J)) @ J

    expect(inverts, "wrong", "A vector has no inverse.", task)
    expect(lambda J: J[9], "wrong", "raised IndexError", task)


def test_a_mistake_is_recognised_though_it_fails_in_another_way_further_on():
    expect(lambda J: -velocity(J) if J.ndim == 1 else None, "wrong", "we climb")


def test_a_mistake_beyond_the_plain_instances_is_named_before_the_general_message():
    expect(lambda J: np.array([velocity(J)[..., 0], velocity(J)[..., 1]]), "almost", "on the first axis")
    result = expect(lambda J: velocity(J) if J.ndim == 1 else velocity(J)[0], "almost", "belong on the last axis")
    assert "yours has shape (2,), expected (2, 2)" in result.detail


def test_the_failing_instance_that_is_shown_is_the_first_in_order_of_simplicity():
    first = FLOW.task.cases(0)[3].arguments[0]
    result = expect(lambda J: velocity(J) + 1e-4 * (J[0] == first[0]), "wrong", "1 of 7 instances")
    assert f"at J = {numbers(first)}" in result.detail


def test_numbers_that_agree_to_four_digits_are_shown_with_more():
    result = say(lambda J: velocity(J) + 1e-7)
    assert "yours (0.0850001, 0.0112001), expected (0.085, 0.0112)" in result.detail


def test_a_common_factor_is_seen():
    expect(lambda J: 3 * velocity(J), "wrong", "3 times its right size")
    plain = exercise(Implement("velocity(J)", points, velocity))
    expect(lambda J: -velocity(J), "wrong", "opposite sign", plain)


def test_a_law_speaks_before_the_bare_numbers():
    expect(lambda J: velocity(J) + J, "wrong", "above one half")


@pytest.mark.parametrize("laws", [(), FLOW.task.laws], ids=["no law", "a law"])
def test_an_answer_that_differs_is_told_so_though_it_raises_later(laws):
    third = FLOW.task.cases(0)[2].arguments[0]
    task = exercise(Implement("velocity(J)", points, velocity, laws=laws))

    def raises_later(J):
        return J / {} if J[0] == third[0] else velocity(J) + 1e-3

    result = expect(raises_later, "wrong", "7 of 7 instances", task)
    assert "at J = (0.5, 0.2): yours (0.086, 0.0122), expected (0.085, 0.0112)" in result.detail
    expect(lambda J: J / {} if J[0] == third[0] else velocity(J), "wrong", "raised TypeError", task)


def test_a_law_that_is_broken_speaks_though_the_answer_raises_before():
    *two, third = (case.arguments[0][0] for case in FLOW.task.cases(0)[:3])

    def broken_after_the_third(J):
        return J / {} if J[0] == third else velocity(J) + (1e-3 if J[0] in two else 1)

    expect(broken_after_the_third, "wrong", "above one half")


def test_a_law_that_asks_for_more_than_the_instances_does_not_hide_the_difference():
    batch = Law(lambda answer, J: answer(np.stack([J, J])).shape == (2, 2), "For many points, too.")
    task = exercise(Implement("velocity(J)", lambda rng: [(np.array([0.5, 0.2]),)], velocity, laws=(batch,)))

    def of_one_point(J):
        a1, a2 = J * (1 - J)
        return np.array([a1 * (2 * a1 - a2), float(a2 * a2)])

    expect(of_one_point, "wrong", "1 of 1 instances", task)
    expect(lambda J: velocity(J) if J.ndim == 1 else J / {}, "wrong", "raised TypeError", task)


def test_a_broken_law_shows_what_it_measured():
    def holds(answer, J):
        return f"the sum is {answer(J).sum():.2f}" if answer(J).sum() > 1 else True

    task = exercise(Implement("share(J)", points, laws=(Law(holds, "Sums to one."),), shape=np.shape))
    result = expect(lambda J: J * 0 + 2, "wrong", "Sums to one.", task)
    assert result.detail == "at J = (0.5, 0.2)\nthe sum is 4.00"


def test_a_wrong_shape_is_told_and_a_transposed_one_is_guessed():
    expect(lambda J: np.stack([velocity(J)] * 3), "wrong", "returns the shape (3, 2); asked for: (2,)")
    table = exercise(Implement("table(W)", lambda rng: [(rng.normal(size=(2, 3)),)], lambda W: W * 2))
    expect(lambda W: 2 * W.T, "wrong", "Is it transposed?", table)


def test_nan_and_infinity_are_told():
    expect(lambda J: velocity(J) * np.nan, "wrong", "NaN or infinity", exercise(Implement("v(J)", points, velocity)))


def test_nan_does_not_pass_where_the_reference_has_none_and_does_where_it_has():
    task = exercise(Implement("root(x)", lambda rng: [(4.0,), (-1.0,)], lambda x: np.sqrt(np.float64(x))))
    assert say(lambda x: x**0.5 if x > 0 else np.nan, task).state == "correct"
    assert say(lambda x: np.nan, task).state == "wrong"


def test_right_within_the_stated_tolerance_and_not_beyond():
    task = exercise(Implement("v(J)", points, velocity, rtol=1e-6, atol=0.0))
    assert say(lambda J: velocity(J) * (1 + 5e-7), task).state == "correct"
    assert say(lambda J: velocity(J) * (1 + 2e-6), task).state == "wrong"


def test_a_bool_a_tuple_a_list_and_a_text_are_compared_as_such():
    rows = lambda rng: [(np.array([1.0, -1.0]),), (rng.normal(size=4),)]
    wins = exercise(Implement("wins(x)", rows, lambda x: x > 0))
    assert say(lambda x: np.array([bool(v > 0) for v in x]), wins).state == "correct"
    expect(lambda x: (x > 0).astype(float), "almost", "Hand back bool", wins)
    expect(lambda x: x, "wrong", "True or False", wins)
    expect(lambda x: x <= 0, "wrong", "yours (False, True), expected (True, False)", wins)
    two = exercise(Implement("two(x)", rows, lambda x: (x.sum(), 2 * x)))
    assert say(lambda x: [np.sum(x), x + x], two).state == "correct"
    expect(lambda x: (x.sum(), x), "wrong", "part 1: yours (1, -1), expected (2, -2)", two)
    expect(
        lambda x: 2 * x,
        "wrong",
        "asked for: 2 things",
        exercise(Implement("two(x)", lambda rng: [(np.ones(3),)], two.task.reference)),
    )
    name = exercise(Implement("name(x)", rows, lambda x: "up"))
    assert say(lambda x: "up", name).state == "correct" and say(lambda x: "down", name).state == "wrong"


# --------------------------------------------------------------------------------------------------- stubs
def test_an_untouched_stub_is_not_attempted():
    def unfinished(J):
        raise NotImplementedError

    for stub in (lambda J: None, lambda J: ..., unfinished, None, ...):
        assert say(stub).state == "not attempted"
    assert "`return` missing" in say(lambda J: None).message


def test_a_function_that_returns_nothing_for_some_instances_is_not_a_stub():
    expect(lambda J: velocity(J) if J[0] == 0.5 else None, "wrong", "branch without `return`")
    expect(lambda J: None if J[0] == 0.5 else velocity(J), "wrong", "at J = (0.5, 0.2)")


def test_a_function_that_is_unfinished_for_some_instances_is_not_a_stub():
    def half(J):
        if J[0] != 0.5:
            raise NotImplementedError
        return velocity(J)

    expect(half, "wrong", "not finished for this instance")


# --------------------------------------------------------------------------------------------------- time
def catches_everything(J):
    while True:
        try:  # noqa: SIM105  this is what is written
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def catches_once(J):
    try:
        while True:
            pass
    except:  # noqa: E722
        while True:
            pass


def never_ends(J):
    while True:
        pass


@stops
@pytest.mark.parametrize("endless", [never_ends, catches_once, catches_everything], ids=lambda f: f.__name__)
def test_an_endless_answer_is_stopped_even_where_it_catches_everything(endless):
    before = signal.getsignal(signal.SIGALRM), sys.gettrace()
    result = expect(endless, "wrong", "loop that never ends", seconds=0.2)
    assert result.message.startswith("Stopped after 0.2 s") and "at J = (0.5, 0.2)" in result.detail
    assert (signal.getsignal(signal.SIGALRM), sys.gettrace()) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@stops
def test_the_alarm_is_not_an_exception_that_an_answer_would_catch():
    caught = []

    def endless(J):
        while True:
            try:
                time.sleep(0.001)
            except Exception as error:
                caught.append(error)

    expect(endless, "wrong", "never ends", seconds=0.2)
    assert not caught


@stops
def test_an_alarm_that_was_set_before_is_set_again():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 60)
        assert say(velocity).state == "correct"
        assert 50 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60 and not rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_interrupt_button_gives_a_result_and_where_there_is_no_alarm_it_says_so(monkeypatch):
    def interrupted(J):
        raise KeyboardInterrupt

    assert "cannot stop" not in repr(expect(interrupted, "wrong", "Interrupted")) or not hasattr(signal, "setitimer")
    monkeypatch.delattr(signal, "setitimer", raising=False)
    expect(interrupted, "wrong", "the interrupt button can")
    assert say(velocity).state == "correct"


def test_outside_the_main_thread_a_check_works_without_an_alarm():
    found = []
    thread = threading.Thread(target=lambda: found.append(say(velocity)))
    thread.start()
    thread.join(30)
    assert found[0].state == "correct"


def test_the_learner_has_ten_seconds():
    import inspect

    assert inspect.signature(judge).parameters["seconds"].default == 10


# --------------------------------------------------------------------------------------------------- noise and traces
def test_what_is_printed_is_captured_shown_once_and_no_failure(capsys):
    def chatty(J):
        print("slope of", "J")
        print("to the other ear", file=sys.stderr)
        return velocity(J)

    result = say(chatty)
    assert result.state == "correct"
    assert result.detail.count("slope of J") == 1 == result.detail.count("to the other ear")
    assert capsys.readouterr() == ("", "")
    print("ears are open again")
    assert capsys.readouterr().out == "ears are open again\n"


def test_much_that_is_printed_is_cut():
    def flood(J):
        print("x" * 10_000)
        for i in range(1000):
            print(i, J)
        print("no line end", end="")
        return velocity(J)

    result = say(flood)
    assert result.state == "correct" and len(result.detail) < 2500 and "..." in result.detail
    assert "half a line" in say(lambda J: print("half a line", end="") or velocity(J)).detail


def test_a_wrong_answer_keeps_its_instance_beside_what_it_printed():
    def chatty(J):
        print("hello")
        return -velocity(J)

    result = say(chatty)
    assert "yours (-0.085" in result.detail and "hello" in result.detail


def test_numpy_warnings_are_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        def noisy(J):
            np.log(np.zeros(2)), np.ones(1) / 0
            warnings.warn("look here", stacklevel=1)
            return velocity(J)

        assert say(noisy) == Result("03.1", "correct", "Both rates, at every point.")


def test_global_state_does_not_leak(tmp_path):
    def vandal(J):
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        sys.setrecursionlimit(5000)
        os.chdir(tmp_path)
        warnings.simplefilter("error")
        return velocity(J)

    def state():
        legacy = np.random.get_state()[1].tolist()  # noqa: NPY002
        return (
            np.geterr(),
            np.get_printoptions(),
            legacy,
            random.getstate(),
            sys.getrecursionlimit(),
            Path.cwd(),
            list(warnings.filters),
        )

    before = state()
    assert say(vandal).state == "correct"
    assert state() == before


def test_error_settings_of_the_answer_do_not_reach_the_reference():
    task = exercise(Implement("zero(x)", lambda rng: [(0.0,), (1.0,)], lambda x: np.float64(x) / np.float64(0)))

    def strict(x):
        np.seterr(all="raise")
        return np.inf if x else np.nan

    assert say(strict, task).state == "correct"


def test_error_settings_of_the_page_do_not_reach_the_check():
    with np.errstate(all="raise"):
        task = exercise(Implement("zero(x)", lambda rng: [(1.0,)], lambda x: np.float64(x) / np.float64(0)))
        assert say(lambda x: np.inf, task).state == "correct"


# --------------------------------------------------------------------------------------------------- bad manners
def test_an_argument_that_is_overwritten_is_almost_right_and_spoils_nothing():
    def overwrites(J):
        J *= 1 - J
        return J * (2 * J - J[..., ::-1])

    expect(overwrites, "almost", "overwrites its argument `J`")
    inside = exercise(Implement("total(x)", lambda rng: [([1.0, 2.0],), ([3.0],)], sum))
    expect(lambda x: sum([x.pop() for _ in range(len(x))]), "almost", "overwrites its argument `x`", inside)


def test_an_overwritten_argument_that_holds_nan_is_compared_too():
    task = exercise(Implement("zeros(x)", lambda rng: [(np.array([np.nan, 1.0]),)], np.zeros_like))
    assert say(lambda x: np.zeros_like(x), task).state == "correct"
    expect(lambda x: np.multiply(x, 0, out=x) * 0 if x.fill(0.0) else np.zeros(2), "almost", "overwrites", task)


def test_an_answer_that_remembers_is_told_so():
    calls = []

    def remembers(J):
        calls.append(J)
        return velocity(J) * (len(calls) <= 8)

    expect(remembers, "almost", "a second call")


@pytest.mark.parametrize(
    ("clothes", "fragment"),
    [
        (lambda v: v.tolist(), "they come as a list"),
        (tuple, "they come as a tuple"),
        (lambda v: v + 0j, "complex"),
        (lambda v: v.astype(object), "dtype object"),
        (lambda v: v.astype(np.float32), "single precision"),
        (lambda v: sp.Matrix(v.tolist()) if v.ndim == 2 else sp.Array(v.tolist()), "sympy objects"),
    ],
)
def test_right_numbers_in_the_wrong_form_are_almost_right(clothes, fragment):
    expect(lambda J: clothes(velocity(J)), "almost", fragment)


@pytest.mark.parametrize(
    ("clothes", "fragment"),
    [
        (lambda v: v + 1j, "complex numbers; everything here is real"),
        (lambda v: v > 0, "True and False; asked for: numbers"),
        (lambda v: str(v), "type str; asked for: numbers"),
        (lambda v: np.array(["a", "b"]), "text (dtype"),
        (lambda v: [1.0, None], "None in it"),
        (lambda v: np.array([object(), object()]), "not numbers"),
        (lambda v: [[1.0], [1.0, 2.0]], "rows differ in length"),
        (lambda v: {"J1": v[0]}, "type dict; asked for: numbers"),
        (lambda v: {1.0, 2.0}, "type set"),
        (lambda v: map(float, v), "type map"),
        (lambda v: (x for x in v), "`yield`"),
        (lambda v: velocity, "type function; asked for: numbers"),
        (lambda v: np.ndarray, "type type; asked for: numbers"),
        (lambda v: object(), "not numbers"),
    ],
)
def test_what_are_no_numbers_is_told_kindly(clothes, fragment):
    expect(lambda J: clothes(velocity(J)), "wrong", fragment)


def test_symbols_of_the_page_in_place_of_numbers_are_named():
    a, b = sp.symbols("a b")
    for clothes in (lambda J: np.array([a, b]), lambda J: (a, b), lambda J: [a * b, 1.0]):
        expect(clothes, "wrong", "an expression in a, b, not a number")
    expect(lambda J: 2 * a, "wrong", "an expression in a, not a number")


def test_an_answer_may_hand_out_one_array_again_and_again():
    kept = np.zeros(2)

    def draw(rng):
        kept[:] = rng.normal(size=2)
        return kept

    law = Law(lambda answer, rng: bool(np.ptp([answer(rng) for _ in range(9)], axis=0).all()), "No two draws alike.")
    task = exercise(Implement("draw(rng)", lambda rng: [(rng,)], laws=(law,), shape=lambda rng: (2,)))
    assert say(draw, task).state == "correct"


def test_wrong_numbers_in_the_wrong_form_are_wrong_for_their_numbers():
    expect(lambda J: (-velocity(J)).tolist(), "wrong", "we climb")
    expect(lambda J: (-velocity(J)).astype(np.float32), "wrong", "we climb")


def test_whole_numbers_are_fine_where_floats_are_meant():
    task = exercise(Implement("double(x)", lambda rng: [(1.0,), (3.0,)], lambda x: 2.0 * x))
    for answer in (lambda x: int(2 * x), lambda x: np.int32(2 * x), lambda x: np.array(2 * x)):
        assert say(answer, task).state == "correct"
    expect(lambda x: np.array([2 * x]), "wrong", "returns the shape (1,); asked for: ()", task)


class Tensor:
    """Says of itself that it comes from torch, and does what is needed of one that wants gradients."""

    __module__ = "torch"

    def __init__(self, values):
        self.values = values

    def __array__(self, *_, **__):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        return self.values


def test_a_torch_tensor_is_read_and_almost_right_without_importing_torch():
    expect(lambda J: Tensor(velocity(J)), "almost", "torch tensor")
    expect(lambda J: Tensor(velocity(J).astype(np.float32)), "almost", "torch tensor")
    expect(lambda J: Tensor(-velocity(J)), "wrong", "we climb")
    scalar = exercise(Implement("half(x)", lambda rng: [(1.0,), (3.0,)], lambda x: x / 2))
    expect(lambda x: Tensor(np.float64(x / 2)), "almost", "torch tensor", scalar)


def test_a_real_torch_tensor_is_told_the_same():
    torch = pytest.importorskip("torch")
    expect(lambda J: torch.tensor(velocity(J), requires_grad=True), "almost", "torch tensor")
    expect(lambda J: torch.tensor(velocity(J), dtype=torch.float32), "almost", "torch tensor")


# --------------------------------------------------------------------------------------------------- no functions
def test_a_value_a_class_and_other_things_in_place_of_a_function_are_told():
    expect(velocity(np.array([0.5, 0.2])), "wrong", "not what it returns. It was given a value of type ndarray")
    expect("velocity", "wrong", "type str")
    expect(dict, "wrong", "given a class")


def test_another_number_of_arguments_is_told_with_both_signatures():
    result = expect(lambda J, step: J, "wrong", "It is called as `velocity(J)`")
    assert "`(J, step)`" in result.message
    expect(lambda: 0, "wrong", "Yours takes other arguments: `()`")
    assert say(lambda J, scale=1.0: scale * velocity(J)).state == "correct"


def test_generators_and_coroutines_are_told_and_leave_no_warning():
    def generator(J):
        yield velocity(J)

    async def coroutine(J):
        return velocity(J)

    async def both(J):
        yield velocity(J)

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        expect(generator, "wrong", "`yield`")
        expect(coroutine, "wrong", "leave out `async`")
        expect(both, "wrong", "leave out `async`")
        gc.collect()
    assert not seen
    assert asyncio.run(coroutine(np.array([0.5, 0.2]))).shape == (2,)


def test_an_error_keeps_the_learners_lines_and_drops_ours():
    def helper(J):
        raise ValueError("<img src=x onerror=alert(1)>")

    def broken(J):
        return helper(J)

    result = expect(broken, "wrong", "raised ValueError")
    assert "in broken" in result.detail and "in helper" in result.detail and "return helper(J)" in result.detail
    assert "raise ValueError" in result.detail and "at J = (0.5, 0.2)" in result.detail
    assert "call.py" not in result.detail and str(Path.cwd()) not in result.detail
    assert os.sep + "test_engine" not in result.detail


def test_frames_of_libraries_and_of_the_package_are_dropped():
    result = expect(lambda J: np.linalg.inv(J), "wrong", "LinAlgError")
    assert "site-packages" not in result.detail and "_linalg" not in result.detail


def test_an_error_in_a_cell_is_placed_in_your_cell():
    scope = {}
    exec(compile("def f(J):\n    return J + unknown\n", "/tmp/ipykernel_12/34.py", "exec"), scope)
    result = expect(scope["f"], "wrong", "raised NameError")
    assert "your cell, line 2, in f" in result.detail and "ipykernel" not in result.detail


def test_errors_of_any_ancestry_are_caught():
    class Own(BaseException):
        def __str__(self):
            raise RuntimeError("no description")

    def raises(error):
        def answer(J):
            raise error

        return answer

    expect(raises(SystemExit(1)), "wrong", "Use `return` to leave")
    expect(raises(Own()), "wrong", "raised Own")
    expect(raises(GeneratorExit()), "wrong", "raised GeneratorExit")
    expect(raises(ValueError("y" * 10_000)), "wrong", "yyy ...")
    expect(lambda J: sys.exit(), "wrong", "leaves Python")


def test_recursion_without_end_is_told_briefly():
    def again(J):
        return again(J)

    result = expect(again, "wrong", "calls itself without end")
    assert len(result.detail.splitlines()) < 25


def test_an_object_that_defends_itself_is_not_our_error():
    class Hostile:
        def __array__(self, *_, **__):
            raise RuntimeError("no")

        def __repr__(self):
            raise RuntimeError("no")

        def __len__(self):
            raise RuntimeError("no")

    assert say(lambda J: Hostile()).state == "wrong"
    for task in (Predict(1.0, atol=0.1), Explain("Because."), Explore("x", (), ((2,),)), Derive(lambda: sp.Integer(1))):
        assert say(Hostile(), exercise(task)).state == "wrong"


def test_a_fault_of_an_exercise_ends_in_a_result_that_says_it_could_not_be_judged():
    def faulty(J):
        raise ZeroDivisionError

    # compiled under the name of a file of ours, so that the fault does not look like the learner's
    scope = {}
    exec(compile("def faulty(J):\n    return 1 / 0\n", str(Path(engine.__file__)), "exec"), scope)
    task = exercise(Implement("v(J)", points, scope["faulty"]))
    expect(velocity, "wrong", "could not be judged", task)


# --------------------------------------------------------------------------------------------------- chance and laws
def draw(W, k, rng):
    p = np.exp(W[:, k]) / np.exp(W[:, k]).sum()
    return np.eye(len(p))[rng.choice(len(p), p=p)] - p


def tables(rng):
    for n, K in ((2, 1), (3, 2)):
        yield rng.normal(size=(n, K)), 0, rng


def sums_to_zero(answer, W, k, rng):
    return bool(np.allclose(answer(W, k, rng).sum(), 0))


def centred(answer, W, k, rng):
    mean = np.mean([answer(W, k, rng) for _ in range(2000)], axis=0)
    return bool(np.abs(mean).max() < 0.06) or f"mean {numbers(mean)}"


SCORE = exercise(
    Implement(
        "score(W, k, rng)",
        tables,
        laws=(Law(sums_to_zero, "A score sums to zero."), Law(centred, "On average a score is zero.", "almost")),
        shape=lambda W, k, rng: (len(W),),
    )
)


def test_laws_judge_where_there_is_no_single_answer():
    def by_hand(W, k, rng):
        p = np.exp(W[:, k]) / np.exp(W[:, k]).sum()
        return (np.arange(len(p)) == np.searchsorted(p.cumsum(), rng.random())) - p

    for seed in range(3):
        assert say(draw, SCORE, seed=seed).state == "correct" == say(by_hand, SCORE, seed=seed).state
    expect(lambda W, k, rng: rng.random(len(W)), "wrong", "sums to zero", SCORE)
    expect(
        lambda W, k, rng: draw(np.zeros_like(W), k, rng) + draw(W, k, np.random.default_rng(3)),
        "almost",
        "mean (",
        SCORE,
    )
    expect(lambda W, k, rng: draw(W, k, rng)[:1], "wrong", "returns the shape (1,); asked for: (2,)", SCORE)
    expect(lambda W, k, rng: draw(W, k, rng).tolist(), "almost", "come as a list", SCORE)
    expect(lambda W, k, rng: None, "not attempted", "`return` missing", SCORE)


def test_an_answer_that_fails_inside_a_law_is_told_with_its_own_lines():
    def fails_late(W, k, rng, calls=[]):  # noqa: B006  a learner's own mutable default
        calls.append(1)
        if len(calls) > 5:
            raise KeyError("late")
        return draw(W, k, rng)

    result = expect(fails_late, "wrong", "raised KeyError", SCORE)
    assert "in fails_late" in result.detail


def test_a_generator_starts_afresh_for_every_trial():
    twice = Mistake(lambda n, rng: 2 * rng.normal(size=n), "Twice a draw.")
    rows = lambda rng: [(2, rng), (3, rng)]
    task = exercise(Implement("noise(n, rng)", rows, lambda n, rng: rng.normal(size=n), (twice,)))
    assert say(lambda n, rng: np.array([rng.normal() for _ in range(n)]), task).state == "correct"
    expect(lambda n, rng: rng.normal(size=n) * 2, "wrong", "Twice a draw.", task)


def test_an_answer_that_overwrites_cannot_mislead_a_law():
    def untouched(answer, J):
        before = J.copy()
        answer(J)
        return np.array_equal(J, before)

    task = exercise(Implement("v(J)", points, velocity, laws=(Law(untouched, "The law has its own copy."),)))
    expect(lambda J: np.multiply(J, 1 - J, out=J) * (2 * J - J[..., ::-1]), "almost", "overwrites its argument", task)


def test_several_arrays_may_be_asked_for_without_a_reference():
    inverse = Law(lambda answer, x: bool(np.allclose(np.multiply(*answer(x)), x)), "Their product is x.")
    task = exercise(
        Implement("split(x)", lambda rng: [(rng.normal(size=3),)], laws=(inverse,), shape=lambda x: (x.shape, x.shape))
    )
    assert say(lambda x: (2 * x, np.full(3, 0.5)), task).state == "correct"
    expect(lambda x: (x, x), "wrong", "Their product is x", task)
    expect(lambda x: x, "wrong", "asked for: 2 things", task)


# --------------------------------------------------------------------------------------------------- derive
x, y = sp.symbols("x y")


def derive(truth, *mistakes):
    return exercise(Derive(lambda: truth, mistakes))


SLOPE = derive(x * (1 - x) * y, Mistake(lambda: x * y, "The factor 1 - x is the other half of the slope."))


def test_any_equivalent_form_is_right_and_symbols_are_matched_by_name():
    X, Y = sp.symbols("x y", positive=True)
    for answer in (
        x * y - x**2 * y,
        y * (sp.Rational(1, 4) - (x - sp.Rational(1, 2)) ** 2),
        X * (1 - X) * Y,
        [x * y * (1 - x)],
    ):
        assert say(answer, SLOPE).state == "correct"
    assert say(sp.Eq(sp.Symbol("v"), x * y * (1 - x)), SLOPE).state == "correct"


def test_an_equation_stands_for_its_other_side_only_if_one_side_is_a_name():
    truth = x * y * (1 - x)
    assert say(sp.Eq(truth, sp.Symbol("v")), SLOPE).state == "correct"
    for equation in (sp.Eq(x, truth), sp.Eq(sp.Symbol("v") + 1, truth), sp.Eq(truth, 0)):
        assert say(equation, SLOPE).state == "wrong"


def test_a_derived_answer_is_told_what_is_wrong_with_it():
    expect(x * y, "wrong", "other half of the slope", SLOPE)
    expect(x * y * (x - 1), "wrong", "opposite sign", SLOPE)
    expect(2 * x * y * (1 - x), "wrong", "2 times the right one", SLOPE)
    expect(x * y * (1 - x) * sp.Symbol("n"), "wrong", "does not depend on n", SLOPE)
    result = expect(x * y * (1 - x**2), "wrong", "another expression", SLOPE)
    assert result.detail == "at x = 0.3, y = 0.45: yours 0.1229, expected 0.0945"


def test_what_is_no_expression_is_told():
    expect("x*y*(1-x)", "wrong", "leave out the quotes", SLOPE)
    expect(x == y, "wrong", "`Eq(left, right)`", SLOPE)
    expect(lambda: x, "wrong", "call it first", SLOPE)
    expect(object(), "wrong", "What came (object) cannot be read", SLOPE)
    expect([x, y], "wrong", "(list of 2) cannot be read", SLOPE)
    expect({"a": 1}, "wrong", "", SLOPE)
    expect(Tensor(np.ones(1)), "wrong", "torch tensor", SLOPE)
    for stub in (None, ..., [..., x]):
        assert say(stub, SLOPE).state == "not attempted"


def test_a_decimal_is_almost_an_exact_number():
    third = derive(sp.Rational(-1, 3))
    expect(-0.333333333333, "almost", "Rational(1, 3)", third)
    expect(-0.33, "wrong", "yours -0.33, expected -0.3333", third)
    assert say(sp.cos(2 * sp.pi / 3) * 2 / 3, third).state == "correct"
    assert say(-0.5, derive(sp.Rational(-1, 2))).state == "correct"


def test_decimals_in_several_expressions_are_almost_exact_too():
    tenths = sp.Rational(3, 10)
    pair = derive(((x - tenths) ** 2, y), Mistake(lambda: ((x + tenths) ** 2, y), "The sign of the shift."))
    expect(((x - 0.3) ** 2, y), "almost", "Rational(1, 3)", pair)
    expect([(x + 0.3) ** 2, y], "wrong", "The sign of the shift.", pair)
    expect(((x - 0.3) ** 2, x), "wrong", "Not yet right: number 2.", pair)
    expect(sp.Eq(2 * (x - 0.3) ** 2, y), "almost", "Rational(1, 3)", derive(sp.Eq(2 * (x - tenths) ** 2, y)))


def test_letters_that_the_answer_does_not_have_are_named():
    a, b = sp.symbols("a b")
    expect((a, b), "wrong", "an answer in x, y. Yours has a, b in it", derive((x, y)))
    expect((a, b), "wrong", "an answer in numbers. Yours has a, b in it", derive((sp.Integer(1), sp.Integer(2))))


def test_a_factor_that_is_one_at_few_points_does_not_pass():
    for n in (97, 101, 113):
        assert say(x * (1 - x) * y * sp.cos(2 * sp.pi * n * x), SLOPE).state == "wrong"


def test_another_form_may_be_right_without_algebra_seeing_it():
    line = exercise(Derive(lambda: sp.Eq(2 * x, y), also=(lambda: sp.Eq(y / x, 2),)))
    assert say(sp.Eq(2 * x, y), line).state == "correct" == say(sp.Eq(2 * y / x, 4), line).state
    expect(sp.Eq(2.0 * y / x, 4), "almost", "Rational(1, 3)", line)
    assert say(sp.Eq(x / y, 2), line).state == "wrong"


def test_symbols_run_through_the_domains_of_the_exercise():
    cosine = sp.Symbol("cosine")
    mistakes = (Mistake(lambda: x / (1 + sp.Abs(cosine)), "Times the size of the cosine, too."),)
    truth = x * sp.Abs(cosine) / (1 - cosine)
    elsewhere = exercise(Derive(lambda: truth, mistakes, domains={"cosine": (-1, 0), "x": range(2, 9)}))
    assert say(-x * cosine / (1 - cosine), elsewhere).state == "correct"
    assert say(-x * cosine / (1 - cosine), derive(truth)).state == "wrong"
    expect(x / (1 - cosine), "wrong", "the size of the cosine", elsewhere)
    expect(-2 * x * cosine / (1 - cosine), "wrong", "2 times the right one", elsewhere)
    expect(x * cosine / (1 - cosine), "wrong", "has the opposite sign", elsewhere)
    several = exercise(Derive(lambda: [truth, x], domains={"cosine": (-1, 0)}))
    assert say([-x * cosine / (1 - cosine), x], several).state == "correct"
    expect([-x * cosine / (1 - cosine), 2 * x], "wrong", "number 2", several)
    named = exercise(Derive(lambda: {x: truth}, domains={"cosine": (-1, 0)}))
    assert say({x: -x * cosine / (1 - cosine)}, named).state == "correct"


def test_unknown_functions_are_matched_by_name_and_told_apart_in_numbers():
    f = sp.Function("f")
    slope = derive((f(x) ** 2).diff(x))
    named_alike = sp.Function("f", real=True)(x)
    for answer in (2 * f(x) * f(x).diff(x), sp.Derivative(f(x) ** 2, x), 2 * named_alike * f(x).diff(x)):
        assert say(answer, slope).state == "correct"
    expect(f(x) * f(x).diff(x), "wrong", "0.5 times the right one", slope)
    expect(2 * f(x), "wrong", "another expression", slope)


@pytest.mark.parametrize(
    "strange", [(), range(3), {"x": 1}, sp.Lambda(x, x), sp.Eq(x, x), sp.Eq(x, y), sp.S.EmptySet, sp.Interval(0, 1)]
)
def test_what_is_no_single_expression_is_told(strange):
    expect(strange, "wrong", "", SLOPE)
    assert "could not be judged" not in repr(say(strange, SLOPE))


def test_a_matrix_expression_is_read_and_a_huge_number_is_wrong():
    assert say(sp.ZeroMatrix(2, 2), derive(sp.zeros(2))).state == "correct"
    assert "could not be judged" not in repr(say(10**400, SLOPE)) and say(10**400, SLOPE).state == "wrong"


def test_a_matrix_may_be_a_list_and_a_vector_may_lie_down():
    square = derive(sp.Matrix([[x, y], [0, 1]]))
    for answer in (sp.Matrix([[x, y], [0, 1]]), [[x, y], [0, 1]], np.array([[x, y], [0, 1]])):
        assert say(answer, square).state == "correct"
    expect(sp.Matrix([[x, 0], [y, 1]]), "wrong", "another expression", square)
    expect(x, "wrong", "a Matrix of shape (2, 2); this is one expression", square)
    expect([[x], [y, 1]], "wrong", "cannot be read", square)
    vector = derive(sp.Matrix([x, y]))
    assert say([x, y], vector).state == "correct" == say(sp.Matrix([[x, y]]), vector).state
    expect([y, x], "wrong", "another expression", vector)


def test_an_equation_is_right_up_to_a_factor():
    line = derive(sp.Eq(y, 2 * x))
    assert say(sp.Eq(2 * x - y, 0), line).state == "correct" == say(sp.Eq(3 * y, 6 * x), line).state
    assert say(sp.Eq(y, x), line).state == "wrong"
    expect(2 * x, "wrong", "Asked for: an equation", line)


def test_sets_have_no_order_and_lists_have():
    roots = derive({sp.Integer(0), sp.Integer(1), x})
    assert say([1, x, 0], roots).state == "correct" == say(sp.FiniteSet(0, x, 1), roots).state
    expect({0, x}, "almost", "2 of 3 are right; you gave 2", roots)
    expect([0, 1, x, y], "almost", "1 too many", roots)
    expect({0, 2, x}, "wrong", "2 of 3 are right; you gave 3", roots)
    expect(x, "wrong", "Asked for: 3 expressions", roots)
    pair = derive((x, y))
    assert say([x, y], pair).state == "correct"
    expect((y, x), "almost", "order counts", pair)
    expect((x, x), "wrong", "1 of 2 are right", pair)
    expect((y, y), "wrong", "1 of 2 are right", pair)
    expect((x, 2 * y), "wrong", "1 of 2 are right", pair)
    expect((y, x, 2), "wrong", "0 of 3 are right", derive((x, y, sp.Integer(1))))
    expect({x, y}, "almost", "order counts", pair)
    expect((x, 2 * y), "wrong", "Not yet right: number 2.", pair)
    for answer in (sp.Tuple(x, y), sp.Matrix([x, y]), np.array([x, y]), (sp.Eq(sp.Symbol("u"), x), y)):
        assert say(answer, pair).state == "correct"
    named = derive({"a": x, "b": y})
    assert say({sp.Symbol("b"): y, sp.Symbol("a"): x}, named).state == "correct"
    for other in ({"a": y, "b": x}, {"a": x}, {"a": x, "b": y, "c": x}, x):
        expect(other, "wrong", "Not yet", named)


# --------------------------------------------------------------------------------------------------- predict
HALF = exercise(
    Predict(
        -0.5,
        atol=0.01,
        mistakes=(
            Mistake(0.5, "The sign."),
            Mistake((-1.1, -0.9), "They also have weights of their own."),
            Mistake(0, "Zero."),
        ),
    )
)


def test_a_prediction_is_right_within_the_stated_tolerance():
    for answer in (-0.5, -0.491, np.float64(-0.509), np.array(-0.5), [-0.5], sp.Rational(-1, 2), np.float32(-0.5)):
        assert say(answer, HALF).state == "correct"
    for answer in (-0.489, -0.511):
        assert say(answer, HALF).state == "wrong"


def test_a_prediction_meets_its_misconception_by_number_or_interval():
    expect(0.5, "wrong", "The sign.", HALF)
    expect(-0.95, "wrong", "weights of their own", HALF)
    expect(0, "wrong", "Zero.", HALF)
    expect(-0.3, "wrong", "-0.3 is too large", HALF)
    expect(-3, "wrong", "-3 is too small", HALF)


def test_what_is_no_number_is_told():
    expect("-0.5", "wrong", "without quotes", HALF)
    expect(True, "wrong", "True and False", HALF)
    expect(float("nan"), "wrong", "finite", HALF)
    expect([-0.5, 1.0], "wrong", "shape (2,)", HALF)
    expect(lambda: -0.5, "wrong", "type function", HALF)
    expect(1j, "wrong", "complex", HALF)
    expect(x * y, "wrong", "an expression in x, y", HALF)
    expect(sp.zoo, "wrong", "not numbers", HALF)
    expect(sp.Eq(x, 1), "wrong", "an expression in x", HALF)
    for stub in (None, ..., (..., 1)):
        assert say(stub, HALF).state == "not attempted"


def test_several_predictions_and_words_are_compared_one_by_one():
    signs = exercise(Predict((1.0, -1.0), atol=0.0, mistakes=(Mistake((1.0, 1.0), "Both."),)))
    assert say((1, -1), signs).state == "correct" == say(np.array([1.0, -1.0]), signs).state
    expect([1, 1], "wrong", "Both.", signs)
    expect((-1, -1), "wrong", "The second is right. Look at the first again.", signs)
    expect((-1, 1), "wrong", "0 of 2", signs)
    expect(1, "wrong", "2 values", signs)
    expect((1, 2, 3), "wrong", "there are 3", signs)
    assert say("j1", exercise(Predict("J1"))).state == "correct"  # capitals do not count, on either side
    word = exercise(Predict(lambda: "negative", mistakes=(Mistake("zero", "None?"),)))
    assert say(" Negative ", word).state == "correct"
    expect("zero", "wrong", "None?", word)
    expect("positive", "wrong", "Not positive", word)
    expect(-1, "wrong", "in quotes", word)
    assert say(["zero"], exercise(Predict(("zero", "one")))).state == "wrong"


def test_of_several_predictions_it_says_which_are_right():
    four = exercise(Predict((1.0, "zero", 3.0, 4.0), atol=0.1))
    expect((1, "zero", 3, 5), "wrong", "The first, the second and the third are right. Look at the fourth again.", four)
    expect((1, "one", 3.05, 5), "wrong", "The first and the third are right. Look at the second and the fourth", four)
    expect((0, "Zero", 0, 0), "wrong", "The second is right. Look at the first, the third and the fourth again.", four)
    expect((0, "one", 0, 0), "wrong", "0 of 4", four)
    many = exercise(Predict(tuple(range(10))))
    expect((*range(9), 0), "wrong", "the eighth and number 9 are right. Look at number 10 again.", many)


# --------------------------------------------------------------------------------------------------- explain, explore
SAYS = exercise(
    Explain(
        "Both contexts read the same bias.",
        points=("the bias is shared",),
        mistakes=(Mistake(r"\bnoise\b", "The flow is exact: no noise."),),
        words=8,
    ),
    right="Compare.",
)


def test_the_model_answer_comes_only_after_something_was_written():
    text = "The first context pushes the shared bias up, which the second context needs down."
    result = expect(text, "correct", "Compare.", SAYS)
    assert "Both contexts read the same bias." in result.detail and "- the bias is shared" in result.detail
    for early in ("it is shared", "word " * 50, text + " And noise.", 3, b"bytes"):
        assert "read the same bias" not in repr(say(early, SAYS)) and say(early, SAYS).state in ("wrong", "almost")
    for stub in (None, ..., "", "  ", "..."):
        assert say(stub, SAYS).state == "not attempted"
    expect("All of this is because of NOISE in the samples that we draw", "wrong", "no noise", SAYS)
    expect(3, "wrong", "in quotes", SAYS)


ABOVE = exercise(
    Explore(
        "W, b",
        (
            Law(lambda W, b: bool(W.sum() > 0), "W sums to more than zero."),
            Law(lambda W, b: f"b[0] = {b[0]:g}" if b[0] else True, "b starts at zero.", "almost"),
        ),
        ((2, 1), (2,)),
    )
)


def test_a_setting_is_right_if_every_law_holds():
    assert say(([[1.0], [2]], np.array([0, 1])), ABOVE).state == "correct"
    expect((-np.ones((2, 1)), np.zeros(2)), "wrong", "more than zero", ABOVE)
    expect((np.ones((2, 1)), np.ones(2)), "almost", "b[0] = 1", ABOVE)


def test_a_setting_of_the_wrong_form_is_told():
    expect((np.ones(2), np.zeros(2)), "wrong", "`W` has the shape (2,); asked for: (2, 1)", ABOVE)
    expect((np.ones((2, 1)), [0, np.nan]), "wrong", "NaN or infinity in `b`", ABOVE)
    expect(np.ones((2, 1)), "wrong", "`(W, b)`", ABOVE)
    expect((np.ones((2, 1)), "b"), "wrong", "`b` is a value of type str", ABOVE)
    expect(7, "wrong", "2 things", ABOVE)
    for stub in (None, ..., (..., ...), (np.ones((2, 1)), ...)):
        assert say(stub, ABOVE).state == "not attempted"


def test_laws_cannot_disturb_each_other_or_the_setting():
    def greedy(W):
        W[:] = 0
        return True

    task = exercise(Explore("W", (Law(greedy, "Any."), Law(lambda W: bool(W.all()), "No zeros.")), ((2,),)))
    mine = np.ones(2)
    assert say(mine, task).state == "correct" and mine.all()


def test_a_function_may_be_a_setting_and_may_fail():
    task = exercise(Explore("f", (Law(lambda f: bool(f(0.0) == 0), "f starts at zero."),)))
    assert say(np.sin, task).state == "correct"
    expect(np.cos, "wrong", "starts at zero", task)
    result = expect(lambda u: 1 / u, "wrong", "Your code raised ZeroDivisionError", task)
    assert "lambda u: 1 / u" in result.detail


# --------------------------------------------------------------------------------------------------- the result
def test_a_result_is_plain_text_and_escaped_html():
    nasty = '<b onclick="x">&\'</b>'
    result = Result(nasty, "wrong", f"use `{nasty}` and {nasty}", nasty)
    assert repr(result) == f"{nasty} wrong: use `{nasty}` and {nasty}\n{nasty}"
    html = result._repr_html_()
    assert "<b " not in html and 'onclick="' not in html and html.count("&lt;b onclick=&quot;x&quot;&gt;") == 4
    assert 'role="status"' in html and "<code>&lt;b" in html


def test_every_state_has_its_mark_beside_its_colour():
    marks = [Result("03.1", state, "...")._repr_html_() for state in ("not attempted", "wrong", "almost", "correct")]
    assert [next(m for m in "○✕◐●" if m in html) for html in marks] == list("○✕◐●")
    assert all(
        f"03.1 {state}" in html
        for state, html in zip(("not attempted", "wrong", "almost", "correct"), marks, strict=True)
    )


def test_text_from_the_learner_is_escaped_wherever_it_appears():
    def broken(J):
        print("<script>1</script>")
        raise ValueError("<script>2</script>")

    for result in (say(broken), say("<script>"), say("<script>", exercise(Predict("no"))), say(type("<i>", (), {})())):
        assert "<script>" not in result._repr_html_() and "<i>" not in result._repr_html_()


def test_a_result_cannot_be_changed():
    with pytest.raises(AttributeError):
        say(velocity).state = "correct"


# --------------------------------------------------------------------------------------------------- check and hint
@pytest.fixture
def toys(monkeypatch):
    """check and hint over two toy exercises, without the chapters."""
    monkeypatch.setattr(checks, "chapters", lambda: ["03"])
    monkeypatch.setattr(checks, "chapter", lambda number: {"03.1": FLOW, "03.2": HALF} if number == "03" else {})


def test_check_gives_what_judge_gives_and_tells_the_workspace(toys, monkeypatch):
    from raylab import workspace

    told = []
    monkeypatch.setattr(workspace, "record", lambda id, state: told.append((id, state)))
    assert checks.check("03.1", velocity).state == "correct"
    assert checks.check("03.1").state == "not attempted"
    assert told == [("03.1", "correct"), ("03.1", "not attempted")]


def test_a_workspace_that_fails_breaks_no_check(toys, monkeypatch):
    from raylab import workspace

    def full(id, state):
        raise OSError("disk full")

    monkeypatch.setattr(workspace, "record", full)
    assert checks.check("03.1", velocity).state == "correct"
    monkeypatch.delattr(workspace, "record")
    assert checks.check("03.1", velocity).state == "correct"


@pytest.mark.parametrize("unknown", ["03.9", "", "3.1", "99.1", "velocity", "03"])
def test_an_unknown_id_lists_those_there_are(toys, unknown):
    for ask in (checks.check, checks.hint):
        with pytest.raises(ValueError, match=r"03\.1, 03\.2"):
            ask(unknown)


@pytest.mark.parametrize("strange", [3.1, None, 31, ["03.1"], velocity])
def test_an_id_that_is_no_text_is_a_type_error(toys, strange):
    for ask in (checks.check, checks.hint):
        with pytest.raises(TypeError, match="put it in quotes"):
            ask(strange)


def test_hints_come_one_by_one_and_the_last_is_said_to_be_the_last(toys):
    assert repr(checks.hint("03.1")) == "03.1 hint 1 of 2: Look at the slope."
    assert repr(checks.hint("03.1", 2)) == "03.1 hint 2 of 2: The bias is shared."
    assert repr(checks.hint("03.1", 7)) == "03.1 hint 2 of 2 (there is no further one): The bias is shared."
    assert "there is no further one" in checks.hint("03.1", 3)._repr_html_()


def test_a_hint_is_escaped():
    html = engine.Hint("03.1", 1, 2, "`a < b` <b>")._repr_html_()
    assert "<code>a &lt; b</code> &lt;b&gt;" in html


@pytest.mark.parametrize(
    ("level", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("1", TypeError), (True, TypeError)]
)
def test_a_level_must_be_a_count(toys, level, error):
    with pytest.raises(error, match="level"):
        checks.hint("03.1", level)


def test_an_exercise_that_stands_twice_or_in_the_wrong_chapter_is_refused(monkeypatch):
    class Module:
        EXERCISES = (FLOW, FLOW)

    monkeypatch.setattr(checks, "import_module", lambda name: Module)
    monkeypatch.setattr(checks, "chapters", lambda: ["03", "04"])
    for number, exercises in (("03", (FLOW, FLOW)), ("04", (FLOW,))):
        Module.EXERCISES = exercises
        with pytest.raises(ValueError, match=r"03\.1 twice or in the wrong module"):
            checks.chapter.__wrapped__(number)
    Module.EXERCISES = (FLOW,)
    assert checks.chapter.__wrapped__("03") == {"03.1": FLOW}


def test_an_exercise_states_its_id_difficulty_minutes_and_hints():
    for change in ({"id": "3.1"}, {"difficulty": 6}, {"minutes": 0}, {"hints": ("one",)}):
        whole = {
            "id": "03.1",
            "title": "t",
            "difficulty": 1,
            "minutes": 5,
            "hints": ("a", "b"),
            "right": "r",
            "task": FLOW.task,
        }
        with pytest.raises(ValueError, match=r"expected"):
            Exercise(**{**whole, **change})
    with pytest.raises(ValueError, match='"wrong" or "almost"'):
        Mistake(velocity, "text", "correct")


def test_the_checks_load_neither_sympy_nor_torch_nor_any_chapter_by_themselves():
    code = (
        "import sys, numpy as np\n"
        "from raylab import check, hint\n"
        "import raylab.checks.engine as e\n"
        "task = e.Implement('f(x)', lambda rng: [(1.0,)], lambda x: x)\n"
        "assert e.judge(e.Exercise('03.1', 't', 1, 1, ('a', 'b'), 'r', task), lambda x: x).state == 'correct'\n"
        "loaded = {'sympy', 'torch', 'matplotlib', 'ipywidgets'} & set(sys.modules)\n"
        "loaded |= {m for m in sys.modules if m.startswith('raylab.checks.ch0')}\n"
        "print(sorted(loaded))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr


# --------------------------------------------------------------------------------------------------- small parts
def test_numbers_are_short_and_nested_as_they_are():
    assert numbers(0.123456) == "0.1235" and numbers(np.array([True])) == "(True,)"
    assert numbers([[1, 2.5], [0, 1e-9]]) == "((1, 2.5), (0, 1e-09))"
    assert numbers(np.arange(20)) == "(0, 1, 2, 3, ...)"


def test_an_instance_is_told_in_the_words_of_the_chapter_or_by_its_arguments():
    rows = lambda rng: [(np.zeros((2, 3)), 1, rng), (np.zeros((9, 9)), 2, rng)]
    plain = Implement("f(W, k, rng)", rows)
    assert plain.words(next(iter(rows(None)))) == "at W = ((0, 0, 0), (0, 0, 0)), k = 1"
    assert plain.words(rows(None)[1]) == "at W = an array of shape (9, 9), k = 2"
    assert Implement("f(W, k, rng)", rows, describe=lambda W, k, rng: f"context {k}").words((0, 1, 2)) == "at context 1"
    assert plain.name == "f" and plain.arguments == ("W", "k", "rng")
    assert Implement("g(G, order=None)", rows).arguments == ("G", "order")


def test_judge_itself_refuses_what_is_no_exercise_seed_or_time():
    for call in (lambda: judge("03.1", velocity), lambda: say(velocity, seed=0.5), lambda: say(velocity, seconds="1")):
        with pytest.raises(TypeError, match="expected"):
            call()
    for call in (lambda: say(velocity, seed=-1), lambda: say(velocity, seconds=0), lambda: checks.chapter("99")):
        with pytest.raises(ValueError, match="expected"):
            call()


# --------------------------------------------------------------------------------------------------- the harness
def weak(*rows, reference=lambda G: G @ G.T):
    """A function judged on these instances only."""
    return exercise(
        Implement("inner(G)", lambda rng: [row if isinstance(row, tuple) else (row,) for row in rows], reference)
    )


@pytest.mark.parametrize(
    ("special", "poor"),
    [
        (harness.symmetric, np.array([[2.5, 1.5], [1.5, 3.5]])),
        (harness.symmetric, np.full(3, 0.5)),
        (harness.square, np.array([[2.5, 1.5], [0.5, 3.5]])),
        (harness.diagonal, np.array([[2.5, 0.0, 0.0], [0.0, 3.5, 0.0]])),
        (harness.whole, np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]])),
    ],
)
def test_the_harness_finds_a_check_that_looks_at_special_instances_only(special, poor):
    rich = np.array([[0.3, -1.2, 0.7], [1.1, 0.4, -0.6]]) if poor.ndim == 2 else np.array([0.3, 0.8, 0.1])
    for rows, accepted in ([(poor, 2 * poor), True], [(poor, rich), False]):
        task = weak(*rows, reference=lambda G: np.sin(G) + G)
        answer = harness.right_only_where(task.task, special)
        assert (say(answer, task).state == "correct") == accepted


def test_the_harness_finds_a_check_that_looks_at_equal_counts_or_one_size_only():
    for rows, accepted in ([((3, 3), (5, 5)), True], [((3, 3), (2, 5)), False]):
        task = weak(*rows, reference=lambda K, n: K / n**2)
        assert (say(harness.right_only_where(task.task, harness.equal), task).state == "correct") == accepted
    for rows, accepted in ([(np.ones((2, 3)), np.eye(2, 3)), True], [(np.ones((2, 3)), np.ones((4, 3))), False]):
        task = weak(*rows)
        smallest = harness.smallest(task.task, 0)
        assert (say(harness.right_only_where(task.task, smallest), task).state == "correct") == accepted


def test_what_the_harness_bends_is_never_equal():
    for value in (0.0, np.zeros(3), np.array([True, False]), (1.0, [2.0]), "word", 3):
        assert not same_as(harness.bent(value), value)


def same_as(a, b):
    if isinstance(a, tuple | list):
        return all(map(same_as, a, b))
    return np.array_equal(a, b)


def test_a_case_that_expects_the_wrong_words_would_fail():
    named = harness.misled(FLOW)
    assert len(named) == 5 and all(say(answer).message == message for answer, message in named)
    shadowed = exercise(Implement("velocity(J)", points, velocity, (named_twice("first"), named_twice("second"))))
    assert [say(answer, shadowed).message for answer, _ in harness.misled(shadowed)] == ["first", "first"]


def named_twice(message):
    return Mistake(lambda J: J, message)
