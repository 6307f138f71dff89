"""The table of bandit policies that are networks, linear and with rectified units: `tables.py` writes it."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import scaling
import torch
from numpy.typing import NDArray
from scaling import SEED, Row, Table

from raylab import arguments, interference, plateaus
from raylab.ensembles import starts
from raylab.nets import Flows, Policy, flow
from raylab.records import Trajectory

Array = NDArray[np.float64]
RUNS = 100
OWN_RUNS = 50  # as they are drawn
PATIENCE = 30_000  # draws for these
TRIES = 1000  # for one network whose contexts do not look alike
LOW_RUNS = 40  # from low starts, for the powers
SIZES = ((2, 2), (4, 4))
NETWORKS = (("he", 0, 0), *((i, w, depth) for i in ("he", "torch") for depth in (1, 2, 3) for w in (16, 64)))
SHARES = (0.5, 0.1, 0.03)  # of a dip, as in Figure 4
SLOPES = (1e-3, 1e-4)
LOW = (1e-3, 1e-4)
LEVEL, HORIZON = 0.95, 1e120
MOMENTS = (30, 60, 120)  # powers of ten of a time
SPREAD = 2 * math.sqrt(2)  # of a logit of "reject 2": weight and bias have a standard deviation of 2 each
_BLOCK = 50  # runs at a time


def mlp(keep: Path | None, runs: int = RUNS) -> Table:
    """Plateaus, waits and interference of networks that start from the same policies, at the same speed."""
    del keep  # minutes
    torch.set_num_threads(1)
    rows: list[Row] = []
    for init, width, depth in NETWORKS:
        for K, n in SIZES:
            policy = Policy(K, n, (width,) * depth)
            head = (init if depth else "any", depth, width, K, n)
            rows += [
                (*head, "simplex", K / 10, *rest) for rest in summary(policy, placed(policy, init, "simplex", runs))
            ]
            begin, kept = rejected(policy, init, min(runs, OWN_RUNS))
            rows.append(
                (*head, "reject 2", K / 10, "kept", 0, kept, kept, kept, float(len(begin) >= min(runs, OWN_RUNS)))
            )
            if rows[-1][-1]:
                rows += [(*head, "reject 2", K / 10, *rest) for rest in summary(policy, begin)]
            rows += [(*head, "low", *rest) for rest in powers(policy, init, min(runs, LOW_RUNS))]
    about = {
        "what": "plateaus, waits and interference of bandit policies that are networks, linear (depth 0) and with "
        "`depth` layers of `width` rectified units (Schaul et al. 2019, Appendix A)",
        "parametrisation": "context one-hot, weights and biases in every layer, on-policy, exact gradients; init: he "
        "(normal weights of variance 2 / inputs, zero biases) or torch (uniform, the default of torch.nn.Linear)",
        "law": "simplex: the same logits for every network, put there by the least change of the last layer; reject 2: "
        "the network's own logits, its last layer scaled until they spread as those of the linear policy with weights "
        "and biases of standard deviation 2, kept where J is within 5 % of performance; low: as simplex, from "
        "J_k = performance / 2^k",
        "end points": "exact flow until every J_k is .95 or time is 1e120; flatness: |J'| from the first J >= J0 + .05 "
        "on and where J < K - 0.2",
        "columns": "time is in units in which every network moves its logits as fast as the linear policy at the start "
        "(speed: the mean diagonal of its kernel over 2); overlap: kernel of two contexts over its diagonal (linear: "
        "1/2); cosine: mean of all pairs at the start (index 0), lowest when J first is K / 2 (1), lowest of all (2); "
        "plateaus: number of dips to share index of the largest J' before; flat: flatness, share at most index; wait: "
        "from arrival index - 1 to index at J_k = .9, inf where none comes; power: of 1 / performance in wait index, "
        "from 1e-3 to 1e-4, share: of runs in which both end; below: number of components below 1 / time "
        "when time is ten to the index; halted: 1 where all gradients vanished, or 10 000 steps were taken, before "
        "either end; kept: the part of all networks drawn that is near this J, share 1 where it gave enough of them, "
        "else there is no such ensemble; winner: share of time steps on which one component improves alone; q10, q50, "
        "q90: quantiles over runs; share: of runs that have one (overlap: above linear's; cosine: below -.01)",
    }
    names = ("init", "depth", "width", "contexts", "actions", "law", "performance")
    return about, (*names, "quantity", "index", "q10", "q50", "q90", "share"), rows


def placed(policy: Policy, init: str, law: str, runs: int, logits: Array | None = None) -> Array:
    """Networks (runs, d) that begin at the logits of this law; those whose contexts look alike are drawn anew.

    logits: (runs, n, K), in place of the law's. Raises TypeError or ValueError for malformed arguments, and ValueError
    where none of TRIES networks can hold a start.
    """
    rng, K, n = np.random.default_rng(SEED), policy.contexts, policy.actions
    logits = starts(law, runs, K, n, seed=SEED) if logits is None else logits
    wanted = arguments.array(logits, "logits", f"{arguments.count(runs, 'runs', 1)} {n} {K}")
    return np.stack([_holding(policy, init, start, rng) for start in wanted])


def _holding(policy: Policy, init: str, logits: Array, rng: np.random.Generator) -> Array:
    """The first network drawn that can be moved to these logits (n, K), (d,)."""
    for _ in range(TRIES):
        (theta,) = policy.draw(1, rng, init)
        try:
            return policy.with_logits(theta, logits)
        except ValueError:  # all units of the last layer silent, in two contexts
            continue
    raise ValueError(
        f"policy: expected a network that can tell its contexts apart, found none in {TRIES} draws; take wider layers."
    )


def rejected(policy: Policy, init: str, runs: int) -> tuple[Array, float]:
    """(networks (runs, d) as they are drawn, the last layer scaled, with J near K / 10; their share of all drawn).

    After so many draws it gives up with those that it has: contexts that look alike leave J near 1.
    """
    rng, last = np.random.default_rng(SEED), policy.layers[-1]
    whole, J0 = slice(last.W.start, last.b.stop), policy.contexts / 10

    def drawn() -> Array:
        return policy.draw(500, rng, init) if policy.widths else rng.normal(size=(500, policy.size))

    logits = policy.logits(drawn())
    n = policy.actions
    scale = SPREAD / math.sqrt(float(logits.var(axis=1).mean()) * n / (n - 1))
    found, count, tried = [], 0, 0
    while count < runs and tried < PATIENCE:
        theta = drawn()
        theta[:, whole] *= scale
        found.append(theta[np.abs(policy.components(theta).sum(axis=1) - J0) < J0 / 20])
        count, tried = count + len(found[-1]), tried + len(theta)
    return np.concatenate(found)[:runs], count / tried


def summary(policy: Policy, begin: Array) -> Iterator[Row]:
    """The rows of one ensemble: (quantity, index, three quantiles, share)."""
    speed, overlap = pace(policy, begin)
    yield "speed", 0, *quantiles(speed), 1
    yield "overlap", 0, *quantiles(overlap), float((overlap > 0.5 + 1e-9).mean())
    found = followed(policy, begin)
    slope = [run.inner.sum(axis=(-2, -1)) / s for run, s in zip(found, speed, strict=True)]
    for share in SHARES:
        count = np.array([dips(s, share) for s in slope])
        yield "plateaus", share, *quantiles(count), float((count > 0).mean())
    J = [run.components.sum(axis=-1) for run in found]
    flat = np.array([plateaus.slowest_progress(*both, policy.contexts) for both in zip(J, slope, strict=True)])
    for epsilon in SLOPES:
        yield "flat", epsilon, *quantiles(flat), float((flat <= epsilon).mean())
    waits = np.array([waits_of(run) * s for run, s in zip(found, speed, strict=True)])
    for m, wait in enumerate(waits.T, 1):
        yield "wait", m, *quantiles(wait), float(np.isfinite(wait).mean())
    yield from late(found)
    alone = np.array([float(interference.winner_takes_all(run.rates).mean()) for run in found])
    yield "winner", 0, *quantiles(alone), float((alone > 0).mean())
    for i, cosine in enumerate(np.transpose([cosines(run) for run in found])):
        yield "cosine", i, *quantiles(cosine), float((cosine < -0.01).mean())


def powers(policy: Policy, init: str, runs: int) -> Iterator[Row]:
    """The rows of low starts: (performance, quantity, index, three quantiles, share)."""
    waits = []
    for p in LOW:
        K, n = policy.contexts, policy.actions
        J = p / 2.0 ** np.arange(K)
        logits = np.tile(np.log((1 - J) / (n - 1)), (runs, n, 1))
        logits[:, range(K), range(K)] = np.log(J)
        begin = placed(policy, init, "low", runs, logits)
        speed, overlap = pace(policy, begin)
        runs_low = followed(policy, begin)
        waits.append(np.array([waits_of(run) * s for run, s in zip(runs_low, speed, strict=True)]))
    yield LOW[-1], "overlap", 0, *quantiles(overlap), float((overlap > 0.5 + 1e-9).mean())
    for m, wait in enumerate(waits[-1].T, 1):
        yield LOW[-1], "wait", m, *quantiles(wait), float(np.isfinite(wait).mean())
    yield from ((LOW[-1], *row) for row in late(runs_low))
    for m in range(policy.contexts):
        one, two = waits[-2][:, m], waits[-1][:, m]
        both = np.isfinite(one) & np.isfinite(two) & (one > 0) & (two > 0)
        grown = np.log(two[both] / one[both]) / math.log(LOW[-2] / LOW[-1])
        yield LOW[-1], "power", m + 1, *quantiles(grown), float(both.mean())


def pace(policy: Policy, begin: Array) -> tuple[Array, Array]:
    """(speed (N,), overlap (N,)): the kernel's mean diagonal over 2, and its mean cosine between contexts."""
    kernel = policy.kernel(begin)
    own = np.diagonal(kernel, axis1=1, axis2=2)
    off = ~np.eye(policy.contexts, dtype=bool)
    ratio = kernel / np.sqrt(own[:, :, None] * own[:, None, :])
    return own.mean(axis=1) / 2, ratio[:, off].mean(axis=1)


