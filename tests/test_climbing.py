"""tools/climbing.py, which makes the tables of staircases: against the package's own flow, run by run."""

import climbing
import numpy as np
import pytest
import scaling

from raylab import dynamics, ensembles, plateaus
from raylab.systems.bandit import SoftmaxBandit


def gaussian(K, n, runs, seed):
    return np.ascontiguousarray(ensembles.starts("gauss", runs, K, n, scale=2.0, seed=seed).transpose(1, 2, 0))


@pytest.mark.parametrize(("K", "n"), [(2, 2), (3, 3), (3, 5)])
def test_a_component_arrives_when_the_flow_says_that_it_does(K, n):
    logits = gaussian(K, n, 6, seed=1)
    found = climbing.climbs(climbing.bandit, logits)
    learner = SoftmaxBandit(K, n)
    for run in range(6):
        at, new = np.cumsum(found.waits[:, run]), found.waits[:, run] > 0
        soon = np.flatnonzero(new & (at < 3e3))
        if len(soon):
            start = learner.parameters(logits[..., run], np.zeros(n))
            J = dynamics.flow(learner, start, np.append(0.0, at[soon])).components
            arrived = J[np.arange(1, len(soon) + 1), found.order[soon, run]]
            np.testing.assert_allclose(arrived, 0.9, atol=3e-3)


def test_waits_of_any_length_keep_their_digits_also_after_longer_ones():
    """Two components whose arrivals lie 10^18 and more apart: exponents 1, 3 and 7/3 of the real bandit."""
    waits = []
    for p in (1e-12, 1e-18):
        logits = np.zeros((3, 3, 1))
        logits[range(3), range(3), 0] = np.log(p * 2.0 ** -np.arange(3.0))
        waits.append(climbing.climbs(climbing.bandit, logits).waits[:, 0])
    np.testing.assert_allclose(np.log10(waits[1] / waits[0]) / 6, (1, 3, 7 / 3), atol=0.01)


def test_two_contexts_have_the_flatness_and_the_arrivals_of_the_compiled_flow():
    logits = ensembles.starts("simplex", 200, seed=5)
    x = logits[:, [0, 1], [0, 1]] - logits[:, [1, 0], [0, 1]]
    theirs = ensembles.flow(x)
    ours = climbing.climbs(climbing.constant(np.array([[2.0, -1.0], [-1.0, 2.0]])), x.T.copy())
    np.testing.assert_allclose(ours.flatness, theirs.flatness, rtol=0.03)
    np.testing.assert_allclose(np.cumsum(ours.waits, axis=0), np.sort(theirs.waiting, axis=1).T, rtol=0.03)
    full = climbing.climbs(climbing.bandit, np.ascontiguousarray(logits.transpose(1, 2, 0)))  # twice as fast
    np.testing.assert_allclose(full.flatness, 2 * theirs.flatness, rtol=0.03)


def test_the_gram_matrix_of_the_model_has_the_bandits_norm_and_cosine():
    for K in (2, 4, 8):
        gram = scaling.equal_gram(K)
        np.testing.assert_allclose(np.diagonal(gram), 2 * K / (K - 1))
        np.testing.assert_allclose(gram[0, 1] / gram[0, 0], -1 / (2 * (K - 1)))
        learner = SoftmaxBandit(K, K)
        G = learner.gradients(learner.parameters(np.zeros((K, K)), np.zeros(K))) / ((1 / K) * (1 - 1 / K))
        np.testing.assert_allclose(G @ G.T, gram, atol=1e-12)


class Made:
    """Records of J' and J of one run, made up."""

    def __init__(self, slopes):
        self.slopes = np.array(slopes, float)

    def plateaus(self, share):
        found = climbing._Dips(share, 1, 8)
        for i, slope in enumerate(self.slopes):
            found.look(np.array([0]), np.array([slope]), np.array([float(i)]), np.array([1.0]))
        return found.places[:, 0][~np.isnan(found.places[:, 0])].tolist()


@pytest.mark.parametrize(
    ("slopes", "share", "places"),
    [
        ((1, 0.4, 0.9, 0.3, 0.1), 0.5, [1.0]),  # the fall at the end rises no more
        ((1, 0.6, 1, 0.6, 1), 0.5, []),  # not deep enough
        ((1, 0.4, 0.3, 0.5, 0.2, 0.45, 1), 0.5, [4.0]),  # one plateau, at its lowest, though it is not smooth
        ((1, 0.05, 1, 0.02, 1, 0.2, 1), 0.1, [1.0, 3.0]),
        ((0.1, 0.04, 0.2, 1, 0.05, 1), 0.1, [4.0]),  # the peak so far counts, not that of the whole run
        ((1, 0.05, 0.2, 0.05, 0.01, 1), 0.1, [4.0]),  # it rises to less than 1/c of its lowest
    ],
)
def test_a_plateau_is_a_dip_to_a_share_of_the_peak_that_rises_again(slopes, share, places):
    assert Made(slopes).plateaus(share) == places


def test_what_is_learned_at_the_start_takes_no_time():
    logits = np.zeros((3, 3, 1))
    logits[0, 0] = 5.0
    found = climbing.climbs(climbing.bandit, logits)
    assert found.waits[0, 0] == 0 and found.order[0, 0] == 0 and (found.waits[1:, 0] < np.inf).all()


def test_the_horizon_ends_a_wait_that_would_not():
    """Equal cosines of -.4: the third component of a trap [ledger N11]."""
    gram = 1.4 * np.eye(3) - 0.4
    assert plateaus.traps(gram)
    found = climbing.climbs(climbing.constant(gram), np.array([[3.0], [3.1], [-30.0]]), horizon=1e30)
    assert np.isinf(found.waits[2, 0]) and found.order[2, 0] == -1
