"""S51: more contexts and more actions, and how flat the worst plateau of a run is. Chapter 07.

Twice each: small, by the exact flow, and on the committed table of Figure 7, whose shares come from 10^4 runs.
"""

from functools import cache

import climbing
import numpy as np
import pytest
import scaling
from trial import trial

from raylab import tables

FLAT = 1e-4


@cache
def small(K, n, law, J0, runs=1000):
    """Share of runs of the flow whose slowest J' is at most FLAT."""
    found = climbing.climbs(climbing.bandit, scaling.drawn(law, runs, K, n, J0))
    return float((found.flatness <= FLAT).mean())


def large(K, n, law, J0, epsilon=FLAT, how="exact"):
    """(share, its standard error) in the table of Figure 7."""
    table = tables.load("figure7")
    kept = np.array([law == name and how == kind for name, kind in zip(table["law"], table["how"], strict=True)])
    for column, value in (("contexts", K), ("actions", n), ("performance", J0), ("epsilon", epsilon)):
        kept &= np.isclose(table[column], value, rtol=1e-9)
    (i,) = np.flatnonzero(kept)
    return table["share"][i], table["error"][i]


def falls(shares, margin=0.0):
    return bool((np.diff(shares) < -margin).all())


@pytest.mark.ledger("S51")
@trial(
    correct={"simplex": True, "angle": True, "reject 2": False},
    printed={"simplex": True, "angle": True, "reject 2": True},
    slips={"it gets no easier for any law": {"simplex": False, "angle": False, "reject 2": False}},
)
def test_with_more_actions_at_equal_initial_performance_fewer_runs_meet_a_plateau_for_these_laws(claim):
    for law, easier in claim.items():
        assert falls([small(2, n, law, 0.2) for n in (4, 16)], 0.01) == easier
        for how in ("exact", "sampled"):
            shares, errors = np.transpose([large(2, n, law, 0.2, how=how) for n in (2, 4, 8, 16)])
            assert falls(shares) == easier
            assert (np.abs(np.diff(shares)) > 5 * np.hypot(errors[1:], errors[:-1])).all()
            assert shares[1] < shares[0]  # the second pair of actions helps in every law


@pytest.mark.ledger("S51")
@trial(
    correct={("simplex", 0.2): True, ("reject 2", 0.2): True, ("simplex", None): False},
    printed={("simplex", 0.2): True, ("reject 2", 0.2): True, ("simplex", None): True},
    slips={"not from any start": {("simplex", 0.2): False, ("reject 2", 0.2): False, ("simplex", None): False}},
)
def test_with_more_contexts_and_actions_more_runs_meet_a_plateau_from_these_starts(claim):
    """From a given J. From J = K / 10 and evenly likely wrong actions, no more of three contexts do than of two."""
    for (law, J0), worse in claim.items():
        rise = [small(K, K, law, J0 or K / 10) for K in (2, 3)]
        assert (rise[1] > rise[0] + 0.05) == worse
        shares, errors = np.transpose([large(K, K, law, J0 or K / 10) for K in (2, 3)])
        assert (shares[1] - shares[0] > 5 * np.hypot(*errors)) == worse
        if worse:
            shares, errors = np.transpose([large(K, K, law, J0) for K in (2, 3, 4, 8)])
            assert (np.diff(shares) > 5 * np.hypot(errors[1:], errors[:-1])).all()


@pytest.mark.ledger("S51")
@trial(correct=-1, printed=1)
def test_from_a_tenth_of_the_best_on_the_simplex_the_share_of_very_flat_plateaus_goes_this_way(claim):
    """epsilon = 1e-6, from K = 2 to 4: those are rarer, though the moderately flat ones are not."""
    (two, a), (four, b) = (large(K, K, "simplex", K / 10, 1e-6) for K in (2, 4))
    assert np.sign(four - two) == claim and abs(four - two) > 5 * np.hypot(a, b)