def followed(policy: Policy, begin: Array, horizon: float = HORIZON) -> list[Flows]:
    """Each run by itself, without the records that repeat."""
    found = []
    for i in range(0, len(begin), _BLOCK):
        together = flow(policy, begin[i : i + _BLOCK], LEVEL, horizon)
        for t, J, inner, theta in zip(
            together.times, together.components, together.inner, together.parameters, strict=True
        ):
            kept = np.append(True, (np.diff(t) > 0) | (np.diff(J, axis=0) != 0).any(axis=1))  # from 1e16 on t may stand
            found.append(Flows(t[kept], J[kept], inner[kept], theta))
    return found


def dips(slope: Array, share: float) -> int:
    """How many plateaus one run has by its J' (T,), in the sense of Figure 4; see `climbing.climbs`."""
    peak, least, low, count = 0.0, math.inf, False, 0
    for now in slope.tolist():
        if not low:
            peak = max(peak, now)
            low = now <= share * peak
        if low:
            least = min(least, now)
            if now * share >= least:
                peak, least, low, count = now, math.inf, False, count + 1
    return count


def waits_of(run: Flows) -> Array:
    """Times (K,) from one arrival at J_k = .9 to the next, inf where none comes."""
    alone = run.components.T[..., None]  # each component as a run of its own
    when = np.sort(plateaus.waiting_time(Trajectory(run.times, alone, alone), 0.9))
    there = np.isfinite(when)
    waits = np.full(len(when), math.inf)
    waits[there] = np.diff(when[there], prepend=0.0)
    return waits


