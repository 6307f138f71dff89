"""S41: bandit policies that are deeper or wider networks. Chapter 08.

All begin at the same policies, put into their last layer, and time runs in units in which all move their logits as
fast at the start. Small, by the exact flow, and on the committed table.
"""

from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize
from trial import trial
from walks import log_arrivals

pytest.importorskip("torch", reason="the networks of raylab.nets are torch's")

import networks

from raylab import nets, plateaus, tables

LINEAR = 1 / 2  # the kernel between two contexts over that within one: the bias is shared, the weights are not
ONE_WIDE_LAYER = {"he": 1 / np.pi, "torch": 3 / 5}  # E relu relu' / E relu^2, of normal and of uniform weights
NETWORKS = [(), (16,), (64,), (16, 16), (64, 64), (16, 16, 16), (64, 64, 64)]


def power(overlap):
    """Of 1/p in the second wait of two contexts of two actions, by their cosine -overlap.  [ledger N10]"""
    return (1 + overlap) / (1 - overlap)


@cache
def ensemble(init, widths, runs=10):
    """(share with a dip to a tenth, share in which one improves alone at some time, median of the lowest cosine)."""
    policy = nets.Policy(2, 2, widths)
    found = {(name, index): rest for name, index, *rest in networks.summary(policy, start(policy, init, runs))}
    return found["plateaus", 0.1][-1], found["winner", 0][-1], found["cosine", 2][1]


def start(policy, init, runs):
    return networks.placed(policy, init, "simplex", runs)


@cache
def four_contexts(widths, runs=8):
    """Runs from the same policies with torch's default, until all are learned or time is 1e160."""
    policy = nets.Policy(4, 4, widths)
    return networks.followed(policy, start(policy, "torch", runs), 1e160)


def least(run, moment):
    """J_k t of the context that is furthest behind when t is 10^moment, or at the end of the run if that is before."""
    i = min(int(np.searchsorted(run.times, 10.0**moment)), len(run.times) - 1)
    return run.components[i].min() * run.times[i]


def of_table(quantity, index, column="q50", **kept):
    """One entry of the table for each init, depth and width: (init, depth, width) -> number."""
    table = tables.load("mlp")
    rows = np.array([name == quantity for name in table["quantity"]]) & (table["index"] == index)
    for name, value in kept.items():
        rows &= np.array(table[name]) == value
    keys = zip(*(np.array(table[name])[rows].tolist() for name in ("init", "depth", "width")), strict=True)
    return dict(zip(keys, table[column][rows], strict=True))


def groups(found):
    """The three kinds of a quantity: linear alone, and the medians over networks of each init."""
    kinds = {kind: [v for (init, _, _), v in found.items() if init == kind] for kind in ("any", "he", "torch")}
    return {kind: float(np.median(values)) for kind, values in kinds.items()}


# In kind: two contexts


@pytest.mark.ledger("S41")
@trial(
    correct=set(NETWORKS),
    slips={"the linear policy alone": {()}, "none that is deep": {(), (16,), (64,)}},
)
def test_with_two_contexts_from_a_tenth_each_these_networks_interfere_take_all_and_meet_plateaus(claim):
    for init in nets.INITS:
        found = {widths: ensemble(init, widths) for widths in NETWORKS}
        seen = {w for w, (dips, alone, cosine) in found.items() if dips > 0.2 and alone > 0.5 and cosine < -0.1}
        assert seen == claim
    small = dict(contexts=2.0, law="simplex")
    shares = of_table("plateaus", 0.1, "share", **small), of_table("winner", 0.0, "share", **small)
    assert len(shares[0]) == 13 and min(shares[0].values()) > 0.3 and min(shares[1].values()) > 0.6
    assert max(of_table("cosine", 2.0, "q90", **small).values()) < -0.1


@pytest.mark.ledger("S41")
@trial(correct="low", slips={"from a tenth each": "simplex"})
def test_from_these_starts_some_of_two_contexts_are_below_1_over_t_at_1e60(claim):
    found = of_table("below", 60, "share", contexts=2.0, law=claim)
    assert found["torch", 3.0, 16.0] > 0.1 and found["any", 0.0, 0.0] == 0


