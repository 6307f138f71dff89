"""The stages of a staircase: made-up ones, whose risers are known, and those that the flow makes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylab import dynamics, plateaus
from raylab.systems.bandit import Bandit

TIMES = np.linspace(0.0, 100.0, 2001)
WIDTH = 2 * np.log(9.0)  # a logistic riser of speed 1 takes this long from 10 % to 90 %


def riser(at, speed=1.0):
    return 1 / (1 + np.exp(-np.clip(speed * (TIMES - at), -700, 700)))


def staircase(*places, speed=1.0):
    return np.stack([riser(at, speed) for at in places], axis=1)


@given(st.permutations([12.0, 30.0, 55.0, 80.0]), st.floats(0.9, 4.0))
def test_every_riser_is_found_where_it_was_put_in_the_order_of_time(places, speed):
    found = plateaus.stages(TIMES, staircase(*places, speed=speed))
    assert [stage.component for stage in found] == list(np.argsort(places))
    middles = np.array([(stage.t10 + stage.t90) / 2 for stage in found])
    np.testing.assert_allclose(middles, np.sort(places), atol=1e-3)
    np.testing.assert_allclose([stage.t90 - stage.t10 for stage in found], WIDTH / speed, atol=5e-3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_moves_a_stage_by_no_more_than_the_curve_needs_to_climb_through_it(seed):
    clean = staircase(20.0, 45.0, 70.0, speed=2.0)
    noisy = clean + np.random.default_rng(seed).uniform(-0.04, 0.04, clean.shape)
    for one, other in zip(plateaus.stages(TIMES, noisy), plateaus.stages(TIMES, clean), strict=True):
        assert one.component == other.component
        # from .06 to .14, and from .86 to .94, a riser takes log((.14/.86) / (.06/.94)) / speed
        reach = np.log((0.14 / 0.86) / (0.06 / 0.94)) / 2.0 + 0.05
        assert abs(one.t10 - other.t10) < reach and abs(one.t90 - other.t90) < reach


def test_a_riser_that_is_not_there_yet_is_no_stage():
    late = staircase(20.0, 99.0)  # at .73 when the record ends
    assert [stage.component for stage in plateaus.stages(TIMES, late)] == [0]
    assert plateaus.stages(TIMES, np.full((len(TIMES), 3), 0.899)) == []


def test_what_is_learned_at_the_start_comes_first_and_takes_no_time():
    J = np.stack([riser(30.0), np.full(len(TIMES), 0.95)], axis=1)
    first, second = plateaus.stages(TIMES, J)
    assert first == (1, 0.0, 0.0) and second.component == 0


def test_a_riser_that_begins_half_way_up_begins_with_the_record():
    (stage,) = plateaus.stages(TIMES, np.maximum(riser(20.0), 0.6)[:, None])
    assert stage.t10 == 0.0 and abs(stage.t90 - (20 + WIDTH / 2)) < 1e-3


def test_what_is_forgotten_and_learned_again_counts_once_and_the_first_time():
    forgetful = np.where(TIMES < 40, riser(20.0), np.where(TIMES < 60, 1 - riser(50.0, 3.0), riser(75.0)))
    (stage,) = plateaus.stages(TIMES, forgetful[:, None])
    assert abs(stage.t10 - (20 - WIDTH / 2)) < 1e-3 and abs(stage.t90 - (20 + WIDTH / 2)) < 1e-3


def test_a_first_try_that_fails_is_no_part_of_the_riser():
    """Up to .4, down again, and up for good: t10 is the last time that it leaves .1."""
    twice = np.maximum(0.4 * np.exp(-((TIMES - 15) ** 2)), riser(60.0))
    (stage,) = plateaus.stages(TIMES, twice[:, None])
    assert abs(stage.t10 - (60 - WIDTH / 2)) < 1e-3


def test_the_order_is_that_of_one_half_and_not_of_nine_tenths():
    J = np.stack([np.minimum(riser(40.0, 0.4), 1.0), riser(42.0, 5.0)], axis=1)
    slow, fast = plateaus.stages(TIMES, J)
    assert (slow.component, fast.component) == (0, 1) and slow.t90 > fast.t90


def test_components_that_rise_together_stand_in_the_order_of_their_ends_and_then_of_their_numbers():
    J = staircase(40.0, 40.0, 40.0)
    assert [stage.component for stage in plateaus.stages(TIMES, J)] == [0, 1, 2]
    J[:, 0] = riser(40.0, 0.5)  # the same half, a later end
    assert [stage.component for stage in plateaus.stages(TIMES, J)] == [1, 2, 0]


def test_a_riser_between_two_records_is_placed_between_them():
    (stage,) = plateaus.stages([0.0, 10.0, 20.0], [[0.0], [1.0], [1.0]])
    assert stage == (0, 1.0, 9.0)


def test_time_may_stand_still_between_two_records():
    (stage,) = plateaus.stages([0.0, 5.0, 5.0, 6.0], [[0.0], [0.0], [1.0], [1.0]])
    assert stage == (0, 5.0, 5.0)


@given(st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_stages_move_with_their_clock(scale, shift):
    J = staircase(20.0, 60.0)
    moved, here = plateaus.stages(scale * TIMES + shift, J), plateaus.stages(TIMES, J)
    for one, other in zip(moved, here, strict=True):
        np.testing.assert_allclose(
            one[1:], scale * np.array(other[1:]) + shift, rtol=1e-9, atol=1e-9 * (1 + abs(shift))
        )


def test_the_stages_of_a_climb_are_far_apart_in_log_time():
    run = dynamics.climb(Bandit(), [-10.0, -11.0, 0.0])
    first, second = plateaus.stages(run.times, run.components)
    assert (first.component, second.component) == (0, 1)
    assert first.t10 < first.t90 < second.t10 < second.t90 and second.t10 > 1e6 * first.t90


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: plateaus.stages([0, 1.0], [[0.0]]), ValueError, "expected 2 rows as times, found 1"),
        (lambda: plateaus.stages([1, 0.0], [[0.0], [1]]), ValueError, "found a step back"),
        (lambda: plateaus.stages([0, 1.0], [0.0, 1]), ValueError, r"components: expected shape \(T, K\)"),
        (lambda: plateaus.wait_exponent(-1.0, 1), ValueError, "expected more than -1"),
        (lambda: plateaus.wait_exponent(0.2, 1), ValueError, "cosine"),
        (lambda: plateaus.wait_exponent(-0.2, -1), ValueError, "learned"),
        (lambda: plateaus.wait_exponent(-0.2, 1.5), TypeError, "learned"),
    ],
)
def test_bad_input_is_told_what_was_expected(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_exponents_without_interference_are_one_and_grow_with_every_stage_where_there_is_any():
    assert [plateaus.wait_exponent(0.0, m) for m in range(5)] == [1.0] * 5
    for r in (0.01, 0.1, 0.3):
        powers = [plateaus.wait_exponent(-r, m) for m in range(60)]
        assert powers[0] == 1.0
        finite = int((1 / r + 1) / 2)  # the last m with (2 m - 1) r < 1, unless that is 1
        finite -= (2 * finite - 1) * r == 1
        assert (np.diff(powers[: finite + 1]) > 0).all() and np.isinf(powers[finite + 1 :]).all()
