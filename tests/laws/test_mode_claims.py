"""N20, N21: half-times from the initial weights, and one mode out of balance. Chapter 08."""

from functools import cache

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq
from trial import trial

from raylab import dynamics, plateaus
from raylab.symbolic import deep_linear as exact
from raylab.systems.deep_linear import DeepLinear, half_time, small

S, U, U0, T, TAU, IMBALANCE = exact.S, exact.U, exact.U0, exact.T, exact.TAU, exact.IMBALANCE


def turned(n, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]


def target(strengths, outs=None, ins=None):
    """A map with these strengths, whose modes lie anyhow; square and of full rank if no sizes are given."""
    r = len(strengths)
    return (turned(outs or r, 1)[:, :r] * strengths) @ turned(ins or r, 2)[:, :r].T


# N21: one mode out of balance


def unbalanced(q, learner):
    """The first layer reads every mode with the weight sqrt(q_a), the second writes nothing: all strengths are 0."""
    into = np.eye(learner.widths[0], len(q)) * np.sqrt(q)
    return learner.parameters([into @ learner.right.T, np.zeros(learner.shapes[1])])


def bends_of_one_mode():
    """(w'', J'' / (s - w)^2) of two weights along the network's own flow, in q and the strength w; inputs white."""
    white = {exact.correlation((1, 1))[0]: S, exact.covariance((1, 1))[0]: 1}
    a, b = (W[0] for W in exact.layers((1, 1, 1)))
    flow = lambda quantity: exact.along_flow(quantity, (1, 1, 1)).subs(white)
    bends = flow(flow(a * b)) / (S - a * b), flow(flow(exact.mode_performance().subs(U, a * b))) / (S - a * b) ** 2
    here = {
        b: U / a,
        a: sp.sqrt((IMBALANCE + sp.sqrt(IMBALANCE**2 + 4 * U**2)) / 2),
    }  # a^2 - b^2 = q and a b = w
    return [sp.expand(sp.simplify(sp.cancel(bend).subs(b, here[b]).subs(a, here[a]))) for bend in bends]


@pytest.mark.ledger("N21")
@trial(
    correct=S / sp.sqrt(6),
    slips={
        "where the strength's own inflection goes": S / sp.sqrt(2),
        "a 4 forgotten": S / (2 * sp.sqrt(6)),
        "one factor s - w forgotten": S / sp.sqrt(8),
        "any imbalance": sp.Integer(0),
        "as much as is learned": S,
    },
)
def test_the_least_imbalance_from_which_the_slope_of_the_learning_curve_falls_at_every_strength_is(claim):
    bend = bends_of_one_mode()[1]
    (top,) = sp.solve(sp.diff(bend, U), U)
    assert sp.diff(bend, U, 2) < 0  # over all strengths, negative ones and those above s too, it is largest there
    assert 0 < top / S < 1  # so that a smaller imbalance has a slope that rises on the way
    assert sp.simplify(bend.subs(U, top).subs(IMBALANCE, claim)) == 0


@pytest.mark.ledger("N21")
@trial(correct=S / sp.sqrt(2), slips={"with the learning curve's": S / sp.sqrt(6), "never": sp.Integer(0)})
def test_the_least_imbalance_from_which_the_strength_itself_never_speeds_up_is(claim):
    bend = bends_of_one_mode()[0]
    (top,) = sp.solve(sp.diff(bend, U), U)
    assert sp.diff(bend, U, 2) < 0 and 0 < top / S < 1
    assert sp.simplify(bend.subs(U, top).subs(IMBALANCE, claim)) == 0


@pytest.mark.ledger("N21")
@trial(correct=S / sp.sqrt(6), slips={"s / sqrt 2": S / sp.sqrt(2), "s / sqrt 8": S / sp.sqrt(8)})
def test_from_nothing_learned_one_mode_has_a_plateau_just_below_this_imbalance_and_none_just_above(claim):
    """3 per cent below and above; the plateau lies where J' is least by the exact law."""
    learner, border = DeepLinear(np.array([[3.0]]), (1,)), float(claim.subs(S, 3))
    for share, wanted in ((0.97, 1), (1.03, 0)):
        q = share * border
        run = dynamics.flow(learner, unbalanced([q], learner), np.linspace(0, 3, 3001), rtol=1e-12, atol=1e-14)
        found = plateaus.find(run, depth=1e-5)
        assert len(found) == wanted
        for plateau in found:
            least = float(exact.turns()[0].subs({S: 3, IMBALANCE: q}))
            assert plateau.components[0] == pytest.approx(least * (3 - least / 2), rel=1e-3)