# In degree: the overlap, which the initialisation sets


@pytest.mark.ledger("S41")
@trial(
    correct=ONE_WIDE_LAYER,
    printed=dict.fromkeys(nets.INITS, LINEAR),
    slips={
        "exchanged": dict(zip(nets.INITS, reversed(ONE_WIDE_LAYER.values()), strict=True)),
        "normal weights and biases by torch": ONE_WIDE_LAYER | {"torch": 1 / 3 + np.sqrt(3) / (2 * np.pi)},
    },
)
def test_the_kernel_between_contexts_over_that_within_one_tends_to_this_in_one_wide_layer(claim):
    for init, overlap in claim.items():
        policy = nets.Policy(2, 2, (16384,))
        _, found = networks.pace(policy, policy.draw(20, np.random.default_rng(0), init))
        assert abs(found.mean() - overlap) < 0.004  # three standard errors


@pytest.mark.ledger("S41")
@trial(
    correct=power,
    printed=lambda overlap: power(LINEAR),  # 3, as in the linear policy
    slips={"as for one component": lambda overlap: 1.0, "the overlap is forgotten": lambda overlap: power(0)},
)
def test_the_second_wait_grows_as_the_start_gets_lower_to_this_power_in_one_very_wide_layer(claim):
    for init in nets.INITS:
        middle = medians_of_powers(init, 4096)
        assert middle["power", 1] == pytest.approx(1, abs=0.02)
        # the overlap of four such networks is right to .008, which its power multiplies by up to 2 / (1 - 3/5)^2
        assert middle["power", 2] == pytest.approx(claim(ONE_WIDE_LAYER[init]), rel=0.06)


@pytest.mark.ledger("S41")
@trial(correct=256, slips={"in very wide ones too": 4096})
def test_in_narrower_layers_the_kernel_moves_while_they_wait_and_the_power_is_another(claim):
    middle = medians_of_powers("torch", claim)
    assert middle["power", 2] > 1.3 * power(middle["overlap", 0])


@cache
def medians_of_powers(init, width):
    rows = networks.powers(nets.Policy(2, 2, (width,)), init, 4)
    return {(name, index): q50 for _, name, index, _, q50, *_ in rows}


@pytest.mark.ledger("S41")
@trial(
    correct=["he", "any", "torch"],
    slips={"the linear policy interferes most": ["he", "torch", "any"], "least": ["any", "he", "torch"]},
)
def test_overlap_and_lowest_cosine_and_very_flat_plateaus_grow_in_this_order(claim):
    small = dict(contexts=2.0, law="simplex")
    deepest = {network: -cosine for network, cosine in of_table("cosine", 2.0, **small).items()}
    for found in (of_table("overlap", 0.0, **small), deepest, of_table("flat", 1e-4, "share", **small)):
        kinds = groups(found)
        assert sorted(kinds, key=kinds.__getitem__) == claim
        he = [value for (init, _, _), value in found.items() if init == "he"]
        assert max(he) < kinds["any"]


# What two contexts do not show: waits beyond all bounds


@pytest.mark.ledger("S41")
@trial(correct=lambda r, m: r / (1 - r + m * r), slips={"it grows with m": lambda r, m: m * r, "r": lambda r, m: r})
def test_with_a_fixed_kernel_alike_for_all_a_waiting_context_sinks_by_this_share_of_what_the_learned_ones_rise(claim):
    """Least weights with all margins 1, own ones scaled by root 1 - r, the shared bias by root r; below 1: no trap."""
    for n, m, r in ((2, 1, 0.3), (4, 1, 0.74), (4, 3, 0.5), (5, 2, 0.74), (6, 3, 0.9)):
        pairs = [(k, a) for k in range(m) for a in range(n) if a != k]
        way = np.zeros((len(pairs), n, m + 1))
        for row, (k, a) in zip(way, pairs, strict=True):
            row[k, k] = row[k, m] = 1
            row[a, k] = row[a, m] = -1
        way[..., :m] *= np.sqrt(1 - r)
        way[..., m] *= np.sqrt(r)
        A = way.reshape(len(pairs), -1)
        G = A @ A.T
        dual = minimize(
            lambda x, G=G: x @ G @ x / 2 - x.sum(),
            np.ones(len(A)),
            jac=lambda x, G=G: G @ x - 1,
            bounds=[(0, None)] * len(A),
            options={"ftol": 1e-15, "gtol": 1e-10},
        )
        b = np.sqrt(r) * (A.T @ dual.x).reshape(n, m + 1)[:, m]
        assert b[0] - b[-1] == pytest.approx(claim(r, m), rel=1e-4) and claim(r, m) < 1


