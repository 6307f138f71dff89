"""Sampled ensembles against a numpy loop that follows one run after the other, both in float64.

Times are those of a million steps. The loop is frozen here: it measures its smallest |J'| over all steps and never
looks whether it has arrived, so that it does a little less than ours, which keep to the protocol. Its window is the
first WINDOW steps of one run. Beside the clock on the wall, of which other programs take their part, the note has
the ratio by processor time, for a single core.
"""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.rows import Row, interleaved
from raylab import ensembles
from raylab.ensembles.crew import cores

WINDOW, RATE = 4000, 0.1
SIZES = {2: (20_000, 3000), 8: (800, 1500)}  # K = n: runs, most steps


def rows() -> list[Row]:
    return [_row(K, runs, steps) for K, (runs, steps) in SIZES.items()]


def _row(K: int, runs: int, steps: int) -> Row:
    start = ensembles.starts("gauss", runs, K, K, seed=1)
    work: dict[str, list[tuple[int, float]]] = {"ours": [], "loop": []}  # steps made, seconds of all cores together

    def timed(name: str, job: Callable[[], int]) -> Callable[[], None]:
        def call() -> None:
            begin = time.process_time()
            done = job()
            work[name].append((done, time.process_time() - begin))

        return call

    seconds = interleaved(
        {
            "ours": timed("ours", lambda: int(ensembles.run(start, RATE, steps).steps.sum())),
            "loop": timed("loop", lambda: _loop(start[0], WINDOW, np.random.default_rng(0))[0]),
        }
    )
    million = {name: seconds[name] / work[name][-1][0] * 1e6 for name in work}
    core = {name: float(np.median([cpu / done for done, cpu in found[1:]])) for name, found in work.items()}
    note = (
        f"a million steps; K = n = {K}, {runs} Gaussian starts, at most {steps} steps, {cores()} threads; "
        f"by processor time {core['loop'] / core['ours']:.0f} a core"
    )
    return Row(f"sampled ensemble, K = {K}", million["ours"], "numpy loop", million["loop"], _error(start[:50]), note)


def _error(start: np.ndarray) -> float:
    """The largest relative error of a J_k after 200 exact steps."""
    found = ensembles.run(start, RATE, 200, sampled=False)
    full = found.steps == 200
    loop = np.array([_loop(one, 201, None)[1] for one in start[full]])
    return float(np.abs(found.components[full] / loop - 1).max())


def _loop(logits: np.ndarray, steps: int, rng: np.random.Generator | None) -> tuple[int, np.ndarray]:
    """One run in parameters (W, b): how many steps, and the J_k before the last of them."""
    W, b = logits.copy(), np.zeros(len(logits))
    n, K = W.shape
    right, slowest, J = np.eye(n, K), np.inf, np.zeros(K)
    for _ in range(steps):
        L = W + b[:, None]
        P = np.exp(L - L.max(0))
        P /= P.sum(0)
        J = P.diagonal()
        score = right - P
        D = (J if rng is None else rng.random(K) < J) * RATE * score
        W += D
        b += D.sum(1)
        g = J * score
        slowest = min(slowest, (g * g).sum() + (g.sum(1) ** 2).sum())
    return steps, J