def late(runs: list[Flows]) -> Iterator[Row]:
    """The rows of what has not arrived."""
    for moment in MOMENTS:
        low = np.array([below(run, moment) for run in runs])
        yield "below", moment, *quantiles(low), float((low > 0).mean())
    halted = np.array([float(run.times[-1] <= HORIZON and run.components[-1].min() < LEVEL) for run in runs])
    yield "halted", 0, *quantiles(halted), float(halted.mean())


def below(run: Flows, moment: int) -> int:
    """How many components are below 1 / time when time is 10^moment.

    A component that nothing pushes grows by dJ/dt of the order of J^2, so that 1/J falls as time goes by: one that is
    far below 1/t has been sinking faster than it could climb, and will not be back before about 1/J.
    """
    t = 10.0**moment
    then = run.components[min(int(np.searchsorted(run.times, t)), len(run.times) - 1)]
    return int((then * t < 1).sum())


def cosines(run: Flows) -> tuple[float, float, float]:
    """Mean cosine of all pairs at the start, the lowest when J is first K / 2, and the lowest of all."""
    own = np.diagonal(run.inner, axis1=1, axis2=2)
    K = own.shape[-1]
    digits = own > 1e-290  # the square of a smaller gradient has lost them
    seen = digits[:, :, None] & digits[:, None, :]
    product = np.sqrt(own)[:, :, None] * np.sqrt(own)[:, None, :]
    cosine = np.divide(run.inner, product, out=np.zeros_like(product), where=seen)[:, ~np.eye(K, dtype=bool)]
    half = int(np.argmax(run.components.sum(axis=-1) >= K / 2))
    return float(cosine[0].mean()), float(cosine[half].min()), float(cosine.min())


def quantiles(values: Array | Sequence[float]) -> list[float]:
    """The three quantiles of a row, to four digits."""
    return [float(f"{q:.4g}") for q in scaling.quantiles(values)]