@pytest.mark.ledger("N21")
@trial(
    correct=exact.turns()[0],
    slips={"the place of the largest slope": exact.turns()[1], "s/6": S / 6, "none but 0": sp.Integer(0)},
)
def test_below_that_imbalance_a_start_has_a_plateau_if_it_has_less_strength_than(claim):
    learner, q = DeepLinear(np.array([[3.0]]), (1,)), 0.7
    border = float(claim.subs({S: 3, IMBALANCE: q}))
    for start, wanted in ((-1.0, 1), (border - 0.02, 1), (border + 0.02, 0)):
        second = np.sqrt((np.sqrt(q**2 + 4 * start**2) - q) / 2)
        theta = np.array([np.sqrt(q + second**2), np.copysign(second, start)])
        assert learner.strengths(theta)[0] == pytest.approx(start)
        run = dynamics.flow(learner, theta, np.linspace(0, 3, 6001), rtol=1e-12, atol=1e-14)
        assert len(plateaus.find(run, depth=0.0)) == wanted


@pytest.mark.ledger("N21")
@trial(correct=1 / sp.sqrt(6), slips={"a hundredth": sp.Rational(1, 100), "a twentieth": sp.Rational(1, 20)})
def test_if_every_aligned_mode_is_out_of_balance_by_this_part_of_its_strength_the_stairs_are_gone(claim):
    learner = DeepLinear(target((4.0, 2.0, 1.0, 0.5)), (4,))
    q = 1.01 * float(claim) * learner.singular
    run = dynamics.flow(learner, unbalanced(q, learner), np.linspace(0, 12, 6001), rtol=1e-12, atol=1e-14)
    assert plateaus.find(run, depth=1e-5) == []


@pytest.mark.ledger("N21")
@trial(
    correct=exact.unbalanced_half_time(),
    slips={
        "only the logarithm of small imbalances": TAU * sp.log(4 * S / IMBALANCE) / (2 * S),
        "the balanced law from q": exact.half_time().subs(U0, IMBALANCE),
        "none from s / sqrt 6 on": sp.Piecewise((exact.unbalanced_half_time(), S / sp.sqrt(6) > IMBALANCE), (0, True)),
    },
)
def test_from_nothing_learned_to_one_half_it_takes_on_both_sides_of_the_border(claim):
    learner = DeepLinear(np.array([[3.0]]), (1,))
    for q in (1e-4, 0.1, 0.99 * 3 / 6**0.5, 1.01 * 3 / 6**0.5, 9.0):
        told = float(claim.subs({S: 3, IMBALANCE: q, TAU: 1}))
        looks = np.array([0, told]) if told > 0 else np.array([0, 1e-3])
        run = dynamics.flow(learner, unbalanced([q], learner), looks, rtol=1e-12, atol=1e-14)
        assert learner.strengths(run.parameters)[-1, 0] == pytest.approx(1.5, rel=1e-8)


@pytest.mark.ledger("N21")
@trial(correct=4, slips={"as a balanced start would": 1, "half": 2})
def test_the_wait_of_a_slightly_unbalanced_mode_with_nothing_learned_is_that_logarithm_with_this_multiple(claim):
    rest = 2 * S * exact.unbalanced_half_time() / TAU - sp.log(claim * S / IMBALANCE)
    assert abs(sp.N(rest.subs({S: 3, IMBALANCE: sp.Rational(1, 10**12)}), 30)) < 1e-10


# N20: half-times from the initial weights


def seed_vectors(learner, theta):
    W1, W2 = learner.layers(theta)
    return (W1 @ learner.right + W2.T @ learner.left) / 2


def one_by_one(seeds, s):
    """Half-times if each seed keeps what is orthogonal to those before it."""
    return half_time(s, np.diagonal(np.linalg.qr(seeds)[1]) ** 2)


def as_if_alone(seeds, s):
    return half_time(s, (seeds**2).sum(axis=0))


