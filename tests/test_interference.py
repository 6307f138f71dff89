"""Interference is an angle between rows: what must hold for any gradients whatever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylab import interference

SEEDS = st.integers(0, 2**32 - 1)


def rows(seed, batch=(), K=3, d=5):
    return np.random.default_rng(seed).normal(size=(*batch, K, d))


@given(SEEDS)
def test_cosine_is_what_the_definition_says(seed):
    G = rows(seed)
    for i in range(3):
        for j in range(3):
            by_hand = sum(G[i] * G[j]) / (sum(G[i] ** 2) ** 0.5 * sum(G[j] ** 2) ** 0.5)
            assert abs(interference.cosine(G)[i, j] - by_hand) < 1e-14


@given(SEEDS, st.floats(-250, 250))
def test_cosine_does_not_depend_on_lengths(seed, power):
    G = rows(seed)
    scaled = G * np.array([[1.0], [10.0**power], [3.0]])
    np.testing.assert_allclose(interference.cosine(scaled), interference.cosine(G), atol=1e-13)


@given(SEEDS)
def test_a_rotation_of_all_parameters_changes_no_pairing(seed):
    G = rows(seed)
    Q = np.linalg.qr(rows(seed + 1, K=5))[0]
    np.testing.assert_allclose(interference.cosine(G @ Q), interference.cosine(G), atol=1e-13)
    np.testing.assert_allclose(interference.inner(G @ Q), interference.inner(G), atol=1e-12)


def test_a_component_without_gradient_pulls_on_nobody():
    found = interference.cosine([[0.0, 0.0], [1.0, 2.0], [-1.0, -2.0]])
    np.testing.assert_allclose(found, [[0, 0, 0], [0, 1, -1], [0, -1, 1]], atol=1e-15)
    assert np.array_equal(found[0], [0, 0, 0])


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e200, 1e300, 5e-324])
def test_rows_of_any_length_that_float64_can_hold_count(scale):
    np.testing.assert_allclose(interference.cosine([[scale, 0.0], [-1.0, 0.0]]), [[1, -1], [-1, 1]])


def test_the_bound_holds_to_the_last_digit():
    G = np.random.default_rng(3).normal(size=(2000, 2, 3))
    G[:, 1] = -G[:, 0] * 7.3
    found = interference.cosine(G)
    assert found.min() >= -1 and found.max() <= 1


@pytest.mark.parametrize("f", [interference.cosine, interference.inner])
def test_a_batch_equals_its_loop(f):
    G = rows(0, (4, 2))
    each = np.array([[f(G[i, j]) for j in range(2)] for i in range(4)])
    np.testing.assert_allclose(f(G), each, rtol=1e-14, atol=1e-15)


def test_inner_keeps_the_lengths_that_cosine_forgets():
    G = rows(1)
    assert np.allclose(interference.inner(2 * G), 4 * interference.inner(G))
    lengths = np.linalg.norm(G, axis=1)
    np.testing.assert_allclose(interference.inner(G), interference.cosine(G) * np.outer(lengths, lengths), rtol=1e-12)


def test_an_overflow_is_said_and_not_returned():
    with pytest.raises(ValueError, match="overflow"):
        interference.inner([[1e200, 0.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="overflow"):
        interference.rates([[1e200, -1e200]], [1e200, 1e200])


def test_blocks_add_up_to_the_whole():
    G = rows(2)
    parts = interference.inner_by_block(G, {"first": slice(0, 2), "rest": slice(2, 5)})
    np.testing.assert_allclose(parts["first"] + parts["rest"], interference.inner(G), rtol=1e-13)
    assert not np.allclose(parts["first"], interference.inner(G))


def test_rates_are_the_directional_derivatives():
    G, step = rows(4), np.random.default_rng(5).normal(size=5)
    np.testing.assert_allclose(interference.rates(G, step), [sum(g * step) for g in G], rtol=1e-13)


@pytest.mark.parametrize(
    ("rates", "wins"),
    [
        ([1.0, -1.0, -1.0], True),
        ([1.0, 0.0, -1.0], True),
        ([1e-300, -1.0], True),
        ([1.0, 1e-300, -1.0], False),
        ([0.0, 0.0], False),
        ([-1.0, -2.0, -3.0], False),
        ([2.0], True),
    ],
)
def test_one_winner_and_nobody_else_improves(rates, wins):
    assert interference.winner_takes_all(rates) == wins


def test_winners_are_found_along_the_last_axis():
    found = interference.winner_takes_all([[1.0, -1.0, -1.0], [1.0, 1.0, -1.0]])
    assert found.shape == (2,) and found.tolist() == [True, False]


@pytest.mark.parametrize("kind", [int, np.int64])
def test_blocks_may_be_counted_in_numpy_integers_and_from_the_end(kind):
    G = rows(2)
    parts = interference.inner_by_block(G, {"first": slice(kind(0), kind(2)), "last": slice(kind(-3), None)})
    np.testing.assert_allclose(parts["first"] + parts["last"], interference.inner(G), rtol=1e-13)


@pytest.mark.parametrize(
    ("slices", "error"),
    [
        ({}, ValueError),
        ({"W": slice(0, 6)}, ValueError),
        ({"W": slice(2, 2)}, ValueError),
        ({"W": slice("a", None)}, TypeError),
        ({"W": slice(0, 1.5)}, TypeError),
        ({"W": 3}, TypeError),
        ([slice(0, 2)], TypeError),
    ],
)
def test_blocks_that_are_none_are_refused(slices, error):
    with pytest.raises(error, match=r"slices: expected .*, found"):
        interference.inner_by_block(rows(2), slices)