@pytest.mark.ledger("S41", "N11")
@trial(
    correct=lambda own, between: between > own,
    slips={"never, as where all are alike": lambda own, between: False, "always": lambda own, between: True},
)
def test_with_a_fixed_kernel_a_learned_context_of_two_holds_the_other_below_1_over_t_for_ever_if(claim):
    """own, between: its kernel with itself and with the other. For ever it sinks by their ratio of log t."""
    for own, between, other in ((1.0, 1.2, 2.0), (2.0, 1.2, 1.0), (1.0, 0.85, 1.0), (1.0, 2.5, 9.0)):
        gram = np.array([[own, -between], [-between, other]])
        stays = bool(np.isinf(log_arrivals([20.0, -60.0], gram)[1]))
        assert stays == claim(own, between) == ((0,) in plateaus.traps(gram))
        if stays:
            x = solve_ivp(lambda s, x, G=gram: np.exp(s) * G @ slope(x), (0, 60), [2.0, -9.0], "LSODA", rtol=1e-9).y
            sunk, risen = np.diff(x[:, [len(x[0]) // 2, -1]])[::-1, 0]
            assert sunk / risen == pytest.approx(-between / own, rel=1e-3)


def slope(x):
    """J (1 - J) of logits."""
    return np.exp(-np.logaddexp(0, x) - np.logaddexp(0, -x))


@pytest.mark.ledger("S41")
@trial(correct=True, printed=False)
def test_with_four_contexts_narrow_deep_networks_push_some_far_below_1_over_t_and_linear_ones_none(claim):
    deep, linear = (np.array([least(run, 60) for run in four_contexts(widths)]) for widths in ((16, 16, 16), ()))
    assert linear.min() > 1
    assert ((deep < 1e-10).sum() > 2) == claim
    shares = of_table("below", 60, "share", contexts=4.0, law="simplex")
    assert max(share for (_, depth, _), share in shares.items() if depth < 2) == 0
    assert (shares["torch", 3.0, 16.0] > 0.6) == claim


@pytest.mark.ledger("S41")
@trial(correct=True, slips={"below 1/t for ever": False})
def test_some_of_those_that_are_far_below_1_over_t_come_back_all_the_same(claim):
    runs = [run for run in four_contexts((16, 16, 16)) if least(run, 60) < 1e-10]
    back = [run for run in runs if run.components[-1].min() >= networks.LEVEL]
    assert bool(back) == claim and all(run.times[-1] > 1e80 for run in back)
    assert len(back) < len(runs)  # the others are not back at 1e160


@pytest.mark.ledger("S41")
@trial(correct=-1, slips={"it keeps its pace": 0, "faster and faster": 1})
def test_contexts_sink_more_slowly_as_time_goes_by(claim):
    """By decades of J for each decade of t, from 1e20 to 1e40 and from 1e80 to 1e100."""
    change = []
    for run in four_contexts((16, 16, 16)):
        if least(run, 100) < 1e-10:
            at = [min(int(np.searchsorted(run.times, 10.0**m)), len(run.times) - 1) for m in (20, 40, 80, 100)]
            k = int(run.components[at[-1]].argmin())
            J, t = np.log(run.components[at, k]), np.log(run.times[at])
            change.append((J[1] - J[0]) / (t[1] - t[0]) - (J[3] - J[2]) / (t[3] - t[2]))
    assert len(change) > 2 and np.sign(np.median(change)) == claim
