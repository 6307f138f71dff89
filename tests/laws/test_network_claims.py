"""S41: bandit policies that are deeper or wider networks. Chapter 08.

All begin at the same policies, put into their last layer, and time runs in units in which all move their logits as
fast at the start. Small, by the exact flow, and on the committed table.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from trial import trial

pytest.importorskip("torch", reason="the networks of raylab.nets are torch's")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import networks

from raylab import nets, tables

LINEAR = 1 / 2  # the kernel between two contexts over that within one: the bias is shared, the weights are not
ONE_WIDE_LAYER = {"he": 1 / np.pi, "torch": 1 / 3 + np.sqrt(3) / (2 * np.pi)}  # E relu relu' / E relu^2
NETWORKS = [(), (16,), (64,), (16, 16), (64, 64), (16, 16, 16), (64, 64, 64)]


def power(overlap):
    """Of 1/p in the second wait of two contexts of two actions, by their cosine -overlap.  [ledger N10]"""
    return (1 + overlap) / (1 - overlap)


@cache
def ensemble(init, widths, runs=24):
    """(share with a dip to a tenth, share in which one improves alone at some time, median of the lowest cosine)."""
    policy = nets.Policy(2, 2, widths)
    found = {(name, index): rest for name, index, *rest in networks.summary(policy, start(policy, init, runs))}
    return found["plateaus", 0.1][-1], found["winner", 0][-1], found["cosine", 2][1]


def start(policy, init, runs):
    return networks.placed(policy, init, "simplex", runs)


@cache
def lost(widths, runs=6):
    """How many of four contexts each run has lost for ever."""
    policy = nets.Policy(4, 4, widths)
    return [networks.lost(run) for run in networks.followed(policy, start(policy, "torch", runs))]


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
def test_with_two_contexts_these_networks_interfere_take_all_and_meet_plateaus(claim):
    for init in nets.INITS:
        found = {widths: ensemble(init, widths) for widths in NETWORKS}
        seen = {w for w, (dips, alone, cosine) in found.items() if dips > 0.2 and alone > 0.5 and cosine < -0.1}
        assert seen == claim
    small = dict(contexts=2.0, law="simplex")
    shares = of_table("plateaus", 0.1, "share", **small), of_table("winner", 0.0, "share", **small)
    assert len(shares[0]) == 13 and min(shares[0].values()) > 0.3 and min(shares[1].values()) > 0.6
    assert max(of_table("cosine", 2.0, "q90", **small).values()) < -0.1


# In degree: the overlap, which the initialisation sets


@pytest.mark.ledger("S41")
@trial(
    correct=ONE_WIDE_LAYER,
    printed=dict.fromkeys(nets.INITS, LINEAR),
    slips={"exchanged": dict(zip(nets.INITS, reversed(ONE_WIDE_LAYER.values()), strict=True))},
)
def test_the_kernel_between_contexts_over_that_within_one_tends_to_this_in_one_wide_layer(claim):
    for init, overlap in claim.items():
        policy = nets.Policy(2, 2, (4096,))
        _, found = networks.pace(policy, policy.draw(20, np.random.default_rng(0), init))
        assert abs(found.mean() - overlap) < 0.01


@pytest.mark.ledger("S41")
@trial(
    correct=power,
    printed=lambda overlap: power(LINEAR),  # 3, as in the linear policy
    slips={"as for one component": lambda overlap: 1.0, "the overlap is forgotten": lambda overlap: power(0)},
)
def test_the_second_wait_grows_as_the_start_gets_lower_to_this_power_in_one_wide_layer(claim):
    for init in nets.INITS:
        rows = list(networks.powers(nets.Policy(2, 2, (1024,)), init, 12))
        middle = {(name, index): q50 for _, name, index, _, q50, *_ in rows}
        assert middle["power", 1] == pytest.approx(1, abs=0.02)
        assert middle["power", 2] == pytest.approx(claim(middle["overlap", 0]), rel=0.06)


@pytest.mark.ledger("S41")
@trial(
    correct=["he", "any", "torch"],
    slips={"the linear policy interferes most": ["he", "torch", "any"], "least": ["any", "he", "torch"]},
)
def test_overlap_and_lowest_cosine_and_very_flat_plateaus_grow_in_this_order(claim):
    small = dict(contexts=2.0, law="simplex")
    for found in (of_table("overlap", 0.0, **small), of_table("flat", 1e-4, "share", **small)):
        kinds = groups(found)
        assert sorted(kinds, key=kinds.__getitem__) == claim
        he = [value for (init, _, _), value in found.items() if init == "he"]
        assert max(he) < kinds["any"]


# A new kind of end: traps


@pytest.mark.ledger("S41")
@trial(correct=lambda r, m: r / (1 - r + m * r), slips={"it grows with m": lambda r, m: m * r, "r": lambda r, m: r})
def test_with_a_fixed_kernel_a_waiting_context_sinks_by_this_share_of_what_the_learned_ones_rise(claim):
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


@pytest.mark.ledger("S41")
@trial(correct=True, printed=False)
def test_with_four_contexts_some_narrow_deep_networks_never_learn_them_all_and_linear_ones_always_do(claim):
    """Never: J_k below 1 / t at t = 1e60, with every unit's gradient alive. A linear policy always arrives."""
    assert not any(lost(())) and any(lost((16, 16, 16))) == claim
    shares = of_table("trapped", 0.0, "share", contexts=4.0, law="simplex")
    assert shares["any", 0.0, 0.0] == 0 and (shares["torch", 3.0, 16.0] > 0.3) == claim