def all_at_once(seeds, s):
    """Half-times by the diagonal of e^St (Q0^-1 + D)^-1 e^St = e^2St D^-1 (1 - (1 + h Q0 h)^-1), h^2 = D, (r,)."""

    def short(t, a):
        D = np.expm1(2 * s * t) / s
        h = np.sqrt(D)
        seen = np.linalg.inv(np.eye(len(s)) + h[:, None] * (seeds.T @ seeds) * h)
        return np.exp(2 * s[a] * t) / D[a] * (1 - seen[a, a]) - s[a] / 2

    near = one_by_one(seeds, s)
    return np.array([brentq(short, 0.5 * t, 1.5 * t, (a,), 1e-13) for a, t in enumerate(near)])


def arrivals(learner, theta, near):
    """When each of the first modes is half learned, within a tenth of `near`; log odds are nearly straight there."""
    times = np.unique(np.concatenate([[0.0], *(t * np.linspace(0.9, 1.1, 201) for t in near)]))
    w = learner.strengths(dynamics.flow(learner, theta, times, rtol=1e-10, atol=1e-15).parameters)
    s, found = learner.singular, []
    for a in range(len(near)):
        k = int(np.argmax(w[:, a] > s[a] / 2))
        around = w[k - 1 : k + 1, a]
        found.append(np.interp(0.0, np.log(around / (s[a] - around)), times[k - 1 : k + 1]))
    return np.array(found)


@cache
def missed(strengths, scale, sizes=()):
    """Of six Gaussian draws: 2 s (told - measured), the logarithm of by how much a start was misjudged.

    (three predictions, draws, modes): as if alone, one by one, all at once; then the logarithm of how much of the
    squared seed was taken, (draws, modes).
    """
    s = np.array(strengths)
    learner = DeepLinear(target(strengths, *sizes), (6,))
    errors, taken = [], []
    for draw in range(6):
        theta = small(learner, scale, np.random.default_rng(draw))
        seeds = seed_vectors(learner, theta)
        told = [law(seeds, s) for law in (as_if_alone, one_by_one, all_at_once)]
        errors.append(2 * s * (np.array(told) - arrivals(learner, theta, told[2])))
        taken.append(np.log((seeds**2).sum(axis=0) / np.diagonal(np.linalg.qr(seeds)[1]) ** 2))
    return np.moveaxis(np.array(errors), 1, 0), np.array(taken)


def power_of_start(strengths, which, scales=(1e-3, 1e-4)):
    """With which power of the start's strength, scale^2, the error of each mode falls: the median of the draws."""
    high, low = (np.abs(missed(strengths, scale)[0][which]) for scale in scales)
    return np.median(np.log(high / low), axis=0) / np.log((scales[0] / scales[1]) ** 2)


def mirrored_run(beyond=0.0):
    """(learner, the seeds of its two modes, a run with W_1 v_a = W_2^T u_a at the start).

    beyond: the size of the weights that read the two inputs of no mode.
    """
    learner, rng = DeepLinear(target((3.0, 2.0), 2, 4), (4,)), np.random.default_rng(0)
    into, rest = 0.1 * rng.normal(size=(4, 2)), beyond * rng.normal(size=(4, 4))
    into[:, 1] += into[:, 0]
    read = into @ learner.right.T + rest @ (np.eye(4) - learner.right @ learner.right.T)
    start = learner.parameters([read, learner.left @ into.T])
    return learner, into, dynamics.flow(learner, start, np.linspace(0, 4, 9), rtol=1e-12, atol=1e-14)


def assert_grow_like(claim, learner, into, run):
    values = {sp.Symbol(f"s{a + 1}", positive=True): s for a, s in enumerate(learner.singular)} | {TAU: 1}
    values |= dict(zip(exact.seed_products(2), (into.T @ into).ravel(), strict=True))
    law = sp.lambdify(T, list(claim.subs(values).diagonal()))
    np.testing.assert_allclose(learner.strengths(run.parameters), [law(t) for t in run.times], rtol=1e-8)


@pytest.mark.ledger("N20")
@trial(
    correct=exact.mirrored(2),
    slips={
        "half as fast": exact.mirrored(2).subs(TAU, 2 * TAU),
        "each mode alone": exact.mirrored(2).subs(exact.seed_products(2)[0, 1], 0),
    },
)
def test_modes_that_are_read_in_where_they_are_written_out_grow_together_like_the_diagonal_of(claim):
    assert_grow_like(claim, *mirrored_run())


