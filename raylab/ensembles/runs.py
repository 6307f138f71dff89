"""Ensembles of sampled or exact runs of the K x n bandit, a million at a time."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from raylab import arguments
from raylab.ensembles.chances import chance
from raylab.ensembles.crew import Counter, conduct, cores
from raylab.ensembles.general import ADAM, MOMENTUM, PLAIN, RMSPROP, loop
from raylab.ensembles.pair import pair
from raylab.ensembles.record import Ensemble
from raylab.ensembles.vectors import LANES
from raylab.optimisers import Adam, Momentum, Plain, RMSProp
from raylab.systems.bandit import Coupling, on_policy

# How a move of W and one of the common b count in a logit. Own biases get the directions of W, so they move as W does.
FEATURES = {"shared": (1.0, 1.0), "tabular": (1.0, 0.0), "separate": (2.0, 0.0)}


def run(
    start: ArrayLike,
    rate: float = 0.1,
    steps: int | None = None,
    sampled: bool = True,
    coupling: Coupling = on_policy,
    features: str = "shared",
    rule: Plain | Momentum | RMSProp | Adam = Plain(),
    seed: int = 0,
    threads: int | None = None,
) -> Ensemble:
    """Many runs of the K x n softmax bandit, each until J >= K - .1 or for at most `steps` updates.  [Schaul19 Sec. 2]

    start (N, n, K): logits, as `starts` gives them. Each update is rate x rule(direction) in full parameters (W, b),
    the direction one sample per context, or its mean with sampled=False; `steps` is 10^5 // K if None.
    features: "shared" (W and one bias b for all contexts), "tabular" (W alone) or "separate" (W, and a b for each
    context). coupling: any whose chance f(J) / (1 - J) is a straight line in J, such as on_policy, supervised, Mixed.
    Whatever the rule, flatness measures |<grad J, expected direction>|: what J would gain per unit step if the
    direction itself were followed. For rules other than `Plain` that is no speed of the run; compare steps and the
    censored share there.
    Run i depends on its start, the seed and i: neither on the other runs nor on `threads` (None: all cores).
    An interrupt (Ctrl-C, or the kernel's stop button) ends it early and returns what is done, with a warning.
    Raises TypeError or ValueError for malformed arguments and for couplings of another form.
    """
    start = arguments.array(start, "start", "N n K")
    N, n, K = start.shape
    if not 1 <= K <= n or n < 2:
        raise ValueError(
            f"start: expected logits (runs, n, K) with K <= n and n >= 2, found {start.shape}; column k is context k."
        )
    rate = step_size(rate)
    limit = 10**5 // K if steps is None else arguments.count(steps, "steps", 0)
    if arguments.text(features, "features") not in FEATURES:
        raise ValueError(f"features: expected one of {', '.join(FEATURES)}, found {features!r}; name one.")
    code, *decays = coded(rule)
    numbers = (rate, *chance(coupling, K), *FEATURES[features], *decays)
    sampled, seed = arguments.flag(sampled, "sampled"), arguments.count(seed, "seed", 0)
    workers = cores() if threads is None else arguments.count(threads, "threads")
    flatness, components = np.full(N, np.inf), np.zeros((N, K))
    counts, arrived, finished = np.zeros(N, np.int64), np.zeros(N, bool), np.zeros(N, bool)

    start = np.require(start, requirements=["C", "A", "W"])  # any other layout in memory would be compiled anew
    out = (flatness, counts, arrived, components, finished)
    kernel = pair if (K, n, code) == (2, 2, PLAIN) else loop(K, n, code)

    def work(counter: Counter) -> None:
        kernel(start, counter, out, numbers, limit, sampled, np.uint64(seed))

    conduct(work, N, min(workers, -(-N // LANES)))
    return Ensemble(flatness, counts, arrived, components, finished)


def step_size(rate: float) -> float:
    """`rate` as a float within (0, 1e6]; TypeError or ValueError if it is none."""
    found = arguments.number(rate, "rate", 0.0, 1e6)  # far beyond sense; 1e300 would end in infinity less infinity
    if found == 0:
        raise ValueError("rate: expected a positive step size, found 0.0; nothing would move.")
    return found


def coded(rule: Any) -> tuple[int, float, float, float]:
    """(number, two decays, epsilon) of a step rule, as compiled code takes them; TypeError for any other rule."""
    if type(rule) is Plain:
        return PLAIN, 0.0, 0.0, 0.0
    if type(rule) is Momentum:
        return MOMENTUM, rule.decay, 0.0, 0.0
    if type(rule) is RMSProp:
        return RMSPROP, rule.decay, 0.0, rule.epsilon
    if type(rule) is Adam:
        return ADAM, rule.first, rule.second, rule.epsilon
    raise TypeError(
        f"rule: expected Plain(), Momentum(), RMSProp() or Adam() of raylab.optimisers, found {type(rule).__name__}; "
        "dynamics.ascend takes any rule."
    )
