"""S48 to S50, S52: the paper's summary of its figures 1, 2 and 9. Chapters 04 and 05."""

import numpy as np
import pytest
from oracles import logistic, logit
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from trial import trial

from raylab import ensembles, plateaus
from raylab.optimisers import Adam, Plain, RMSProp

SHARED, APART = np.array([[2.0, -1.0], [-1.0, 2.0]]), 2 * np.eye(2)  # inner products of the features
FOUR = {
    "both": (SHARED, lambda J: J * (1 - J)),
    "coupling": (APART, lambda J: J * (1 - J)),
    "interference": (SHARED, lambda J: 1 - J),
    "none": (APART, lambda J: 1 - J),
}


def slowest_places(name, start):
    """J' at each of its inner minima, and the time until both J_k >= 0.9: scipy, in logits, on a fine grid."""
    gram, f = FOUR[name]

    def rate(_, x):
        return gram @ f(logistic(x))

    def learned(_, x):
        return x.min() - logit(0.9)

    learned.terminal = True
    run = solve_ivp(rate, (0, 1e15), logit(start), "LSODA", rtol=1e-9, atol=1e-10, events=learned, dense_output=True)
    t = np.concatenate([np.linspace(a, b, 8, endpoint=False) for a, b in zip(run.t[:-1], run.t[1:], strict=True)])
    J = logistic(run.sol(t)).T
    speed = (J * (1 - J) * (f(J) @ gram)).sum(axis=-1)
    inner = (speed[1:-1] < speed[:-2]) & (speed[1:-1] <= speed[2:])
    return speed[1:-1][inner], run.t[-1]


def angles(runs):
    """Starts at even angles, rescaled to J1 + J2 = 0.2: the law that chapter 05 draws Figure 1 for."""
    angle = (np.arange(runs) + 0.5) / runs * np.pi / 2
    points = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return 0.2 * points / points.sum(axis=-1, keepdims=True)


@pytest.mark.ledger("S48")
@trial(
    correct={"both", "coupling", "interference", "none"},
    printed={"both", "coupling"},  # tabular few, supervised none
    slips={"with both causes only": {"both"}},
)
def test_these_learners_have_plateaus_from_some_start(claim):
    found = {name: [slowest_places(name, start)[0] for start in angles(60)[::4]] for name in FOUR}
    assert {name for name, each in found.items() if any(len(slopes) for slopes in each)} == claim


@pytest.mark.ledger("S48")
@trial(correct={"both"}, slips={"tabular ones too": {"both", "coupling"}, "none at all": set()})
def test_plateaus_slower_than_1e_4_belong_to_these(claim):
    found = {name: np.concatenate([slowest_places(name, start)[0] for start in angles(60)[::4]]) for name in FOUR}
    assert {name for name, slopes in found.items() if (slopes < 1e-4).any()} == claim


@pytest.mark.ledger("S49")
@trial(
    correct=("polygon", "basin", "before half-way"),
    slips={"the polygon is larger": ("basin", "polygon", "before half-way")},
)
def test_of_the_regions_of_figure_2_each_lies_in_the_next(claim):
    epsilon, J = 0.1, np.random.default_rng(3).random((4000, 2))
    J = J[J.sum(axis=-1) < 1]
    ahead = np.sort(J, axis=-1)[:, ::-1]  # (larger, smaller): the picture is its own mirror image
    regions = {
        "polygon": inside(plateaus.polygon(epsilon), ahead),
        "basin": plateaus.in_basin(J, epsilon),
        "before half-way": np.ones(len(J), bool),
    }
    smaller, middle, larger = (regions[name] for name in claim)
    assert 0 < smaller.sum() < middle.sum() < larger.sum()
    assert not (smaller & ~middle).any() and not (middle & ~larger).any()


def inside(corners, points):
    """Which points lie in the polygon: an odd number of its sides lies to the right of them."""
    found = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            across = (points[:, 1] >= min(y1, y2)) & (points[:, 1] < max(y1, y2))
            found ^= across & (points[:, 0] < x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1))
    return found


