"""Tables of more contexts and actions: Figures 4 and 7. `tables.py` writes them, with the others."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from climbing import Climbs, bandit, climbs, constant
from numpy.typing import NDArray

from raylab.ensembles import Job, starts, sweep

SEED = 2019
RUNS = 10_000
CLIMBS = 2000  # runs of a staircase
FLOWS = 500  # runs of the flow beside steps: slower than these, and without their draws

Row = Sequence[str | float]
Table = tuple[dict[str, str], tuple[str, ...], list[Row]]

SIZES = (2, 4, 8)
SHARES = (0.5, 0.1, 0.03)
LAWS = (("simplex", 0.1), ("simplex", None), ("angle", 0.1), ("reject 2", 0.1), ("equal", 0.1))  # J0 / K; None: J0 = .2
GRIDS = ((2, 2), (2, 4), (2, 8), (2, 16), (3, 3), (4, 4), (4, 8), (8, 8), (8, 16))
SLOPES = (1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)


def figure4(keep: Path | None, runs: int = CLIMBS) -> Table:
    """Stages: where the first plateau is, how many there are, and how the waits grow; bandit and equal cosines."""
    del keep  # a minute or two
    rows: list[Row] = []
    for K in SIZES:
        for law, share in dict.fromkeys((law, share or 0.2 / K) for law, share in LAWS):
            J0 = round(K * share, 10)
            logits = drawn(law, runs, K, K, J0)
            for model, found in (("bandit", bandit_climbs(logits)), ("equal cosines", cosine_climbs(logits))):
                rows += [(model, K, law, J0, runs, *rest) for rest in stages_of(found)]
    about = {
        "what": "plateaus and waits of runs with K contexts and K actions (Schaul et al. 2019, Figure 4)",
        "parametrisation": "bandit: full (W, b); equal cosines: x_k' = sum_j G_kj J_j (1 - J_j) from the same J_k, G "
        "with 2 K / (K - 1) on its diagonal and -K / (K - 1)^2 beside it, the cosine -1 / (2 (K - 1)) that the bandit "
        "has where wrong actions are equally likely",
        "law": "simplex, angle, equal, and reject 2 (Gaussian weights and biases of standard deviation 2, kept where "
        "J is within 5 % of performance)",
        "end points": "exact flow in its own clock until every J_k is .9; a plateau with share c is where J' is "
        "smallest after it fell to c times its largest value since the last plateau, if it rises again to 1 / c times "
        "its value there",
        "columns": "quantity: 'first' total J at the first plateau, 'plateaus' their number, both by share c in index; "
        "'wait' time between arrivals index - 1 and index at J_k = .9 (0 is the start); 'ratio' wait index + 1 over "
        "wait index; q10, q50, q90: quantiles over runs that have one, inf where none has; share: of runs that have a "
        "plateau, that end the wait, or whose later wait is the longer",
    }
    found = ("quantity", "index", "q10", "q50", "q90", "share")
    return about, ("model", "contexts", "law", "performance", "runs", *found), rows


def figure7(keep: Path | None, runs: int = RUNS, flows: int = FLOWS) -> Table:
    """Who meets slow progress, from 2 x 2 to 8 x 16: exact and sampled steps, and the flow, which no limit ends."""
    cases = [(K, n, law, K / 10) for K, n in GRIDS for law in ("simplex", "angle", "reject 2")]
    cases += [(K, n, law, 0.2) for K, n in GRIDS if K > 2 and n < 16 for law in ("simplex", "reject 2")]
    jobs = [
        Job(name, runs, K, n, J0, scale, sampled=sampled, seed=SEED)
        for K, n, law, J0 in cases
        for name, scale in (_named(law),)
        for sampled in (False, True)
    ]
    made = iter(sweep(jobs, keep))
    rows: list[Row] = []
    for case in cases:
        for how in ("exact", "sampled"):
            found = next(made)
            rows += [(*case, how, runs, found.censored, e, *found.share(e)) for e in SLOPES]
        slowest = flatness(case, flows, keep)
        for e in SLOPES:
            share = float((slowest <= e).mean())
            rows.append((*case, "flow", flows, 0, e, share, math.sqrt(share * (1 - share) / flows)))
    about = {
        "what": "share of runs whose slowest expected progress |J'| is at most epsilon, for K contexts and n actions "
        "(Schaul et al. 2019, Figure 7)",
        "parametrisation": "full (W, b), shared bias, on-policy; J' per unit step size",
        "law": "simplex, angle, reject 2 (Gaussian weights and biases of standard deviation 2, kept where J is within "
        "5 % of performance); performance K / 10 lies below the uniform policy's K / n for n < 10 and above it for "
        "n > 10",
        "end points": "|J'| from the first J >= J0 + 0.05 on and where J < K - 0.2; runs end at J >= K - 0.1 or after "
        "100000 / K steps of 0.1, the flow never",
        "columns": "how: exact (steps along the mean), sampled (one sample per context and step), flow (no steps, no "
        "limit; |J'| to a per cent); censored: share that did not arrive, whose slowest moment may have lain ahead; "
        "error: standard error of share",
    }
    found = ("how", "runs", "censored", "epsilon", "share", "error")
    return about, ("contexts", "actions", "law", "performance", *found), rows


def drawn(law: str, runs: int, K: int, n: int, J0: float) -> NDArray[np.float64]:
    """Starts as logits (n, K, runs)."""
    name, scale = _named(law)
    return np.ascontiguousarray(starts(name, runs, K, n, J0, scale, SEED).transpose(1, 2, 0))


def bandit_climbs(logits: NDArray[np.float64]) -> Climbs:
    """The bandit from these logits (n, K, runs)."""
    return climbs(bandit, logits, SHARES)


def cosine_climbs(logits: NDArray[np.float64]) -> Climbs:
    """Its model of equal cosines, from the same J_k."""
    return climbs(constant(equal_gram(logits.shape[1])), bandit(logits).logits, SHARES)


def equal_gram(K: int) -> NDArray[np.float64]:
    """Inner products of the grad J_k / f_k of the K x K bandit where wrong actions are equally likely."""
    off = -K / (K - 1) ** 2
    return np.full((K, K), off) + (2 * K / (K - 1) - off) * np.eye(K)


def stages_of(found: Climbs) -> list[Row]:
    """The rows of one ensemble: (quantity, index, three quantiles, share)."""
    rows: list[Row] = []
    for share, places in found.places.items():
        some = np.isfinite(places[0])
        rows.append(("first", share, *quantiles(places[0, some]), float(some.mean())))
        count = np.isfinite(places).sum(axis=0)
        rows.append(("plateaus", share, *quantiles(count), float(some.mean())))
    waits = np.where(found.waits < 1e-9, 0.0, found.waits)  # rounding parts those that start as equals
    for m, wait in enumerate(waits):
        rows.append(("wait", m + 1, *quantiles(wait), float(np.isfinite(wait).mean())))
    for m, (one, next_) in enumerate(pairwise(waits)):
        both = (one > 0) & (next_ > 0) & np.isfinite(one)  # components that arrive together have no ratio
        if both.mean() > 0.5:
            ratio = next_[both] / one[both]
            rows.append(("ratio", m + 1, *quantiles(ratio), float((ratio > 1).mean())))
    return rows


def flatness(case: tuple[int, int, str, float], runs: int, keep: Path | None) -> NDArray[np.float64]:
    """The slowest |J'| of each run of the flow, (runs,); kept as the ensembles are."""
    K, n, law, J0 = case
    path = keep / f"flow {K} {n} {law} {J0} {runs} {SEED}.npy" if keep else None
    if path and path.exists():
        return np.load(path)
    found = climbs(bandit, drawn(law, runs, K, n, J0)).flatness
    if path:
        np.save(path, found)
    return found


def _named(law: str) -> tuple[str, float]:
    name, _, scale = law.partition(" ")
    return name, float(scale or 1)


def quantiles(values: NDArray[np.float64] | Sequence[float]) -> list[float]:
    """The three quantiles of a row; inf where there is no value."""
    if not len(values):
        return [math.inf] * 3
    return [float(q) for q in np.quantile(values, (0.1, 0.5, 0.9), method="inverted_cdf")]