@pytest.mark.ledger("N20")
@trial(correct=0.0, slips={"any": 0.1})
def test_for_that_the_inputs_of_no_mode_are_read_with_weights_of_the_size(claim):
    assert_grow_like(exact.mirrored(2), *mirrored_run(claim))


@pytest.mark.ledger("N20")
@trial(
    correct=exact.left_over(2),
    slips={
        "as if alone": exact.seed_products(3)[1, 1],
        "weaker ones first": sp.factor(exact.seed_products(3)[1:, 1:].det() / exact.seed_products(3)[2, 2]),
        "all others first": sp.factor(
            exact.seed_products(3).det() / exact.seed_products(3).extract([0, 2], [0, 2]).det()
        ),
    },
)
def test_with_the_stronger_ones_learned_and_the_weaker_ones_low_the_second_of_three_grows_alone_from(claim):
    """In the exact law D_a = (e^(2 s_a t) - 1) / s_a: infinite for the mode before, 0 for the one after."""
    Q0, D1, D3 = exact.seed_products(3), sp.Symbol("D1"), sp.Symbol("D3")
    D2 = (sp.exp(2 * S * T / TAU) - 1) / S
    D = sp.Symbol("D")
    seen = sp.cancel((Q0 * (sp.eye(3) + sp.diag(D1, D, D3) * Q0).inv())[1, 1])
    strength = sp.exp(2 * S * T / TAU) * sp.limit(seen.subs(D3, 0), D1, sp.oo).subs(D, D2)
    assert sp.simplify(strength - exact.mode().subs(U0, claim)) == 0


SLIPS_OF_POWERS = {
    "one power for all": lambda before, s, after: 1,
    "the modes before it alone": lambda before, s, after: min(before / s - 1, 1),
    "the modes after it alone": lambda before, s, after: min(1 - after / s, 1),
    "a power of the scale": lambda before, s, after: 2 * min(1 - after / s, before / s - 1, 1),
    "it does not fall": lambda before, s, after: 0,
}


def powers(claim, strengths):
    around = (np.inf, *strengths, -np.inf)
    return [claim(*around[a : a + 3]) for a in range(len(strengths))]


def misjudged(strengths, start):
    """By the exact law, four times what is missing of 1/2 in w / s when the seeds one by one say that it is there.

    About 2 s (told - true). In 120 digits, for one set of seeds with squares around `start`.
    """
    products = start * sp.Matrix(np.random.default_rng(1).integers(-9, 10, (6, 3)))
    products = (products.T * products / start).applyfunc(lambda x: sp.N(x, 120))
    found = []
    for a, s in enumerate(strengths):
        kept = zip(exact.seed_products(a + 1), products[: a + 1, : a + 1], strict=True)
        left = exact.left_over(a + 1).subs(dict(kept))
        e = s / left - 1  # e^(2 s t) at the half-time of a balanced mode that starts from what is left
        D = sp.diag(*((e ** sp.Rational(c, s) - 1) / c for c in strengths))
        w = e * (products * (sp.eye(3) + D * products).inv())[a, a]
        found.append(abs(4 * (w / s - sp.Rational(1, 2))))
    return found


@pytest.mark.ledger("N20")
@trial(
    correct=lambda before, s, after: min(1 - after / s, before / s - 1),
    slips=SLIPS_OF_POWERS | {"never above one": lambda before, s, after: min(1 - after / s, before / s - 1, 1)},
)
def test_in_the_exact_law_modes_taken_one_by_one_misjudge_a_low_start_by_this_power_of_it(claim):
    for strengths in ((4, 3, 2), (6, 5, 2)):
        high, low = (misjudged(strengths, sp.Rational(1, 10**digits)) for digits in (30, 40))
        found = [float(sp.log(x / y, 10)) / 10 for x, y in zip(high, low, strict=True)]
        np.testing.assert_allclose(found, powers(claim, strengths), rtol=0, atol=1e-3)