@pytest.mark.ledger("S50")
@trial(
    correct={"exact": "crosses", "sampled": "gets stuck more often"},
    printed={"exact": "crosses", "sampled": "crosses"},  # one figure for an optimiser, whatever the gradient
    slips={
        "samples make no difference": {"exact": "gets stuck more often", "sampled": "gets stuck more often"},
    },
)
def test_beside_plain_ascent_an_adaptive_optimiser(claim):
    start = ensembles.starts("simplex", 1000, seed=5)
    for kind, said in claim.items():
        plain, rmsprop, adam = (
            ensembles.run(start, 0.1, 20_000, sampled=kind == "sampled", rule=rule, seed=6).censored
            for rule in (Plain(), RMSProp(), Adam())
        )
        error = np.sqrt(2 * 0.25 / 1000)  # of the difference of two shares, at most
        stuck = rmsprop > plain + 3 * error and adam > plain + 3 * error
        assert said == ("gets stuck more often" if stuck else "crosses")
        assert stuck or max(rmsprop, adam) < 0.02 < plain


def rate_of_fall(eta, decay):
    """gamma: 1 - J1 falls like e^(-gamma t) under RMSProp while context 1 alone is rewarded, at every step."""
    left = lambda c: c**2 - 16 * eta**2 * (1 - decay * np.exp(2 * c)) / (1 - decay)
    return brentq(left, 1e-9, -np.log(decay) / 2)


def never_rewarded(start, eta, decay, runs=3000, steps=4000):
    """Share of runs in the corner (0.99, start) in which context 2 gets no reward, by RMSProp on (w1, w2, bias).

    By the symmetry of two actions, W and b of the textbook move as these three numbers and their negatives do:
    x = 2 (w1 + bias), y = 2 (w2 - bias). The memory of v is that of a learner that has been there for a while.
    """
    rng, gamma = np.random.default_rng(11), rate_of_fall(eta, decay)
    own, bias = np.full((2, runs), 0.5) * logit(np.array([0.99, start]))[:, None], np.zeros(runs)
    v_own = np.array([[(4 * eta * 0.01 / gamma) ** 2], [0.0]]) * np.ones((2, runs))
    v_bias, silent = v_own[0].copy(), np.ones(runs, bool)
    for _ in range(steps):
        J = logistic(2 * (own + np.array([bias, -bias])))
        hit = rng.random((2, runs)) < J
        silent &= ~hit[1]
        g = hit * (1 - J)
        pull = g[0] - g[1]
        v_own, v_bias = decay * v_own + (1 - decay) * g**2, decay * v_bias + (1 - decay) * pull**2
        own, bias = own + eta * g / (np.sqrt(v_own) + 1e-300), bias + eta * pull / (np.sqrt(v_bias) + 1e-300)
    return silent.mean()


@pytest.mark.ledger("S50")
@trial(
    correct=lambda p, gamma: np.exp(-2 * p / gamma),
    slips={"it always comes back": lambda p, gamma: 0.0, "half the exponent": lambda p, gamma: np.exp(-p / gamma)},
)
def test_under_sampled_rmsprop_a_context_at_p_is_never_rewarded_again_with_probability(claim):
    for eta, decay, times in ((0.01, 0.99, 1.0), (0.1, 0.99, 0.5), (0.01, 0.9, 2.0)):
        gamma = rate_of_fall(eta, decay)
        p = times * gamma / 2
        error = np.sqrt(0.25 / 3000)
        assert abs(never_rewarded(p, eta, decay) - claim(p, gamma)) < 4 * error


@pytest.mark.ledger("S52")
@trial(
    correct={"both": 3, "coupling": 1, "interference": 0, "none": 0},
    printed={"both": 3, "coupling": 0, "interference": 0, "none": 0},
    slips={"each cause costs the same": {"both": 2, "coupling": 1, "interference": 1, "none": 0}},
)
def test_a_start_that_is_ten_times_lower_waits_this_power_of_ten_as_long(claim):
    longer = {
        "interference": np.log(10),
        "none": np.log(10) / 2,
    }  # in units of time: no power, and both end points move
    for name, power in claim.items():
        waits = [slowest_places(name, np.array([0.01, 1e-4]) * scale)[1] for scale in (1.0, 0.1)]
        # the laws are those of low starts; the larger J, 0.01 at first, is the size of what they leave out
        if power:
            assert abs(np.log10(waits[1] / waits[0]) - power) < 0.02
        else:
            assert abs(waits[1] - waits[0] - longer.get(name, 0.0)) < 0.02
