"""S1, S2, S3: what one rewarded sample teaches, and which numbers the policy has. Chapter 01."""

import numpy as np
import pytest
import sympy as sp
from oracles import logistic, performances, policy, reduced, slopes
from trial import trial

from raylab.systems.bandit import Bandit, SoftmaxBandit


@pytest.mark.ledger("S1")
@trial(
    correct=lambda pi, logits: [sp.diff(pi, x) for x in logits],
    slips={"the score alone": lambda pi, logits: [sp.diff(sp.log(pi), x) for x in logits]},
)
@pytest.mark.ledger("S1")
def test_reward_times_score_averages_to_the_gradient_of_the_right_actions_probability(claim):
    for n in (2, 3, 4):
        logits = sp.symbols(f"l1:{n + 1}", real=True)
        pi = [sp.exp(x) / sum(map(sp.exp, logits)) for x in logits]
        right = n - 1
        expected = [sum(pi[a] * (a == right) * sp.diff(sp.log(pi[a]), x) for a in range(n)) for x in logits]
        promised = claim(pi[right], logits)
        assert all(sp.simplify(e - p) == 0 for e, p in zip(expected, promised, strict=True))
