"""Who takes part in the league: a learner, where it starts, and how its updates are combined."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from raylab import arguments, dynamics, interference
from raylab.projection import total
from raylab.records import Components, Learner, Parameters
from raylab.systems.bandit import SHARED_BIAS, TABULAR, Bandit, Mixed, supervised
from raylab.systems.controls import Baseline, EntropyBonus
from raylab.systems.natural import Natural
from raylab.systems.separate import Separate


@dataclass(frozen=True, eq=False)  # a start is an array, and arrays have no single truth
class Remedy:
    """A learner, where it starts, and how its updates are combined.

    name: what stands in the table. start (d,): theta; within one league all remedies start at the same J_k, or their
    waits cannot be compared (`start_at` finds such a theta). combine: (..., K, d) -> (..., d), leading axes being
    runs; one that draws at random closes over its own generator.
    Raises TypeError or ValueError unless the learner has components, gradients and updates at `start` that fit.
    """

    name: str
    learner: Learner
    start: Parameters
    combine: dynamics.Combine = total

    def __post_init__(self) -> None:
        arguments.text(self.name, "name")
        kept = arguments.array(self.start, "start", "d").copy()
        kept.flags.writeable = False
        object.__setattr__(self, "start", kept)
        arguments.function(getattr(self.learner, "gradients", None), "learner.gradients")
        dynamics.flow(self.learner, kept, [0.0], self.combine)  # learner and combine pass the doors of the flow

    def rates(self, parameters: Parameters) -> Components:
        """dJ_k/dt under the combined update, (..., d) -> (..., K)."""
        return interference.rates(self.learner.gradients(parameters), self.combine(self.learner.updates(parameters)))


def start_at(learner: Learner, near: ArrayLike, performance: ArrayLike) -> Parameters:
    """Parameters (d,) at which the learner has these J_k (K,), found from `near` (d,) by Newton's method in log odds.

    Every step is the shortest one that does it, so where log odds are linear in theta the result is the nearest point.
    Raises TypeError or ValueError for malformed arguments, J_k outside (0, 1), and where no such theta is found.
    """
    theta, J = arguments.array(near, "near", "d"), arguments.array(performance, "performance", "K")
    if (J <= 0).any() or (J >= 1).any():
        raise ValueError(f"performance: expected values inside (0, 1), found {J.tolist()}; move them off the edge.")
    for method in ("components", "gradients"):
        arguments.function(getattr(learner, method, None), f"learner.{method}")
    for _ in range(50):
        now = np.clip(learner.components(theta), 1e-300, 1 - 1e-16)
        if now.shape != J.shape:
            raise ValueError(f"performance: expected {len(now)} values, found {len(J)}; one for each component.")
        missing = log_odds(J) - log_odds(now)
        if (np.abs(missing) < 1e-9 + 2e-15 / (1 - J)).all():  # 1 - J_k has no more digits than that
            return theta
        G = learner.gradients(theta) / (now * (1 - now))[:, None]
        step = np.linalg.pinv(G) @ missing
        theta = theta + step * min(1.0, 20.0 / np.abs(missing).max())
    raise ValueError(
        f"performance: expected J_k that the learner has somewhere near `near`, found no such place for {J.tolist()}; "
        "start from another point, or ask for less."
    )


def ready(performance: Sequence[float] = (0.1, 0.001), share: float = 0.1, weight: float = 0.1) -> list[Remedy]:
    """The remedies of chapter 05 for two contexts, all in reduced parameters, from the given (J1, J2).

    share: of uniform behaviour in the mix. weight: of the entropy bonus. A single component is equally fast in all
    rows with norm 2; dropping the bias (tabular) halves the norm and so the clock, and a copy of everything for each
    component (separate networks) does not: compare the two by `excess`, or mind the factor.
    Raises TypeError or ValueError unless performance holds two numbers in (0, 1) and the others are as in `Mixed`
    and `EntropyBonus`.
    """
    J = arguments.array(performance, "performance", "2")
    mix, bonus = Mixed(share), EntropyBonus(Bandit(), weight)
    shared = start_at(Bandit(), np.zeros(SHARED_BIAS.shape[1]), J)
    learners = {
        "on-policy": Bandit(),
        "tabular": Bandit(features=TABULAR),
        "separate networks": Separate(Bandit(), 2),
        "supervised": Bandit(coupling=supervised),
        "uniform behaviour": Bandit(coupling=Mixed(1.0)),
        f"{100 * mix.share:g} % mix": Bandit(coupling=mix),
        f"entropy bonus {bonus.weight:g}": bonus,
        "baseline": Baseline(Bandit()),
        "natural gradient": Natural(Bandit()),
    }
    starts = {"tabular": log_odds(J), "separate networks": np.concatenate([shared, shared])}
    return [Remedy(name, learner, starts.get(name, shared)) for name, learner in learners.items()]


def log_odds(J: Components) -> Components:
    """log (J / (1 - J)) of performances inside (0, 1)."""
    return np.log(J) - np.log1p(-J)