@pytest.mark.ledger("N20")
@trial(
    correct=lambda before, s, after: min(1 - after / s, before / s - 1, 1),
    slips=SLIPS_OF_POWERS | {"as in the exact law": lambda before, s, after: min(1 - after / s, before / s - 1)},
)
def test_from_small_random_starts_modes_taken_one_by_one_misjudge_a_start_by_this_power_of_it(claim):
    for strengths in ((4.0, 2.6, 0.6), (4.0, 3.0, 2.5)):
        np.testing.assert_allclose(power_of_start(strengths, 1), powers(claim, strengths), rtol=0, atol=0.05)


@pytest.mark.ledger("N20")
@trial(correct=lambda taken: taken, slips={"nothing": np.zeros_like, "half of it": lambda taken: taken / 2})
def test_each_as_if_alone_comes_too_early_by_a_time_that_lower_starts_leave_2s_times_which_is(claim):
    for scale in (1e-3, 1e-4):
        errors, taken = missed((4.0, 2.0, 1.0), scale)
        assert taken[:, 1:].max() > 0.5
        np.testing.assert_allclose(-errors[0], claim(taken), rtol=0, atol=0.01)


@pytest.mark.ledger("N20")
@trial(correct=1, slips={"the smallest gap": 1 / 6, "it does not fall": 0})
def test_all_seeds_at_once_misjudge_a_start_by_this_power_of_it_for_far_near_and_equal_strengths(claim):
    for strengths in ((4.0, 2.0, 1.0), (4.0, 3.0, 2.5), (2.0, 2.0, 1.0)):
        found = power_of_start(strengths, 2, (1e-2, 1e-3))
        np.testing.assert_allclose(found, claim, rtol=0, atol=0.05)


@pytest.mark.ledger("N20")
@trial(
    correct=lambda u0: np.log(1 / u0),
    slips={"its square": lambda u0: np.log(1 / u0) ** 2, "a root": lambda u0: u0**-0.25},
)
def test_where_the_target_is_not_square_or_lacks_rank_that_share_has_a_factor_that_grows_like(claim):
    scales = np.array([1e-2, 1e-3, 1e-4])

    def shares(*sizes):
        """Of the start's strength, the worst mode, (scales,)."""
        found = [np.abs(missed((4.0, 2.0, 1.0), scale, sizes)[0][2]).max(axis=-1).mean() for scale in scales]
        return np.array(found) / scales**2

    assert np.ptp(shares(3, 3)) < 0.05 * shares(3, 3)[0]
    wanted = np.diff(claim(scales**2))
    for sizes in ((4, 5), (4, 4), (5, 3)):
        grown = np.diff(shares(*sizes))
        assert grown[0] > 0.3 * shares(*sizes)[0]
        assert grown[1] / grown[0] == pytest.approx(wanted[1] / wanted[0], rel=0.03)


@pytest.mark.ledger("N20")
@trial(correct=[False, True], slips={"both": [True, True], "neither": [False, False]})
def test_of_equal_strengths_lower_starts_mend_what_is_told_one_by_one_and_all_at_once(claim):
    equal = slice(0, 2)
    for which, mended in zip((1, 2), claim, strict=True):
        high, low = (np.abs(missed((2.0, 2.0, 1.0), scale)[0][which][:, equal]).max(axis=0) for scale in (1e-2, 1e-3))
        assert ((low < high / 20) == mended).all()
        assert mended or (low > 0.1).all()


@pytest.mark.ledger("N20")
@trial(correct=2, slips={"one": 1, "all three": 3})
def test_of_three_modes_two_hidden_units_learn_these_on_time_and_never_more(claim):
    s = np.array([4.0, 2.0, 1.0])
    learner = DeepLinear(target(s), (2,))
    tops, late = [], []
    for scale in (1e-2, 1e-3):
        theta = small(learner, scale, np.random.default_rng(0))
        w = learner.strengths(
            dynamics.flow(learner, theta, np.linspace(0, 60, 6001), rtol=1e-10, atol=1e-15).parameters
        )
        assert (w[-1] > 0.99 * s).tolist() == [True] * claim + [False] * (3 - claim)
        tops.append(w[:, claim:].max())
        near = one_by_one(seed_vectors(learner, theta)[:, :claim], s[:claim])
        late.append(np.abs(2 * s[:claim] * (arrivals(learner, theta, near) - near)).max())
    assert late[1] < late[0] / 5 and tops[1] < tops[0] / 5 < 0.01
